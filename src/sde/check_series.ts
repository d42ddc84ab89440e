/** Refuses series that cannot be learned from, with what to do. */

import { UserError } from '../model/user_error.ts';
import type { Series } from './series.ts';

/** @param names of the series, as messages call them. Throws UserError. */
export function check_series(series: readonly Series[], names: readonly string[], observed: number): void {
  if (series.length === 0) throw new UserError('There is no series: the data have no row.');
  for (const [n, { times, values }] of series.entries()) {
    const name = names[n] ?? `series ${n + 1}`;
    if (times.length < 2) {
      throw new UserError(
        `${name} has ${times.length} observation: a path needs two or more. Leave it out or add to it.`,
      );
    }
    for (let i = 0; i < times.length; i++) {
      const [before, time] = [times[i - 1], times[i] as number];
      if (!Number.isFinite(time))
        throw new UserError(`${name}, observation ${i + 1}: the time ${time} is not a finite number.`);
      if (before === undefined || before < time) continue;
      throw new UserError(
        before === time
          ? `${name}: two observations at time ${time}. Keep one of them, or put channels side by side in one row.`
          : `${name}: time ${time} comes after ${before}. Sort the rows by time; where a file holds several series, name their column by --series.`,
      );
    }
    const infinite = values.findIndex((v) => Math.abs(v) === Number.POSITIVE_INFINITY);
    if (infinite >= 0) {
      throw new UserError(`${name}, time ${times[Math.floor(infinite / observed)]}: a value is infinite.`);
    }
  }
}
