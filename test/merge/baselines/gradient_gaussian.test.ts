// Acceptance: gradients of Gaussian shards are linear in the place, so the fit is exact but for rounding, whatever the draws and however few: 1e-10 in units where means and covariances are of order 1. Draws of the result
// are those of gaussian.ts, whose moments gaussian_methods.test.ts judges. Nothing here is left to chance.
import { describe, expect, it } from 'vitest';
import { times_vector } from '../../../src/diagnostics/linear_algebra.ts';
import type { Points } from '../../../src/diagnostics/points.ts';
import { gradient_gaussian } from '../../../src/merge/baselines/gradient_gaussian.ts';
import {
  fit_score,
  gradient_product,
  held_precision,
  white_points,
} from '../../../src/merge/baselines/gradient_regression.ts';
import { merge_gradients } from '../../../src/merge/methods.ts';
import type { ShardDraws } from '../../../src/merge/whiten.ts';
import { normal_points, stretched } from '../../diagnostics/distances/samples.ts';
import { solve, transpose } from '../../reference/linear_algebra.ts';
import { anchor } from './anchors.ts';

/** Draws with the gradient of a log density at each. */
function with_gradients(draws: Points, gradient: (theta: Float64Array) => ArrayLike<number>): ShardDraws {
  const { count, dimension } = draws;
  const values = new Float64Array(count * dimension);
  for (let at = 0; at < values.length; at += dimension)
    values.set(gradient(draws.values.slice(at, at + dimension)), at);
  return { draws, gradients: { count, dimension, values } };
}

const gaussian_gradient = (mean: readonly number[], precision: readonly number[]) => (theta: Float64Array) =>
  times_vector(
    Float64Array.from(precision),
    theta.map((x, j) => (mean[j] as number) - x),
  );

const first = gaussian_gradient([1, 0], [2 / 1.75, -0.5 / 1.75, -0.5 / 1.75, 1 / 1.75]);
const second = gaussian_gradient([0, 1], [1 / 1.91, 0.3 / 1.91, 0.3 / 1.91, 2 / 1.91]);

function expect_close(found: ArrayLike<number>, wanted: ArrayLike<number>, within = 1e-10) {
  expect(found).toHaveLength(wanted.length);
  Array.from(found).forEach((x, at) => {
    expect(Math.abs(x - (wanted[at] as number))).toBeLessThan(within);
  });
}

describe('the gradient-regression Gaussian', () => {
  it('is the product of Gaussian shards exactly, from few draws anywhere', () => {
    for (const [count, shift] of [
      [3, 0],
      [50, 0],
      [50, 40],
    ] as const) {
      const shards = [
        with_gradients(stretched(normal_points(1, count, 2), [1, 3], [shift, -shift]), first),
        with_gradients(stretched(normal_points(2, count, 2), [0.2, 1], [0, shift]), second),
      ];
      const found = gradient_gaussian(shards);
      expect_close(found.mean, anchor.mean);
      expect_close(found.covariance, anchor.covariance);
      expect(found.held).toBe(0);
    }
  });

  it('is the posterior of a linear regression whose rows are cut into shards', () => {
    // y = Xβ + e, e ~ N(0, 1), prior N(0, 4) to the power ⅓ in each of 3 shards: the posterior has precision XᵀX + I/4.
    const d = 4;
    const rows = Array.from({ length: 60 }, (_, i) =>
      Array.from(normal_points(9, 60, d + 1).values.subarray(i * (d + 1), (i + 1) * (d + 1))),
    );
    const x = rows.map((row) => row.slice(0, d));
    const y = rows.map((row) => row[d] as number);
    const shards = [0, 1, 2].map((s) =>
      with_gradients(normal_points(20 + s, 200, d), (beta) => {
        const g = Float64Array.from(beta, (b) => -b / 4 / 3);
        for (let i = 20 * s; i < 20 * (s + 1); i++) {
          const own = x[i] as number[];
          const rest = (y[i] as number) - own.reduce((sum, v, j) => sum + v * (beta[j] as number), 0);
          own.forEach((v, j) => {
            g[j] = (g[j] as number) + v * rest;
          });
        }
        return g;
      }),
    );
    const columns = transpose(x);
    const precision = columns.map((a, j) =>
      columns.map((b, k) => a.reduce((sum, v, i) => sum + v * (b[i] as number), 0) + (j === k ? 0.25 : 0)),
    );
    const pull = columns.map((a) => a.reduce((sum, v, i) => sum + v * (y[i] as number), 0));
    const found = gradient_gaussian(shards);
    expect_close(found.mean, solve(precision, pull));
    const unit = Array.from({ length: d }, (_, j) =>
      solve(
        precision,
        pull.map((_, k) => Number(j === k)),
      ),
    );
    expect_close(found.covariance, unit.flat());
  });

  it('gives each shard the Jacobian to the power 1/S', () => {
    // log |J| = φ, as of a positive parameter, adds 1 to each gradient of q_b; ½ of it belongs to each of two shards.
    const shards = [0, 1].map((s) => with_gradients(normal_points(30 + s, 20, 1), (phi) => [1 - (phi[0] as number)]));
    expect_close(gradient_gaussian(shards).mean, [1]);
    expect_close(gradient_gaussian(shards, (phi) => phi[0] as number).mean, [0.5], 1e-9);
  });

  it('fits the same in other units', () => {
    const points = normal_points(5, 300, 2);
    const cubic = (theta: Float64Array) => [
      -((theta[0] as number) ** 3) + (theta[1] as number),
      -2 * (theta[1] as number),
    ];
    const plain = with_gradients(points, cubic);
    const unit = [1e-5, 1e4];
    const other = with_gradients(stretched(points, unit, [0, 0]), (theta) =>
      cubic(theta.map((x, j) => x / (unit[j] as number))).map((g, j) => g / (unit[j] as number)),
    );
    const precisions = [plain, other].map(
      ({ draws, gradients }) => fit_score(white_points(draws, 'x'), (gradients as Points).values).precision,
    );
    const [a, b] = precisions as [Float64Array, Float64Array];
    expect_close(
      b.map((p, at) => p * (unit[at >> 1] as number) * (unit[at % 2] as number)),
      a,
    );
    // The free fit is not symmetric here: this is the symmetric one.
    expect(b[1]).toBe(b[2]);
  });

  it('is held where the fitted precision is none, and says in how many directions', () => {
    // Between two modes a density curves upwards: g = +θ there.
    const hill = with_gradients(normal_points(7, 100, 2), (theta) => [theta[0] as number, -3 * (theta[1] as number)]);
    const scores = [hill, hill].map(({ draws, gradients }) =>
      fit_score(white_points(draws, 'x'), (gradients as Points).values),
    );
    const found = gradient_product(scores, Float64Array.of(1, 0, 0, 1));
    expect(found.held).toBe(1);
    expect_close(found.covariance, [16, 0, 0, 1 / 6]);
    // The reference's own precision is I in its coordinates, whatever its correlation and units; a fiftieth of it is raised to the quarter that is asked for.
    const [rho, a, b] = [0.97, 1, 10];
    const reference = Float64Array.of(a * a, rho * a * b, rho * a * b, b * b);
    const own = Float64Array.of(b * b, -rho * a * b, -rho * a * b, a * a).map(
      (x) => x / (a * a * b * b * (1 - rho * rho)),
    );
    expect(held_precision(own, reference, 0.25).held).toBe(0);
    const weak = own.map((x) => x / 50);
    const raised = held_precision(weak, reference, 0.25);
    expect(raised.held).toBe(2);
    expect_close(
      raised.precision,
      own.map((x) => x / 4),
    );
    expect(held_precision(Float64Array.of(2, 1, 1, 2), Float64Array.of(1, 0, 0, 1), 0.5)).toEqual({
      precision: Float64Array.of(2, 1, 1, 2),
      held: 0,
    });
  });

  it('draws from what it found', () => {
    const shards = [with_gradients(normal_points(1, 50, 2), first), with_gradients(normal_points(2, 50, 2), second)];
    const { points, gaussian } = merge_gradients(shards, { draws: 40, key: [1, 2] });
    expect([points.count, points.dimension]).toEqual([40, 2]);
    expect_close(gaussian?.mean as Float64Array, anchor.mean);
  });

  it('refuses shards without gradients', () => {
    const shards = [with_gradients(normal_points(1, 50, 2), first), { draws: normal_points(2, 50, 2) }];
    expect(() => gradient_gaussian(shards)).toThrow(
      /shard 2, as they were given, has none\.\nGive --gradients FILE, sample with --keep-gradients/,
    );
  });
});
