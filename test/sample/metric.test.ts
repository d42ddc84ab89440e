// Acceptance: mean and covariance equal the two-pass formulas in float64. Welford's update rounds n times to 2⁻⁵³ of the sum of squares and each difference from the mean to 2⁻⁵³ of the offset: with
// n ≤ 2000 and offsets up to 10⁴ sds that is 2000 · 2⁻⁵³ · 10⁴ ≈ 2e-9. The factor is rounded to f32, 6e-8 of its row's length.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user_error.ts';
import { cholesky, create_moments, type MetricKind, unit_metric } from '../../src/sample/metric.ts';
import * as reference from '../reference/linear_algebra.ts';
import { draws, numbers } from '../smc2/population.ts';

const chains = 50;
const batches = 40;
const dimension = 4;
const scales = [1e-3, 1, 30, 5];

/** Correlated rows [D][chains] far from zero. */
function random_batches(seed: number): Float32Array[] {
  const random = draws(seed);
  return numbers(batches, () => {
    const rows = new Float32Array(dimension * chains);
    for (let c = 0; c < chains; c++) {
      const common = random.normal();
      scales.forEach((scale, d) => {
        rows[d * chains + c] = scale * (common + random.normal() + 100 * d);
      });
    }
    return rows;
  });
}

function two_pass(rows: readonly Float32Array[]) {
  const points = rows.flatMap((batch) =>
    numbers(chains, (c) => numbers(dimension, (d) => batch[d * chains + c] as number)),
  );
  const weights = points.map(() => 1 / points.length);
  const { mean, covariance } = reference.weighted_moments(points, weights);
  const n = points.length;
  // Stan's shrinkage of n draws: n/(n + 5) of the sample covariance, and 1e-3 · 5/(n + 5) on the diagonal.
  const shrunk = covariance.map((row, i) =>
    row.map((v, j) => ((n / (n + 5)) * v * n) / (n - 1) + (i === j ? 5e-3 / (n + 5) : 0)),
  );
  return { mean, shrunk };
}

describe.each<MetricKind>(['diagonal', 'dense'])('%s moments', (kind) => {
  const rows = random_batches(3);
  const moments = create_moments(kind, dimension);
  for (const batch of rows) moments.add(batch, chains);
  const { mean, shrunk } = two_pass(rows);

  it('have the mean and the count of all draws', () => {
    expect(moments.count).toBe(chains * batches);
    mean.forEach((m, d) => {
      expect(Math.abs((moments.mean[d] as number) - m)).toBeLessThan(2e-9 * (scales[d] as number));
    });
  });

  it('give the factor of the shrunk covariance', () => {
    const { factor } = moments.metric();
    const sd = (d: number) => Math.sqrt(reference.entry(shrunk, d, d));
    const wanted = kind === 'dense' ? reference.cholesky(shrunk).flat() : numbers(dimension, sd);
    expect(factor).toHaveLength(wanted.length);
    wanted.forEach((value, at) => {
      const row = kind === 'dense' ? Math.floor(at / dimension) : at;
      expect(Math.abs((factor[at] as number) - value)).toBeLessThan(1e-7 * sd(row));
    });
  });
});

it.each<MetricKind>(['unit', 'diagonal', 'dense'])('is the %s unit metric before there are two draws', (kind) => {
  const moments = create_moments(kind, dimension);
  moments.add(Float32Array.of(1, 2, 3, 4), 1);
  expect(moments.metric()).toEqual(unit_metric(kind, dimension));
  const identity = numbers(dimension, (i) => numbers(dimension, (j) => Number(i === j)));
  expect(Array.from(unit_metric(kind, dimension).factor)).toEqual(kind === 'dense' ? identity.flat() : [1, 1, 1, 1]);
});

it('never learns anything for the unit metric', () => {
  const moments = create_moments('unit', dimension);
  for (const batch of random_batches(4)) moments.add(batch, chains);
  expect(moments.metric()).toEqual(unit_metric('unit', dimension));
});

describe('cholesky', () => {
  it('is the lower factor', () => {
    const random = draws(9);
    const size = 7;
    const a = numbers(size, () => numbers(size, () => random.normal()));
    const matrix = reference.times(a, reference.transpose(a));
    const factor = cholesky(Float64Array.from(matrix.flat()), size);
    const rows = numbers(size, (i) => Array.from(factor.subarray(i * size, (i + 1) * size)));
    const product = reference.times(rows, reference.transpose(rows));
    // Backward error (n + 1)·2⁻⁵³ of the diagonal (Higham 2002, theorem 10.3), times two.
    product.flat().forEach((value, at) => {
      expect(Math.abs(value - (matrix.flat()[at] as number))).toBeLessThan(2e-15 * size);
    });
    rows.forEach((row, i) => {
      expect(row.slice(i + 1).every((x) => x === 0)).toBe(true);
    });
  });

  it('says what to do when draws do not span the parameters', () => {
    expect(() => cholesky(Float64Array.of(1, 1, 1, 1), 2)).toThrow(UserError);
    expect(() => cholesky(Float64Array.of(Number.NaN, 0, 0, 1), 2)).toThrow(/--metric diagonal/);
  });
});
