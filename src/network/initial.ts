/** First values of weights. */

import { normal_from_bits } from '../random/normal.ts';
import { site, type Words, words_at } from '../random/threefry.ts';

/** Standard deviation of a standard normal cut at ±2. */
const cut_sd = 0.87962566;

/** A normal cut at two of its standard deviations, scaled to variance 1. @param index of the weight among all of a run */
export function truncated_normal(key: Words, index: number): number {
  for (let attempt = 0; ; attempt++) {
    const z = normal_from_bits(words_at(key, site.weights, attempt, index)[0]);
    if (Math.abs(z) <= 2) return z / cut_sd;
  }
}
