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
  /** Why there are none, in words. */
  unseen?: string;
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
  const over_time = components < 3;
  const place = (t: number, state: ArrayLike<number>): Place =>
    over_time ? [t, ...Array.from(state)] : Array.from(state).slice(0, 3);
  const place_of = (of: Float64Array) => (n: number) => place(times[n] as number, row(of, n));
  const rows = Array.from(times.keys());
  const near = rows.filter((n) => (times[n] as number) <= end);
  // An attractor is seen best whole; over time only the stretch has a place. Where a channel was not observed there is none.
  const seen = (over_time ? near : rows).filter((n) => place_of(values)(n).every(Number.isFinite));
  const stride = Math.max(1, Math.ceil(seen.length / most_observations));
  const truth = states === undefined ? [] : near.map(place_of(states));
  const shown = over_time ? [time, ...channels] : channels.slice(0, 3);
  // The true path goes where no observation is, as between peaks that are seen seldom.
  const ranges_of_channels = Array.from({ length: Math.min(3, components) }, (_, c) => {
    const observed = values.filter((__, i) => i % components === c);
    const true_values = truth.map((at) => at[over_time ? c + 1 : c] as number);
    return pad_range(range_of([...observed, ...true_values]));
  });
  return {
    ...{ place, end, truth },
    names: shown,
    ranges: over_time ? [[times[0] as number, end + behind], ...ranges_of_channels] : ranges_of_channels,
    observations: seen.filter((_, i) => i % stride === 0).map(place_of(values)),
    ...(seen.length === 0 ? { unseen: unseen_words(over_time ? channels : shown) } : {}),
  };
}

const unseen_words = (channels: readonly string[]) =>
  `No row here has ${channels.length === 1 ? 'a value' : 'values'} of ${channels.join(', ')}${channels.length === 1 ? '' : ' together'}, so observations are no points here; those of each are in the plots of the components.`;
