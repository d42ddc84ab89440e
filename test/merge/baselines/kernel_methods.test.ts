// Acceptance: the mixtures written out. Of two shards of twelve draws all 144 choices can be weighed, in the formulas of Neiswanger, Wang and Xing (2014)
// with full covariances, in the units of the draws. Many short runs give means whose standard error is their spread over √runs.
import { describe, expect, it } from 'vitest';
import { type Points, points_covariance } from '../../../src/diagnostics/points.ts';
import type { KernelOptions, KernelProduct } from '../../../src/merge/baselines/kernel_product.ts';
import { nonparametric } from '../../../src/merge/baselines/nonparametric.ts';
import { semiparametric } from '../../../src/merge/baselines/semiparametric.ts';
import { gaussian_product, shard_moments } from '../../../src/merge/baselines/shards.ts';
import { exact_moments, normal_points, stretched } from '../../diagnostics/distances/samples.ts';
import {
  divide,
  dot,
  log_determinant,
  type Matrix,
  minus,
  solve,
  times_vector,
  type Vector,
} from '../../reference/linear_algebra.ts';
import { mean_of, variance_of, z_limit } from '../../reference/statistics.ts';

type Merge = (shards: readonly Points[], options: KernelOptions) => KernelProduct;

const rows = ({ count, dimension, values }: Points): number[][] =>
  Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * dimension, (i + 1) * dimension)));
const square = (values: Float64Array): number[][] => [
  [values[0] as number, values[1] as number],
  [values[2] as number, values[3] as number],
];
const scaled = (a: Matrix, s: number) => a.map((row) => row.map((v) => v * s));
const plus = (a: Matrix, b: Matrix) => minus(a, scaled(b, -1));
const inverse = (a: Matrix) =>
  divide(
    [
      [1, 0],
      [0, 1],
    ],
    a,
  );
const subtract = (x: Vector, y: Vector) => x.map((v, j) => v - (y[j] as number));

/** log N(x; mean, covariance) without its 2π. */
const log_density = (x: Vector, mean: Vector, covariance: Matrix) =>
  -(dot(subtract(x, mean), solve(covariance, subtract(x, mean))) + log_determinant(covariance)) / 2;

/** Means of θ₀, θ₁, θ₀², θ₀θ₁, θ₁² under the mixture at kernel width h. */
function mixture_moments(shards: readonly [Points, Points], h: number, semi: boolean): number[] {
  const moments = shard_moments(shards);
  const total = gaussian_product(moments);
  const [m, v] = [Array.from(total.mean), square(total.covariance)];
  // h counts standard deviations of the harmonic mean of the shards' covariances, M V.
  const width = scaled(v, 2 * h * h);
  const components = rows(shards[0]).flatMap((x) =>
    rows(shards[1]).map((y) => {
      const center = x.map((a, j) => (a + (y[j] as number)) / 2);
      let log_weight = log_density(x, center, width) + log_density(y, center, width);
      if (!semi) return { log_weight, mean: center, covariance: scaled(width, 1 / 2) };
      log_weight += log_density(center, m, plus(v, scaled(width, 1 / 2)));
      [x, y].forEach((theta, b) => {
        const shard = moments[b];
        log_weight -= log_density(
          theta,
          Array.from(shard?.mean ?? []),
          square(shard?.covariance ?? new Float64Array()),
        );
      });
      const precision = scaled(inverse(width), 2);
      const covariance = inverse(plus(precision, inverse(v)));
      const pull = times_vector(precision, center).map((p, j) => p + (solve(v, m)[j] as number));
      return { log_weight, mean: times_vector(covariance, pull), covariance };
    }),
  );
  const largest = Math.max(...components.map((c) => c.log_weight));
  const weights = components.map((c) => Math.exp(c.log_weight - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  const average = (f: (c: (typeof components)[number]) => number) =>
    components.reduce((s, c, k) => s + (weights[k] as number) * f(c), 0) / sum;
  const entry = (i: number, j: number) =>
    average((c) => (c.mean[i] as number) * (c.mean[j] as number) + (c.covariance[i]?.[j] as number));
  return [
    average((c) => c.mean[0] as number),
    average((c) => c.mean[1] as number),
    entry(0, 0),
    entry(0, 1),
    entry(1, 1),
  ];
}

const methods: [string, Merge, boolean][] = [
  ['nonparametric', nonparametric, false],
  ['semiparametric', semiparametric, true],
];

describe.each(methods)('%s', (_, merge, semi) => {
  const small = [
    stretched(normal_points(31, 12, 2), [1, 2], [0.5, 0]),
    stretched(normal_points(32, 12, 2), [1.5, 1], [0, 1]),
  ] as const satisfies [Points, Points];

  it('draws the mixture over all choices, at the widths of its draws', () => {
    // The chain starts anywhere and forgets it in a few sweeps: draws 11 to 60 count.
    const [from, to, runs] = [10, 60, 400];
    const wanted = new Array(5).fill(0);
    for (let i = from; i < to; i++) {
      mixture_moments(small, (i + 1) ** (-1 / 6), semi).forEach((value, k) => {
        wanted[k] += value / (to - from);
      });
    }
    const found = Array.from({ length: runs }, (_, seed) => {
      const draws = rows(merge(small, { draws: to, key: [seed, 41] })).slice(from);
      const mean = (f: (x: number[]) => number) => mean_of(draws.map(f));
      const [a, b] = [(x: number[]) => x[0] as number, (x: number[]) => x[1] as number];
      return [mean(a), mean(b), mean((x) => a(x) ** 2), mean((x) => a(x) * b(x)), mean((x) => b(x) ** 2)];
    });
    const limit = z_limit(1e-6, 10);
    wanted.forEach((value, k) => {
      const values = found.map((run) => run[k] as number);
      expect(Math.abs(mean_of(values) - value)).toBeLessThan(limit * Math.sqrt(variance_of(values) / runs));
    });
  });

  it('repeats bit for bit by its key, whatever the units', () => {
    const options = { draws: 100, key: [5, 6] } as const;
    const once = merge(small, options);
    expect(merge(small, options)).toEqual(once);
    expect(merge(small, { ...options, key: [5, 7] }).values).not.toEqual(once.values);
    // Powers of two change no digits.
    const [scale, shift] = [
      [2 ** -30, 2 ** 20],
      [0, 0],
    ];
    const units = merge(
      small.map((shard) => stretched(shard, scale, shift)),
      options,
    );
    expect(units.acceptance).toBe(once.acceptance);
    expect(units.values).toEqual(stretched(once, scale, shift).values);
  });

  it('says by its acceptance that shards do not overlap', () => {
    const at = (mu: number) => [exact_moments(1, 1000, [-mu], [1]), exact_moments(2, 1000, [mu], [1])];
    const [near, far] = [0.5, 16].map((mu) => merge(at(mu), { draws: 300, key: [7, 8] })) as [
      KernelProduct,
      KernelProduct,
    ];
    expect(near.acceptance).toBeGreaterThan(0.2);
    expect(far.acceptance).toBeLessThan(0.02);
  });
});

describe('of Gaussian shards', () => {
  // Kernels of width h turn shards N(±½, I) into N(±½, (1 + h²) I); the semiparametric correction takes that out again. The spread over 20 runs gives the
  // error of the chain, of which five are allowed; that of kernel estimates from 2000 draws is a mean over some hundred kernels
  // in reach, of different shards 0.01 when tried, and 0.03 is allowed.
  const shards = [exact_moments(1, 2000, [-0.5, 0], [1, 0, 0, 1]), exact_moments(2, 2000, [0.5, 0], [1, 0, 0, 1])];
  const [from, to] = [200, 400];
  const width = (i: number) => 2.2 * (i + 1) ** (-1 / 6);
  const widened = mean_of(Array.from({ length: to - from }, (_, i) => (1 + width(from + i) ** 2) / 2));

  it.each<[string, Merge, number]>([
    ['nonparametric is the product of the widened ones', nonparametric, widened],
    ['semiparametric is the product itself', semiparametric, 0.5],
  ])('the %s', (_, merge, wanted) => {
    const runs = Array.from({ length: 20 }, (_, seed) => {
      const { values } = merge(shards, { draws: to, key: [9, seed], bandwidth: 2.2 });
      const late = { count: to - from, dimension: 2, values: values.subarray(2 * from) };
      return points_covariance(late);
    });
    for (const entry of [0, 3]) {
      const variances = runs.map((covariance) => covariance[entry] as number);
      const se = Math.sqrt(variance_of(variances) / runs.length);
      expect(Math.abs(mean_of(variances) - wanted)).toBeLessThan(5 * se + 0.03);
    }
  });
});
