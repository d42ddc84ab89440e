/** Shards of one parameter whose densities are known, and what a density says of its moments, by quadrature. */

import type { Shard } from '../../src/merge/shards/shard.ts';
import type { ShardDraws } from '../../src/merge/whiten.ts';
import { permutation_at } from '../../src/random/normals.ts';
import { uniform_at } from '../../src/random/threefry.ts';

export interface LineDensity {
  /** Up to a constant. */
  log_density(x: number): number;
  gradient(x: number): number;
  /** Where the density is, to below rounding. */
  range: readonly [number, number];
}

export interface Normal {
  weight: number;
  mean: number;
  sd: number;
}

/** To a power, as a shard of a density that is known as a whole. */
export function mixture_of(parts: readonly Normal[], power = 1): LineDensity {
  const part = ({ weight, mean, sd }: Normal, x: number) => (weight / sd) * Math.exp(-0.5 * ((x - mean) / sd) ** 2);
  const sum = (x: number, f: (p: Normal) => number) => parts.reduce((total, p) => total + f(p) * part(p, x), 0);
  const reach = 10 / Math.sqrt(power);
  return {
    log_density: (x) => power * Math.log(sum(x, () => 1)),
    gradient: (x) => (-power * sum(x, ({ mean, sd }) => (x - mean) / sd ** 2)) / sum(x, () => 1),
    range: [
      Math.min(...parts.map(({ mean, sd }) => mean - reach * sd)),
      Math.max(...parts.map(({ mean, sd }) => mean + reach * sd)),
    ],
  };
}

/** exp(−x⁴/(2C)). */
export const quartic = (shards: number): LineDensity => ({
  log_density: (x) => -(x ** 4) / (2 * shards),
  gradient: (x) => (-2 * x ** 3) / shards,
  range: [-4 * shards ** 0.25, 4 * shards ** 0.25],
});

const CELLS = 20_000;

/** Middles of equal cells, with their probabilities. */
function cells({ log_density, range: [from, to] }: Pick<LineDensity, 'log_density' | 'range'>) {
  const width = (to - from) / CELLS;
  const places = Float64Array.from({ length: CELLS }, (_, i) => from + (i + 0.5) * width);
  const logs = places.map(log_density);
  const top = logs.reduce((most, l) => Math.max(most, l), Number.NEGATIVE_INFINITY);
  const weights = logs.map((l) => Math.exp(l - top));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { places, probabilities: weights.map((w) => w / total), width };
}

/** Quantiles at even steps from a random start, in an order at random: less chance than independent draws have. */
export function line_draws(
  density: LineDensity,
  seed: number,
  count: number,
): ShardDraws & { log_densities: Float64Array } {
  const { places, probabilities, width } = cells(density);
  const where = permutation_at([seed, 31], 12, 0, count);
  const shift = uniform_at([seed, 32], 2, 0, 0);
  const values = new Float64Array(count);
  let cell = -1;
  let cumulative = 0;
  for (let n = 0; n < count; n++) {
    const level = (n + shift) / count;
    while (cumulative <= level && cell < CELLS - 1) cumulative += probabilities[++cell] as number;
    const left = (cumulative - level) / (probabilities[cell] as number);
    values[where[n] as number] = (places[cell] as number) + width * (0.5 - left);
  }
  const points = (of: Float64Array) => ({ count, dimension: 1, values: of });
  return {
    draws: points(values),
    gradients: points(values.map(density.gradient)),
    log_densities: values.map(density.log_density),
  };
}

export const as_shard = ({ draws, gradients, log_densities }: ShardDraws, name: string): Shard => ({
  ...{ name, points: draws, chains: 1 },
  ...(gradients ? { gradients: gradients.values } : {}),
  ...(log_densities ? { log_densities } : {}),
});

export interface Shape {
  mean: number;
  sd: number;
  skewness: number;
  kurtosis: number;
}

/** Of equally weighted numbers, or of those with probabilities. */
export function shape_of(values: ArrayLike<number>, probabilities?: ArrayLike<number>): Shape {
  const integral = (f: (x: number) => number) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      sum += f(values[i] as number) * (probabilities ? (probabilities[i] as number) : 1 / values.length);
    }
    return sum;
  };
  const mean = integral((x) => x);
  const sd = Math.sqrt(integral((x) => (x - mean) ** 2));
  return {
    mean,
    sd,
    skewness: integral((x) => ((x - mean) / sd) ** 3),
    kurtosis: integral((x) => ((x - mean) / sd) ** 4),
  };
}

export function exact_shape(density: Pick<LineDensity, 'log_density' | 'range'>): Shape {
  const { places, probabilities } = cells(density);
  return shape_of(places, probabilities);
}

/**
 * Standard deviations of the influence functions of the four: what one draw changes of each, times their number. The standard error with n draws is that over √n; and where log densities have an error with standard deviation e,
 * each moves by at most e times it, to first order: the difference of two means is a covariance with the error (Cauchy and Schwarz).
 */
export function sensitivity(density: Pick<LineDensity, 'log_density' | 'range'>): Shape {
  const { places, probabilities } = cells(density);
  const { mean, sd, skewness, kurtosis } = shape_of(places, probabilities);
  const spread = (f: (z: number) => number) =>
    Math.sqrt(places.reduce((sum, x, i) => sum + (probabilities[i] as number) * f((x - mean) / sd) ** 2, 0));
  return {
    mean: sd,
    sd: sd * spread((z) => (z * z - 1) / 2),
    skewness: spread((z) => z ** 3 - skewness - 3 * z - 1.5 * skewness * (z * z - 1)),
    kurtosis: spread((z) => z ** 4 - kurtosis - 4 * skewness * z - 2 * kurtosis * (z * z - 1)),
  };
}
