/** Populations of theta-particles for the kernel tests: made at random, packed as in shaders/smc2/population.wgsl, and taken apart again. */

import { normal_from_bits } from '../../src/random/normal.ts';
import { threefry } from '../../src/random/threefry.ts';
import type { Matrix } from '../reference/linear_algebra.ts';
import type { Particle } from '../reference/theta_moves.ts';

export interface Draws {
  normal(): number;
  /** In (0, 1). */
  uniform(): number;
  word(): number;
}

/** Numbers one after another, from a seed; all exact in f32. */
export function draws(seed: number): Draws {
  let count = 0;
  const word = () => threefry([seed, 0x7e57], [0, count++])[0];
  return {
    word,
    normal: () => normal_from_bits(word()),
    uniform: () => ((word() >>> 9) + 0.5) * 2 ** -23,
  };
}

export const numbers = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Positions of order one, log-likelihoods spread over some tens, gradients of order one. */
export function random_particles(count: number, dimension: number, seed: number): Particle[] {
  const random = draws(seed);
  const vector = () => numbers(dimension, () => random.normal());
  return numbers(count, () => ({
    phi: vector(),
    log_likelihood: Math.fround(-80 + 10 * random.normal()),
    log_prior: Math.fround(-3 + random.normal()),
    likelihood_gradient: vector(),
    prior_gradient: vector(),
  }));
}

/** [row][particle]: D phi, log-likelihood, log-prior, D + D gradients, family. */
export function pack(particles: readonly Particle[], families: readonly number[] = particles.map((_, m) => m)) {
  const count = particles.length;
  const rows = (particles[0] as Particle).phi.length * 3 + 3;
  const words = new Float32Array(rows * count);
  particles.forEach((p, m) => {
    const column = [...p.phi, p.log_likelihood, p.log_prior, ...p.likelihood_gradient, ...p.prior_gradient];
    column.forEach((value, row) => {
      words[row * count + m] = value;
    });
  });
  words.set(families, (rows - 1) * count);
  return words;
}

/** The particles and the families in a packed population. */
export function unpack(words: Float32Array, count: number): { particles: Particle[]; families: number[] } {
  const dimension = words.length / count / 3 - 1;
  const at = (row: number, m: number) => words[row * count + m] as number;
  const vector = (row: number, m: number) => numbers(dimension, (i) => at(row + i, m));
  const particles = numbers(count, (m) => ({
    phi: vector(0, m),
    log_likelihood: at(dimension, m),
    log_prior: at(dimension + 1, m),
    likelihood_gradient: vector(dimension + 2, m),
    prior_gradient: vector(2 * dimension + 2, m),
  }));
  return { particles, families: Array.from(words.subarray((3 * dimension + 2) * count)) };
}

/** Log-weights of random size, normalised in float64 and rounded to f32; and the weights they stand for. */
export function random_weights(count: number, seed: number, spread = 1.5) {
  const random = draws(seed);
  const raw = numbers(count, () => spread * random.normal());
  const total = Math.log(raw.reduce((sum, x) => sum + Math.exp(x), 0));
  const log_weights = Float32Array.from(raw, (x) => x - total);
  return { log_weights, weights: Array.from(log_weights, Math.exp) };
}

/** A well-conditioned lower triangular factor, entries exact in f32. */
export function random_factor(dimension: number, seed: number): number[][] {
  const random = draws(seed);
  return numbers(dimension, (i) =>
    numbers(dimension, (j) => {
      if (j > i) return 0;
      return i === j ? Math.fround(0.5 + random.uniform()) : Math.fround(0.3 * random.normal());
    }),
  );
}

/** Places of shaders/smc2/population.wgsl. */
export const stat = {
  lambda: 0,
  tempered_ess: 1,
  tempered_evidence: 2,
  resampled: 3,
  distinct: 4,
  families: 5,
  ess: 6,
  evidence: 7,
  kept: 8,
  refreshed: 9,
  alive: 10,
  faults: 11,
  accepted: 12,
  mean: 13,
} as const;

export const frozen_length = (dimension: number) => 2 * dimension + 5 * dimension ** 2;

/** The numbers frozen within an iteration. */
export interface Frozen {
  mean?: readonly number[];
  factor: Matrix;
  slope?: Matrix;
  offset?: readonly number[];
  back_factor?: Matrix;
}

export function pack_frozen(frozen: Frozen): Float32Array<ArrayBuffer> {
  const n = frozen.factor.length;
  const zeros = new Array<number>(n * n).fill(0);
  const words = new Float32Array(frozen_length(n));
  words.set([
    ...(frozen.mean ?? zeros.slice(0, n)),
    ...frozen.factor.flat(),
    ...(frozen.slope?.flat() ?? zeros),
    ...(frozen.offset ?? zeros.slice(0, n)),
    ...(frozen.back_factor?.flat() ?? zeros),
  ]);
  return words;
}

export function unpack_frozen(words: Float32Array, n: number): Required<Frozen> {
  const vector = (at: number) => Array.from(words.subarray(at, at + n));
  const matrix = (at: number) => numbers(n, (i) => vector(at + i * n));
  return {
    mean: vector(0),
    factor: matrix(n),
    slope: matrix(n + n * n),
    offset: vector(n + 2 * n * n),
    back_factor: matrix(2 * n + 2 * n * n),
  };
}

/** The largest difference of two lists of numbers; NaN when one of them is NaN. */
export function largest_difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (Number.isNaN(difference)) return difference;
    largest = Math.max(largest, difference);
  }
  return largest;
}
