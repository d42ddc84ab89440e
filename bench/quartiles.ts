/** Median and quartiles of repeated measurements, by linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */

import type { Timing } from './record.ts';

/** @param p in [0, 1] */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error('no values, no quantile');
  const sorted = [...values].sort((a, b) => a - b);
  const x = p * (sorted.length - 1);
  const low = sorted[Math.floor(x)] as number;
  const high = sorted[Math.ceil(x)] as number;
  return low + (high - low) * (x - Math.floor(x));
}

export const summarise = (milliseconds: readonly number[]): Timing => ({
  median: quantile(milliseconds, 0.5),
  lower_quartile: quantile(milliseconds, 0.25),
  upper_quartile: quantile(milliseconds, 0.75),
  repeats: milliseconds.length,
});
