// Acceptance: anchor 1 of the reference page is given to eight decimals; every mistake is named with its place.
import { describe, expect, it } from 'vitest';
import { type Points, points_between } from '../../../src/diagnostics/points.ts';
import { gaussian_product, shard_moments } from '../../../src/merge/baselines/shards.ts';
import { UserError } from '../../../src/model/user_error.ts';
import { exact_moments, normal_points } from '../../diagnostics/distances/samples.ts';
import { two_shards } from './anchors.ts';

describe('the product of Gaussians', () => {
  it('has the mean and covariance of anchor 1', () => {
    const { mean, covariance } = gaussian_product(shard_moments(two_shards(100)));
    [0.82142857, 0.53571429].forEach((m, j) => {
      expect(mean[j]).toBeCloseTo(m, 8);
    });
    [0.60379464, 0.04799107, 0.04799107, 0.62165179].forEach((v, i) => {
      expect(covariance[i]).toBeCloseTo(v, 8);
    });
  });

  it('lies between separated shards, however far', () => {
    for (const mu of [1, 2, 4, 8, 16, 32]) {
      const shards = [exact_moments(1, 50, [-mu], [1]), exact_moments(2, 80, [mu], [1])];
      const { mean, covariance } = gaussian_product(shard_moments(shards));
      expect(mean[0]).toBeCloseTo(0, 12);
      expect(covariance[0]).toBeCloseTo(0.5, 12);
    }
  });
});

describe('shards that cannot be merged', () => {
  const good = normal_points(3, 20, 3);
  const changed = (change: (values: Float64Array) => void): Points => {
    const values = good.values.slice();
    change(values);
    return { ...good, values };
  };
  const each = (f: (row: Float64Array) => void) => (values: Float64Array) => {
    for (let at = 0; at < values.length; at += 3) f(values.subarray(at, at + 3));
  };
  it.each<[string, Points[], string]>([
    ['none', [], 'there are none'],
    ['one', [good], 'there is one'],
    ['of other columns', [good, normal_points(4, 20, 2)], 'Shard 2 has 2 columns, shard 1 has 3'],
    ['fewer draws than dimensions', [good, points_between(good, 0, 3)], 'Shard 2 has 3 draws of 3 parameters'],
    [
      'a number that is none',
      [good, changed((values) => values.fill(Number.NaN, 16, 17))],
      'Shard 2, draw 6, column 2: NaN is not a finite number',
    ],
    [
      'a constant column',
      [changed(each((row) => row.fill(0.1, 1, 2))), good],
      'Shard 1: column 2 is the same in every draw',
    ],
    [
      'a column that follows from others',
      [
        good,
        good,
        changed(
          each((row) => {
            row[2] = Math.fround((row[0] as number) - 2 * (row[1] as number));
          }),
        ),
      ],
      'Shard 3: column 3 follows from the columns before it',
    ],
  ])('are refused: %s', (_, shards, message) => {
    expect(() => shard_moments(shards)).toThrow(UserError);
    expect(() => shard_moments(shards)).toThrow(message);
  });

  it('are not those in which units differ widely', () => {
    const wide = changed(
      each((row) => {
        row[0] = 1e-9 * (row[0] as number);
        row[2] = 1e9 * (row[2] as number);
      }),
    );
    expect(shard_moments([wide, wide])).toHaveLength(2);
  });
});
