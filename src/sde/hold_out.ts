/** The last part of a series, that is not learned from. */

import type { Series } from './series.ts';

/** By time, so that series with other spacings lose the same part. @param part of the time, 0 to less than 1 */
export function withhold({ times, values }: Series, part: number, observed: number): { kept: Series; later: Series } {
  const [begin, end] = [times[0] as number, times.at(-1) as number];
  // A time that is the cut but for rounding is before it.
  const cut = end - part * (end - begin) + 1e-9 * (end - begin);
  const count = part === 0 ? times.length : times.filter((t) => t <= cut).length;
  const piece = (from: number, to: number) => ({
    times: times.slice(from, to),
    values: values.slice(from * observed, to * observed),
  });
  return { kept: piece(0, count), later: piece(count, times.length) };
}
