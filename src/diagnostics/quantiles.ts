/** Quantiles of equally weighted draws (weighted.ts has those of weighted ones). */
import { type Chains, pooled } from './chains.ts';
import { sort } from './sort.ts';

/** All draws of all chains, increasing. */
export function sorted_draws(chains: Chains): Float64Array {
  return sort(pooled(chains)).values;
}

/** Quantile of increasing draws by Hyndman and Fan's type 7, the default of R and NumPy. NaN for none. */
export function quantile(sorted: Float64Array, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const a = sorted[below] ?? Number.NaN;
  const b = sorted[Math.ceil(position)] ?? a;
  const fraction = position - below;
  return a === b ? a : (1 - fraction) * a + fraction * b;
}
