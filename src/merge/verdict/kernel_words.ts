/** What is to be said of a merge by kernel estimates beside what is said of its shards. */

import { format_significant } from '../../data/format_number.ts';
import { ess_mean } from '../../diagnostics/ess.ts';
import { column, type Points } from '../../diagnostics/points.ts';

/** Exchanges taken, below which the same few draws are used over and over. */
const LEAST_ACCEPTANCE = 0.01;
/** Independent draws that the chain's must be worth: below, the mean is off by more than 1/20 sd by chance alone. */
const LEAST_ESS = 400;
/** Parameters up to which kernels reach. */
const MOST_PARAMETERS = 5;

/** @param merged in the order of the chain over choices of the shards' draws @param acceptance share of its exchanges that were taken */
export function kernel_findings(merged: Points, acceptance: number): string[] {
  const found = Array.from({ length: merged.dimension }, (_, j) => ess_mean([column(merged, j)]));
  const ess = Math.min(...found);
  const instead = `Use --method gaussian where the shards are near to Gaussian${merged.dimension > MOST_PARAMETERS ? ` (kernels do not reach in ${merged.dimension} dimensions)` : ''}, or --method diffusion`;
  const worth = `its ${merged.count} draws are worth ${format_significant(ess, 2)} independent ones`;
  if (acceptance < LEAST_ACCEPTANCE) {
    return [
      `The kernels of the shards hardly overlap: ${format_significant(100 * acceptance, 2)} % of the exchanges were taken, so a few draws stand for the whole merge (${worth}), and its spread is not to be trusted. ${instead}, or fewer shards.`,
    ];
  }
  if (!(ess < LEAST_ESS)) return [];
  return [
    `The merge's chain over choices of the shards' draws moves slowly: ${worth}, so by chance alone its means are ${format_significant(1 / Math.sqrt(ess), 2)} sd off, and may be more. ${instead}; more --draws help little, as the kernels become narrower with them.`,
  ];
}
