/** Refuses values that a likelihood gives no probability. */

import { UserError } from '../model/user_error.ts';
import type { LikelihoodName } from './problem.ts';
import type { Series } from './series.ts';

const accepted: Partial<Record<LikelihoodName, { is: (y: number) => boolean; words: string }>> = {
  bernoulli: { is: (y) => y === 0 || y === 1, words: '0 or 1' },
  poisson: { is: (y) => Number.isInteger(y) && y >= 0, words: 'a whole number of 0 or more' },
};

/** Throws UserError that names the first one. */
export function check_values(
  series: readonly Series[],
  names: { series: readonly string[]; channels: readonly string[] },
  likelihood: LikelihoodName,
): void {
  const rule = accepted[likelihood];
  if (rule === undefined) return;
  const observed = names.channels.length;
  for (const [s, { times, values }] of series.entries()) {
    const bad = values.findIndex((y) => !Number.isNaN(y) && !rule.is(y));
    if (bad < 0) continue;
    throw new UserError(
      `${names.series[s]}, time ${times[Math.floor(bad / observed)]}: ${names.channels[bad % observed]} is ${values[bad]}, and of likelihood ${likelihood} every value is ${rule.words}.\nChoose another likelihood, or leave the channel out.`,
    );
  }
}
