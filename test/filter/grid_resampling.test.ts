// Acceptance: resampling at 2²⁰ particles by the kernels of the grid shape themselves, on log-weights of our choice. Exact in BigInt, but for one thing: WGSL's exp is only good to 3 + 2|x| units in the last place, so
// a fixed-point weight q is held to exp(x)·2³¹ within that, one unit for rounding to an integer, and 2⁻²³ of it for the additions in f32. From the q on everything is integers and equal: prefix sums, total, coarse
// sums, parents. Offspring n of a particle with weight q out of `total` is within one of N·q/total: |n·total − N·q| < total.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create_grid, type Grid, progress_bytes, tile_size } from '../../src/filter/grid.ts';
import { bank_memory } from '../../src/filter/memory.ts';
import { pack_params } from '../../src/filter/params.ts';
import { compile_kernel, type Kernel } from '../../src/gpu/kernel.ts';
import { link_shader } from '../../src/gpu/link.ts';
import { read_shader_files } from '../../src/node/shader_files.ts';
import { threefry } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';
import { coarse_weight, point } from './grid_twin.ts';
import { growth } from './models.ts';

const device = use_device();
const key = [3, 4] as const;

/** Slots per invocation: the first finds its parent among all particles, the others near the one before, as in grid_propagate.wgsl. */
const walk = 128;
const shader = `
import package::filter::bindings::particle_count;
import package::filter::grid_ancestors::{parent_of, parent_near};
import package::filter::grid_bindings::progress;
import package::filter::grid_systematic::{wide_points, wide_point};
@group(0) @binding(12) var<storage, read> random_bits: array<u32>;
@group(0) @binding(13) var<storage, read_write> parents: array<u32>;
@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = (group.x * 16u + lane) * ${walk}u;
  var points = wide_points(progress[0].between.total, particle_count, random_bits[0]);
  if (random_bits[1] == 1u) {
    points = progress[0].between.points;
  }
  var parent = 0u;
  for (var i = first; i < min(first + ${walk}u, particle_count); i++) {
    let wanted = wide_point(points, i);
    if (i == first) {
      parent = parent_of(wanted, 0u);
    } else {
      // Leaps of all lengths.
      parent = parent_near(wanted, parent, particle_count - 1u, 1u << (i % 12u), 0u);
    }
    parents[i] = parent;
  }
}`;

interface Bench {
  particles: number;
  grid: Grid;
  buffers: Record<string, GPUBuffer>;
  kernel: Kernel;
}

async function create_bench(particles: number): Promise<Bench> {
  const { model } = growth;
  const sizes = {
    model,
    shape: 'grid',
    particles,
    filters: 1,
    wave: 1,
    per_workgroup: 1,
    steps: 2,
    tangents: 0,
    trace_rows: 0,
    lineage_rows: 0,
  } as const;
  const buffers: Record<string, GPUBuffer> = {};
  for (const { role, bytes } of bank_memory(sizes)) {
    const usage = role === 'params' ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST : undefined;
    buffers[role] = device().buffers.take(`langevin.test.${role}`, bytes, usage);
  }
  const chunk = { offset: 0, filters: 1, stride: 1, first: 1, steps: 1, last: 2, resample_below: 2, blend: 1 };
  device().gpu.queue.writeBuffer(buffers.params as GPUBuffer, 0, pack_params(chunk));
  device().gpu.queue.writeBuffer(buffers.keys as GPUBuffer, 0, Uint32Array.from(key));
  const grid = await create_grid(device(), { ...sizes, guided: false, blend: 1 }, buffers);
  const table = { ...read_shader_files(), 'test/kernel.wgsl': shader };
  const wgsl = await link_shader(table, { kernel: 'test/kernel', conditions: { shared: false, trace: false } });
  const kernel = await compile_kernel(device().gpu, {
    label: 'langevin.test.parents',
    wgsl,
    overrides: { particle_count: particles, width: 16 },
  });
  return { particles, grid, buffers, kernel };
}

/** As in grid_bindings.wgsl. */
function ordered(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer)[0] as number;
  return bits >= 0x80000000 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

/** Weighs and scans the log-weights, then finds parents by each of the random words; by the filter's own word where that is `undefined`. */
async function resample(bench: Bench, log_weights: Float32Array<ArrayBuffer>, words: readonly (number | undefined)[]) {
  const { particles, grid, buffers, kernel } = bench;
  const { queue } = device().gpu;
  const { start, weigh, scan } = grid.stages;
  device().submit('langevin.test.start', (pass) => start?.encode(pass, 1));
  queue.writeBuffer(buffers.weights as GPUBuffer, 0, log_weights);
  const largest = log_weights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  queue.writeBuffer(buffers.progress as GPUBuffer, 0, Uint32Array.of(ordered(largest)));
  device().submit('langevin.test.scan', (pass) => {
    weigh?.encode(pass, 1);
    scan?.encode(pass, 1);
  });
  const local = new BigUint64Array(
    (await device().read(buffers.weights as GPUBuffer, 12 * particles)).slice(4 * particles),
  );
  const tiles = Math.ceil(particles / tile_size);
  const tile_words = await device().read(buffers.tiles as GPUBuffer, 24 * tiles);
  const progress = await device().read(buffers.progress as GPUBuffer, progress_bytes);

  const { buffers: pool } = device();
  const random_bits = pool.take('langevin.test.random_bits', 8);
  const parents = pool.take('langevin.test.parents', 4 * particles);
  const group = kernel.bind({
    weights: buffers.weights as GPUBuffer,
    tiles: buffers.tiles as GPUBuffer,
    progress: buffers.progress as GPUBuffer,
    random_bits,
    parents,
  });
  const found: Uint32Array[] = [];
  for (const word of words) {
    queue.writeBuffer(random_bits, 0, Uint32Array.of(word ?? 0, Number(word === undefined)));
    device().submit('langevin.test.parents', (pass) =>
      kernel.dispatch(pass, group, Math.ceil(particles / (16 * walk))),
    );
    found.push(new Uint32Array(await device().read(parents, 4 * particles)));
  }
  pool.give(random_bits);
  pool.give(parents);
  const row = (i: number) => new Uint32Array(tile_words, 4 * i * tiles, tiles);
  return {
    local,
    before: new BigUint64Array(tile_words, 0, tiles),
    coarse: row(3),
    squares: Array.from(row(4), (low, t) => BigInt(low) + (BigInt(row(5)[t] as number) << 32n)),
    total: new BigUint64Array(progress, 40, 1)[0] as bigint,
    parents: found,
  };
}

/** A different number in [0, 1) for each particle. */
const uniform = (j: number) => threefry([5, 6], [0, j])[0] / 2 ** 32;

/** Log-weights by particle; the largest is at particle `top`, or anywhere. */
const shapes: Readonly<Record<string, (n: number) => (j: number) => number>> = {
  'all alike': () => () => -7.3,
  'as a filter has them': () => (j) => -0.5 * (6 * uniform(j) - 3) ** 2,
  'huge ratios, down to below what f32 can hold': () => (j) => -160 * uniform(j),
  'one giant in the middle': (n) => (j) => (j === n >> 1 ? 50 : 30 + uniform(j)),
  'all but the first impossible': () => (j) => (j === 0 ? 2 : -1e30),
  'all but the last impossible': (n) => (j) => (j === n - 1 ? -2 : -1e30),
  'all but one in a full tile between empty ones impossible': (n) => (j) => (j === (n >> 1) + 77 ? 0 : -1e30),
  'at the border of rounding to nothing': () => (j) => (j % 5 === 0 ? 0 : Math.log(2 ** -32) + (j % 3) - 1),
};

/** A last tile that is not full needs no more than the shapes in which the ends matter. */
const sizes = [
  { particles: 2 ** 20, names: Object.keys(shapes) },
  { particles: 2 ** 20 - 333, names: ['as a filter has them', 'all but the last impossible'] },
];

describe.each(sizes)('$particles particles', ({ particles, names }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await create_bench(particles);
  });
  afterAll(() => {
    for (const buffer of Object.values(bench.buffers)) device().buffers.give(buffer);
  });

  it.each(names)('%s', async (name) => {
    const log_weight = (shapes[name] as (n: number) => (j: number) => number)(particles);
    const log_weights = Float32Array.from({ length: particles }, (_, j) => log_weight(j));
    const largest = log_weights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    // 0 and 2³² − 1 put the first or last point at the very ends.
    const words = [0, 0xffffffff, undefined];
    const { local, before, coarse, squares, total, parents } = await resample(bench, log_weights, words);

    // The integers that the prefix sums are made of, and these sums.
    const fixed = new BigUint64Array(particles);
    let reached = 0n;
    let wrong = 0;
    for (let j = 0; j < particles; j++) {
      const in_tile = j % tile_size;
      if (in_tile === 0 && before[j / tile_size] !== reached) wrong++;
      const q = (local[j] as bigint) - (in_tile === 0 ? 0n : (local[j - 1] as bigint));
      fixed[j] = q;
      reached += q;
      const x = Math.max(Math.fround((log_weights[j] as number) - largest), -80);
      const exact = Math.exp(x) * 2 ** 31;
      if (Math.abs(Number(q) - exact) > exact * (4 - 2 * x) * 2 ** -23 + 1) wrong++;
    }
    expect(wrong).toBe(0);
    expect(total).toBe(reached);
    for (let tile = 0; tile < before.length; tile++) {
      const r = [...fixed.subarray(tile * tile_size, (tile + 1) * tile_size)].map((q) => coarse_weight(q, particles));
      if (BigInt(coarse[tile] as number) !== r.reduce((a, b) => a + b, 0n)) wrong++;
      if (squares[tile] !== r.reduce((a, b) => a + b * b, 0n)) wrong++;
    }
    expect(wrong, 'coarse sums').toBe(0);

    const slots = BigInt(particles);
    words.forEach((word, i) => {
      const bits = word ?? threefry(key, [(2 << 28) | 2, 0])[0];
      const found = parents[i] as Uint32Array;
      const offspring = new Uint32Array(particles);
      let parent = 0;
      let sum = fixed[0] as bigint;
      for (let slot = 0; slot < particles; slot++) {
        const wanted = point(total, particles, bits, slot);
        while (sum <= wanted) sum += fixed[++parent] as bigint;
        if (found[slot] !== parent) wrong++;
        const of = found[slot] as number;
        if (slot > 0 && of < (found[slot - 1] as number)) wrong++;
        offspring[of] = (offspring[of] as number) + 1;
      }
      for (let j = 0; j < particles; j++) {
        const off = BigInt(offspring[j] as number) * total - slots * (fixed[j] as bigint);
        if (off >= total || -off >= total) wrong++;
      }
      expect(wrong, `${name}, bits ${bits}`).toBe(0);
      // A particle that is not there has no child, and every slot has a parent.
      expect(offspring.reduce((a, b) => a + b, 0)).toBe(particles);
    });
  });
});
