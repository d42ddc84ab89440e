/** Means and quantile bands over time from draws, as the report and states.csv show them. */

import { weighted_mean, weighted_quantiles } from '../diagnostics/weighted.ts';
import type { Band } from './report/input.ts';

const gap = {
  mean: Number.NaN,
  q05: Number.NaN,
  q25: Number.NaN,
  q50: Number.NaN,
  q75: Number.NaN,
  q95: Number.NaN,
};

/** The band at one time; draws that are not finite are left out. */
export function band_at(t: number, draws: ArrayLike<number>): Band {
  const values = Float64Array.from(draws).filter(Number.isFinite);
  if (values.length === 0) return { t, ...gap };
  const probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
  const [q05, q25, q50, q75, q95] = weighted_quantiles({ values }, probabilities) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { t, mean: weighted_mean({ values }), q05, q25, q50, q75, q95 };
}
