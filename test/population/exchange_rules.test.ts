// The tables of what exchange rules do to the target (8 ranks of 16 particles, moved by MALA, exchanging every 10 steps; replica exchange between two temperatures), by our kernels. All particles begin with exact draws, so a rule
// that keeps the target has exact draws at the end too, each independent of the others: the mean of what is looked at has a standard error that is known. Within 4 of them (false-alarm rate 6.3e-5 a test, 12 tests); the two rules
// that do not keep the target must be seen to miss it, by more than 6. What `best` makes of them is annotated (npx vitest run test/population/exchange_rules --reporter=verbose): the command's warning tells it.

import { describe, expect, it } from 'vitest';
import type { PackedRows } from '../../src/model/pack_rows.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { normal_tails } from '../../src/model/prior_families.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { empty_board, half_of, segments_of_half } from '../../src/population/exchange/board.ts';
import { copy_best } from '../../src/population/exchange/exchanges.ts';
import { type Meeting, permute_states, swap_places } from '../../src/population/exchange/meet.ts';
import { type Head, met_energies, read_head } from '../../src/population/head.ts';
import { constant, slot } from '../../src/population/params.ts';
import { create_particles } from '../../src/population/particles.ts';
import type { Particles } from '../../src/population/types.ts';
import { use_device } from '../device.ts';
import { type Draws, draws } from '../smc2/population.ts';

const device = use_device();
const steps = 10;
const none = { count: 0, values: new Float32Array() } as PackedRows;

interface Problem {
  model: LogDensityModel;
  step: number;
  /** An exact draw, by coordinate. */
  draw: (random: Draws) => number[];
  /** What is averaged over particles. */
  of: (x: (d: number) => number) => number;
  truth: number;
  /** Of `of` under the target. */
  variance: number;
}

const normal: Problem = {
  model: validate_model({
    kind: 'log-density',
    name: 'normal',
    parameters: { x: { size: 10, prior: { flat: true } } },
    wgsl: 'fn log_density(theta: Theta) -> f32 { var sum = 0.0; for (var i = 0; i < 10; i++) { sum += theta.x[i] * theta.x[i]; } return -0.5 * sum; }',
  }) as LogDensityModel,
  step: 0.7,
  draw: (random) => Array.from({ length: 10 }, () => random.normal()),
  of: (x) => Array.from({ length: 10 }, (_, d) => x(d) ** 2 / 10).reduce((a, b) => a + b),
  truth: 1,
  variance: 2 / 10,
};

// P(x > 0) = 0.7 Φ(−2) + 0.3 Φ(2/0.3)
const upper = 0.7 * 0.022750131948179 + 0.3 * (1 - 1.3e-11);
const mixture: Problem = {
  model: validate_model({
    kind: 'log-density',
    name: 'mixture',
    parameters: { x: { prior: { flat: true } } },
    wgsl: `fn log_density(theta: Theta) -> f32 {
      let a = log(0.7) - 0.5 * (theta.x + 2.0) * (theta.x + 2.0);
      let b = log(1.0) - 0.5 * (theta.x - 2.0) * (theta.x - 2.0) / 0.09;
      let m = max(a, b);
      return m + log(exp(a - m) + exp(b - m));
    }`,
  }) as LogDensityModel,
  step: 0.2,
  draw: (random) => [random.uniform() < 0.7 ? -2 + random.normal() : 2 + 0.3 * random.normal()],
  of: (x) => Number(x(0) > 0),
  truth: upper,
  variance: upper * (1 - upper),
};

type Rule = 'none' | 'permute' | 'best';

const rings = 16;
const ranks = 8;
const of_rank = 16;

/** Mean over all particles at the end, and standard errors between it and the truth. */
async function run(problem: Problem, rule: Rule, segments = 100): Promise<{ z: number; mean: number }> {
  const random = draws(1);
  const { dimension } = problem.model;
  const all = rings * ranks * of_rank;
  const start = new Float32Array(dimension * all);
  for (let c = 0; c < all; c++) for (const [d, v] of problem.draw(random).entries()) start[d * all + c] = v;
  const options = { model: problem.model, rows: none, particles: all, batch: 0, method: 'mala', key: [1, 2] } as const;
  const particles = await create_particles(device(), { ...options, start });
  for (let s = 0; s < segments; s++) {
    await particles.move({ steps, first_step: s * steps, schedule: constant(problem.step) });
    if (rule === 'none') continue;
    const whole = await read_whole(particles);
    for (let ring = 0; ring < rings; ring++) {
      const heads = Array.from({ length: ranks }, (_, r) => cut(whole, dimension, (ring * ranks + r) * of_rank));
      const next =
        rule === 'permute'
          ? permuted(heads, ring, s)
          : heads.map((head, r) => copy_best(head, heads[(r + ranks - 1) % ranks] as Head));
      for (const [r, head] of next.entries()) paste(whole.states, head.states, (ring * ranks + r) * of_rank);
    }
    particles.write(slot.position, whole.states);
  }
  const x = await particles.read(slot.position);
  particles.destroy();
  const values = Array.from({ length: all }, (_, c) => problem.of((d) => x[d * all + c] as number));
  const mean = values.reduce((sum, v) => sum + v / all, 0);
  return { mean, z: (mean - problem.truth) / Math.sqrt(problem.variance / all) };
}

async function read_whole(particles: Particles): Promise<Head> {
  return { states: await particles.read(slot.position), ...(await particles.evaluate()) };
}

/** The particles of one rank, [D][of_rank]. */
function cut({ states, log_prior, log_likelihood, variance }: Head, dimension: number, first: number): Head {
  const all = log_prior.length;
  const part = (of: Float32Array) => of.slice(first, first + of_rank);
  const own = new Float32Array(dimension * of_rank);
  for (let d = 0; d < dimension; d++) own.set(states.subarray(d * all + first, d * all + first + of_rank), d * of_rank);
  return { states: own, log_prior: part(log_prior), log_likelihood: part(log_likelihood), variance: part(variance) };
}

function paste(states: Float32Array, own: Float32Array, first: number): void {
  const dimension = own.length / of_rank;
  const all = states.length / dimension;
  for (let d = 0; d < dimension; d++) states.set(own.subarray(d * of_rank, (d + 1) * of_rank), d * all + first);
}

/** Neighbours by turns, around. */
function permuted(heads: readonly Head[], ring: number, s: number): Head[] {
  const next = [...heads];
  for (let a = s % 2; a < ranks; a += 2) {
    const b = (a + 1) % ranks;
    const side = (rank: number) => ({ rank, segments: s });
    // Of a rank of twice as many, whose half these are.
    const meeting: Meeting = { key: [ring, 99], half: 0, particles: 2 * of_rank, a: side(a), b: side(b) };
    const met = permute_states(meeting, (next[a] as Head).states, (next[b] as Head).states);
    next[a] = { ...(next[a] as Head), states: met.a };
    next[b] = { ...(next[b] as Head), states: met.b };
  }
  return next;
}

describe.each([
  ['a normal of 10 coordinates, E x²', normal],
  ['a mixture, P(x > 0)', mixture],
] as const)('%s', (_, problem) => {
  it.each(['none', 'permute'] as const)('%s keeps the target', async (rule) => {
    expect(Math.abs((await run(problem, rule)).z)).toBeLessThan(4);
  });

  it('best does not, and is seen to', async ({ annotate }) => {
    const { z, mean } = await run(problem, 'best');
    await annotate(`best: ${mean.toFixed(3)} instead of ${problem.truth.toFixed(3)}, ${z.toFixed(1)} standard errors`);
    expect(Math.abs(z)).toBeGreaterThan(6);
  });
});

describe('replica exchange in a double well, with energies of which all or some rows are seen', () => {
  // U = (x² − 4)²/4 + x, by rows that each have a part of it and a number of their own; the numbers sum to 0, so that U is exact where all are seen, and its noise is normal and known where some are.
  const count_rows = 60;
  const seen = 50;
  const of_noise = (s: number) => (s * Math.sqrt(seen)) / count_rows / Math.SQRT2;
  const noise = (() => {
    const random = draws(5);
    const e = Array.from({ length: count_rows }, () => random.normal());
    const mean = e.reduce((a, b) => a + b, 0) / count_rows;
    const sd = Math.sqrt(e.reduce((a, b) => a + (b - mean) ** 2, 0) / count_rows);
    return e.map((v) => (v - mean) / sd);
  })();
  const betas = [1, 0.15];
  const energy = (x: number) => 0.25 * (x * x - 4) ** 2 + x;
  const grid = Array.from({ length: 4001 }, (_, i) => -5 + i / 400);
  const coarse = grid.filter((_, i) => i % 10 === 0);
  const truth = betas.map((beta) => {
    const p = grid.map((x) => Math.exp(-beta * energy(x)));
    const total = p.reduce((a, b) => a + b);
    return grid.reduce((sum, x, i) => sum + (x > 0 ? (p[i] as number) / total : 0), 0);
  });

  /** Standard errors by which both temperatures are off. @param corrected with the noise's variance known */
  async function swap(s: number, corrected: boolean) {
    const model = validate_model({
      kind: 'log-density',
      name: 'well',
      parameters: { x: { prior: { flat: true } } },
      row: ['e'],
      wgsl: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
        let w = theta.x * theta.x - 4.0;
        return -(0.25 * w * w + theta.x) / ${count_rows}.0 + row.e;
      }`,
    }) as LogDensityModel;
    const rows = pack_rows(model, { e: noise.map((v) => v * of_noise(s)) });
    const count = 8192;
    const segments = 40;
    const random = draws(50 + s);
    const board = empty_board(2, count, true);
    const places = board.places as number[][];
    const exact = (beta: number) => {
      for (;;) {
        const x = -5 + 10 * random.uniform();
        if (random.uniform() < Math.exp(-beta * (energy(x) - energy(-2.06)))) return x;
      }
    };
    const population: Particles[] = [];
    for (let r = 0; r < 2; r++) {
      const start = Float32Array.from({ length: count }, (_, i) =>
        exact(betas[(places[r] as number[])[i] as number] as number),
      );
      const options = { model, rows, particles: count, batch: 0, method: 'mala' } as const;
      population.push(await create_particles(device(), { ...options, key: [s + 10, r], start }));
    }
    for (let n = 0; n < segments; n++) {
      const half = half_of(n);
      const range = { first: (half * count) / 2, count: count / 2 };
      const heads: Head[] = [];
      for (const [r, particles] of population.entries()) {
        particles.temper(Float32Array.from(places[r] as number[], (place) => betas[place] as number));
        const first_step = segments_of_half(half, n) * steps;
        await particles.move({ ...range, steps, first_step, schedule: constant(0.15) });
        const energies = await particles.evaluate({ ...range, batch: s === 0 ? 0 : seen, first_step: 2 ** 27 + n });
        // What is known of the noise is better than its estimate from the rows.
        energies.variance.fill(corrected ? (s * s) / 2 : 0);
        heads.push(await read_head(particles, half, energies));
      }
      const side = (rank: number) => ({ rank, segments: n + 1 });
      const meeting: Meeting = { key: [s, 7], half, particles: count, a: side(0), b: side(1) };
      const energies = { a: met_energies(heads[0] as Head), b: met_energies(heads[1] as Head) };
      swap_places(board, meeting, { betas, energies });
    }
    const ends = await Promise.all(population.map((particles) => particles.read(slot.position)));
    for (const particles of population) particles.destroy();
    const at_end = betas.map((_, place) => {
      const x = ends.flatMap((all, r) => Array.from(all).filter((_, i) => places[r]?.[i] === place));
      const [p, n] = [truth[place] as number, x.length];
      expect(n).toBe(count);
      return (x.filter((v) => v > 0).length / n - p) / Math.sqrt((p * (1 - p)) / n);
    });
    const met = board.met[0] as number;
    const rate = (board.exchanged[0] as number) / met;
    return { cold: at_end[0] as number, hot: at_end[1] as number, rate, pairs: count };
  }

  /** E min(1, e^X) over both wells and the noise, X ~ N(m, σ²), m = Δβ ΔU − ½σ², σ = |Δβ| s: Φ(m/σ) + e^(m + σ²/2) Φ(−σ − m/σ). */
  function exact_rate(s: number): number {
    const [cold, hot] = betas as [number, number];
    const weights = betas.map((beta) => {
      const p = coarse.map((x) => Math.exp(-beta * energy(x)));
      const total = p.reduce((a, b) => a + b);
      return p.map((v) => v / total);
    }) as [number[], number[]];
    const sigma = Math.abs(cold - hot) * s;
    let rate = 0;
    for (const [i, x] of coarse.entries()) {
      for (const [j, z] of coarse.entries()) {
        const plain = (cold - hot) * (energy(x) - energy(z));
        const m = plain - sigma ** 2 / 2;
        const other = sigma > 0 ? normal_tails(-sigma - m / sigma).below : Number(m < 0);
        const accepted =
          (sigma > 0 ? normal_tails(m / sigma).below : Number(m >= 0)) + (other && Math.exp(plain) * other);
        rate += (weights[0][i] as number) * (weights[1][j] as number) * accepted;
      }
    }
    return rate;
  }

  // The rate is a mean over times of means over 8192 pairs that are independent of each other: its standard error is at most that of one time. |z| < 4.5.
  it.each([0, 1, 2, 4])('corrected, s = %i: both temperatures keep their posteriors', async (s) => {
    const found = await swap(s, true);
    expect(Math.abs(found.cold)).toBeLessThan(4);
    expect(Math.abs(found.hot)).toBeLessThan(4);
    const rate = exact_rate(s);
    expect(Math.abs(found.rate - rate) / Math.sqrt((rate * (1 - rate)) / found.pairs)).toBeLessThan(4.5);
  });

  it.each([2, 4])('not corrected, s = %i: the cold one is heated, and is seen to be', async (s) => {
    expect((await swap(s, false)).cold).toBeGreaterThan(6);
  });
});
