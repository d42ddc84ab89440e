// Annealed HMC on summed energies (shaders/merge/anneal.wgsl), with networks at random, so that every term counts.
//
// Acceptance: energies and forces against the float64 twin, 1e-5 of the sum of sizes of their terms (two networks of depth 4 in f32). The rest is annealed importance sampling against quadrature: the
// mean weight is unbiased for the ratio of the normalising constants, and weighted means for moments; |z| < 4.5, four of them, and three more of
// resampled particles, whose number is the effective one of the weights: false alarms 5e-5.

import { expect, it } from 'vitest';
import { create_annealer, type Level } from '../../src/merge/anneal.ts';
import { resampled } from '../../src/merge/particles.ts';
import { type NetworkSizes, weight_count } from '../../src/network/residual.ts';
import { tilings } from '../../src/network/tiles.ts';
import { use_device } from '../device.ts';
import { energy_at } from '../reference/energy_network.ts';
import { normals, random_weights } from './random_networks.ts';

const device = use_device();
const tiling = tilings.software;

const noise_at = (t: number) => Math.sqrt(-Math.expm1(-2 * t * (0.05 + 4.975 * t)));

/** Shard b's coordinates at u. */
function mapped(maps: ArrayLike<number>, dimension: number, b: number, u: readonly number[]): number[] {
  return Array.from({ length: dimension }, (_, i) => {
    const row = (b * dimension + i) * (dimension + 1);
    return u.reduce((sum, v, d) => sum + v * (maps[row + d] as number), maps[row + dimension] as number);
  });
}

function summed(
  sizes: NetworkSizes,
  nets: readonly Float32Array[],
  maps: ArrayLike<number>,
  u: readonly number[],
  t: number,
) {
  const d = sizes.inputs;
  let energy = 0;
  const force = new Array<number>(d).fill(0);
  nets.forEach((weights, b) => {
    const at = energy_at(sizes, weights, mapped(maps, d, b, u), noise_at(t));
    energy += at.energy;
    at.score.forEach((v, i) => {
      for (let k = 0; k < d; k++) force[k] = (force[k] as number) + v * (maps[(b * d + i) * (d + 1) + k] as number);
    });
  });
  return { energy, force };
}

const all = (nets: readonly Float32Array[]) => Float32Array.from(nets.flatMap((weights) => Array.from(weights)));

it('evaluates the sum of the energies of its own seed, and the gradient', async () => {
  const sizes: NetworkSizes = { inputs: 3, units: 8, batch: 16, tiling };
  const nets = [0, 1, 2, 3].map((net) => random_weights(sizes, 20 + net));
  const maps = normals(30, 2 * 3 * 4);
  const particles = 48;
  const start = normals(31, 3 * particles);
  const weights = device().upload('langevin.test.weights', all(nets));
  const annealer = await create_annealer(
    device(),
    { sizes, weights, shards: 2, seeds: 2, maps, particles, transitions: 0, leapfrogs: 1, key: [1, 2] },
    start,
  );
  await annealer.run([{ time: 0.3, step: 0 }]);
  const { u, energy, force, log_weight } = await annealer.read();
  expect(u).toEqual(start);
  for (let i = 0; i < particles; i++) {
    const seed = Math.floor(i / sizes.batch) % 2;
    const place = [0, 1, 2].map((d) => start[d * particles + i] as number);
    const expected = summed(sizes, nets.slice(2 * seed, 2 * seed + 2), maps, place, 0.3);
    const scale = 1 + Math.abs(expected.energy);
    expect(Math.abs((energy[i] as number) - expected.energy) / scale).toBeLessThan(1e-5);
    const before = -0.5 * place.reduce((sum, v) => sum + v * v, 0);
    expect(Math.abs((log_weight[i] as number) - (expected.energy - before)) / scale).toBeLessThan(1e-5);
    const largest = 1 + Math.max(...expected.force.map(Math.abs));
    expected.force.forEach((f, d) => {
      expect(Math.abs((force[d * particles + i] as number) - f) / (scale + largest)).toBeLessThan(1e-5);
    });
  }
  annealer.destroy();
  device().buffers.give(weights);
});

it('weighs and moves particles so that their weighted means are those of the last level, and their means after resampling', async () => {
  const sizes: NetworkSizes = { inputs: 1, units: 8, batch: 32, tiling };
  const nets = [0, 1].map((net) => random_weights(sizes, 40 + net));
  const maps = Float32Array.of(0.8, 0.5, 0.6, -0.7);
  const particles = 4096;
  const levels: Level[] = Array.from({ length: 12 }, (_, k) => ({ time: 1 - (0.999 * k) / 11, step: 0.5 }));
  const weights = device().upload('langevin.test.weights', all(nets));
  const annealer = await create_annealer(
    device(),
    { sizes, weights, shards: 2, seeds: 1, maps, particles, transitions: 2, leapfrogs: 2, key: [3, 4] },
    normals(41, particles),
  );
  // Cut anyhow.
  await annealer.run(levels.slice(0, 5));
  await annealer.run(levels.slice(5));
  const weighted = await annealer.read();
  const { u, log_weight, accepted } = weighted;
  const { population, ess } = resampled(weighted, new Uint8Array(particles), [7, 8]);
  annealer.put(population);
  const put = await annealer.read();
  await annealer.run(levels.slice(-1));
  await annealer.run(Array.from({ length: 3 }, () => levels.at(-1) as Level));
  const after = await annealer.read();
  annealer.destroy();
  device().buffers.give(weights);
  // Neither all nor none, or the test of acceptance were none.
  const acceptance = accepted.reduce((sum, a) => sum + a, 0) / (particles * 24);
  expect(acceptance).toBeGreaterThan(0.5);
  expect(acceptance).toBeLessThan(0.999);

  const grid = Array.from({ length: 4001 }, (_, i) => -10 + i * 0.005);
  const density = grid.map((v) => Math.exp(summed(sizes, nets, maps, [v], 0.001).energy));
  const integral = (f: (v: number) => number) =>
    grid.reduce((sum, v, i) => sum + f(v) * (density[i] as number) * 0.005, 0);
  const total = integral(() => 1);
  const w = Array.from(log_weight, (v) => Math.exp(v));
  const mean = (f: (i: number) => number) => w.reduce((sum, _, i) => sum + f(i), 0) / particles;
  const z_of = (f: (i: number) => number, expected: number) => {
    const m = mean(f);
    const sd = Math.sqrt(mean((i) => (f(i) - m) ** 2));
    return (m - expected) / (sd / Math.sqrt(particles));
  };
  const at = (i: number) => u[i] as number;
  // The mean weight is Z / √(2π); products with weights are unbiased for integrals.
  const normal = Math.sqrt(2 * Math.PI);
  const checks: [(v: number) => number, string][] = [
    [() => 1, 'Z'],
    [(v) => v, 'mean'],
    [(v) => v * v, 'square'],
    [(v) => Number(v > 0.5), 'P(u > 0.5)'],
  ];
  for (const [f, what] of checks) {
    const z = z_of((i) => (w[i] as number) * f(at(i)), integral(f) / normal);
    expect(Math.abs(z), `${what}, Z ${total / normal}`).toBeLessThan(4.5);
  }

  for (let i = 0; i < particles; i += 7) {
    const { energy, force } = summed(sizes, nets, maps, [put.u[i] as number], 0.001);
    expect(Math.abs((put.energy[i] as number) - energy) / (1 + Math.abs(energy))).toBeLessThan(1e-5);
    expect(Math.abs((put.force[i] as number) - (force[0] as number)) / (2 + Math.abs(energy))).toBeLessThan(1e-5);
  }
  // At one time nothing is gained.
  expect(after.log_weight).toEqual(new Float32Array(particles));
  expect(new Set(after.u).size).toBeGreaterThan(new Set(put.u).size);
  expect(ess).toBeLessThan(particles);
  for (const [f, what] of checks.slice(1)) {
    const expected = integral(f) / total;
    const sd = Math.sqrt(integral((v) => (f(v) - expected) ** 2) / total);
    const found = after.u.reduce((sum, v) => sum + f(v) / particles, 0);
    expect(Math.abs(found - expected) / (sd / Math.sqrt(ess)), `${what} after resampling`).toBeLessThan(4.5);
  }
});

it('leaves the product of Gaussian shards as it is', async () => {
  const sizes: NetworkSizes = { inputs: 2, units: 8, batch: 32, tiling };
  // Two shards with S R of rotation by 30° and scale 1/√2 each, so that the sum is −½|u|² up to c, and means that cancel.
  const [c, s] = [Math.cos(Math.PI / 6) * Math.SQRT1_2, Math.sin(Math.PI / 6) * Math.SQRT1_2];
  const maps = Float32Array.of(c, -s, 0.4, s, c, -0.1, c, -s, -0.4, s, c, 0.1);
  const particles = 1024;
  const start = normals(51, 2 * particles);
  const weights = device().upload('langevin.test.weights', new Float32Array(2 * weight_count(sizes)));
  const annealer = await create_annealer(
    device(),
    { sizes, weights, shards: 2, seeds: 1, maps, particles, transitions: 1, leapfrogs: 3, key: [5, 6] },
    start,
  );
  await annealer.run(Array.from({ length: 6 }, (_, k) => ({ time: 1 - 0.19 * k, step: 0.6 })));
  const { u, log_weight } = await annealer.read();
  annealer.destroy();
  device().buffers.give(weights);
  // The offset −½ Σ|c|² alone: energies are the same at all times. Rounding of energies up to about 10, six times.
  for (const value of log_weight) expect(Math.abs(value + 0.17)).toBeLessThan(2e-5);
  for (const d of [0, 1]) {
    const values = u.subarray(d * particles, (d + 1) * particles);
    const square = values.reduce((sum, v) => sum + v * v, 0) / particles;
    expect(Math.abs((square - 1) / Math.sqrt(2 / particles))).toBeLessThan(4.5);
    // And it has moved.
    const lag = values.reduce((sum, v, i) => sum + v * (start[d * particles + i] as number), 0) / particles;
    expect(Math.abs(lag)).toBeLessThan(0.2);
  }
});
