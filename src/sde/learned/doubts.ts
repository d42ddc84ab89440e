/** What is to be doubted of a fit, in words. */

import type { Bounds } from './bounds.ts';
import { type Gap, most_k_hat } from './importance.ts';

/** Nats by which networks may differ that found the same. */
const largest_spread = 3;

export function bounds_warnings({ bounds, bound_sd }: Pick<Bounds, 'bounds' | 'bound_sd'>): string[] {
  const apart = Math.max(...bounds) - Math.min(...bounds);
  if (bounds.length === 1 || apart <= Math.max(largest_spread, 6 * bound_sd)) return [];
  return [
    `The bounds of the networks are ${apart.toFixed(0)} nats apart: some of them did not find what the best one found. More steps may help.`,
  ];
}

export function gap_warnings(gap: Gap | undefined): string[] {
  if (gap === undefined || !(gap.k_hat > most_k_hat)) return [];
  return [
    `Importance weights of the posterior's paths have k-hat ${gap.k_hat.toFixed(2)} on the first ${gap.observations} observations, above ${most_k_hat}: the posterior is not close to the exact one, and the evidence from the weights is not to be trusted.`,
  ];
}
