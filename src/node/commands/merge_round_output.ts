/** Rounds of a merge, in summary.json and on the terminal. */

import { format_significant } from '../../data/format_number.ts';
import type { MergeBlock } from '../../data/merge_summary.ts';
import type { Correction } from '../../merge/rounds/correction.ts';
import type { RoundFacts } from '../../merge/rounds/merge_in_rounds.ts';

export function round_block({
  correction,
  gaussian_correction,
  ...facts
}: RoundFacts): NonNullable<MergeBlock['rounds']> {
  return {
    ...facts,
    correction: correction_block(correction),
    ...(gaussian_correction ? { gaussian_correction: correction_block(gaussian_correction) } : {}),
  };
}

/** JSON has no infinities: weights without a tail have no shape. */
const correction_block = ({ k_hat, ...rest }: Correction) => ({
  ...rest,
  ...(Number.isFinite(k_hat) ? { k_hat } : {}),
});

export function round_lines({ moved, networks, asked, correction }: RoundFacts): [string, string][] {
  const way = moved.map((sds) => format_significant(sds, 2)).join(', ');
  return [
    [
      'rounds',
      `${moved.length} of the Gaussian, its mean moving ${way} sd${networks > 0 ? `, then ${networks} of networks` : ''}; ${asked} points each`,
    ],
    [
      'correction',
      `k-hat ${format_significant(correction.k_hat, 2)} of weights against the posterior itself; ${correction.used ? `resampled, ${format_significant(correction.ess, 4)} effective draws` : 'not used'}`,
    ],
  ];
}
