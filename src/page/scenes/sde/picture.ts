/** Where things are drawn: a state of three components in its own space, one of two over time, one of one in the plane; and what of the data is drawn. */

import { pad_range, type Range, range_of } from '../../../data/report/svg.ts';
import type { Simulated } from '../../../sde/examples/example.ts';
import type { ShownExample } from './examples.ts';

/** Coordinates of what is drawn. */
export type Place = readonly number[];

export interface Picture {
  names: readonly string[];
  ranges: readonly Range[];
  place(time: number, state: ArrayLike<number>): Place;
  /** All observations, or as many as there is room for. */
  observations: Place[];
  /** Of the stretch, where it is known. */
  truth: Place[];
  /** Until when is drawn. */
  end: number;
}

export function create_picture(
  { example, stretch, behind = 0 }: ShownExample,
  { series, states }: Simulated,
  most_observations: number,
): Picture {
  const { channels, time } = example;
  const { length: components } = channels;
  const { times, values } = series;
  const end = (times[0] as number) + stretch;
  const row = (of: Float64Array, n: number) => of.subarray(n * components, (n + 1) * components);
  const ranges_of_channels = channels.map((_, c) =>
    pad_range(range_of(values.filter((__, i) => i % components === c))),
  );
  const over_time = components < 3;
  const place = (t: number, state: ArrayLike<number>): Place =>
    over_time ? [t, ...Array.from(state)] : Array.from(state).slice(0, 3);
  // An attractor is seen best whole; over time only the stretch has a place.
  const counted = over_time ? times.filter((t) => t <= end).length : times.length;
  const stride = Math.max(1, Math.ceil(counted / most_observations));
  const some = Array.from({ length: Math.floor(counted / stride) }, (_, i) => i * stride);
  const within =
    states === undefined
      ? []
      : Array.from(
          times.filter((t) => t <= end),
          (_, n) => n,
        );
  return {
    ...{ place, end },
    names: over_time ? [time, ...channels] : channels.slice(0, 3),
    ranges: over_time ? [[times[0] as number, end + behind], ...ranges_of_channels] : ranges_of_channels.slice(0, 3),
    // Where a channel was not observed there is no place.
    observations: some.map((n) => place(times[n] as number, row(values, n))).filter((at) => at.every(Number.isFinite)),
    truth: within.map((n) => place(times[n] as number, row(states as Float64Array, n))),
  };
}
