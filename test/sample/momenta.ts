/** The momenta that the shaders draw, on the host; and a metric's factor as a matrix. */

import { normal_from_bits } from '../../src/random/normal.ts';
import { site, type Words, words_at } from '../../src/random/threefry.ts';
import type { Metric } from '../../src/sample/metric.ts';
import type { Matrix } from '../reference/linear_algebra.ts';
import { numbers } from '../smc2/population.ts';

/** Whitened momentum: counter (momentum | iteration, chain·⌈D/2⌉ + pair). */
export function whitened_momentum(key: Words, iteration: number, chain: number, dimension: number): number[] {
  const pairs = Math.ceil(dimension / 2);
  return numbers(dimension, (d) => {
    const words = words_at(key, site.momentum, iteration, chain * pairs + Math.floor(d / 2));
    return normal_from_bits(words[(d % 2) as 0 | 1]);
  });
}

export function factor_matrix({ kind, factor }: Metric, dimension: number): Matrix {
  return numbers(dimension, (i) =>
    numbers(dimension, (j) => {
      if (kind === 'dense') return factor[i * dimension + j] as number;
      return i === j ? (factor[i] as number) : 0;
    }),
  );
}
