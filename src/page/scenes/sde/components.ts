/** Components of the state over time, one by one: observations, truth, and 90 % bands of the posterior. */

import { ribbon } from '../../../data/report/bands.ts';
import { chart, dots, line, pad_range, type Range, range_of } from '../../../data/report/svg.ts';
import type { Simulated } from '../../../sde/examples/example.ts';
import type { Band } from '../../../sde/learned/bands.ts';
import type { ShownExample } from './examples.ts';
import type { Tube } from './tube.ts';

/** @param near what is drawn of them; from the beginning of the data */
export function create_components(
  { example, near }: ShownExample,
  { series, states }: Simulated,
): (tube: Tube) => string {
  const { channels, time } = example;
  const { length } = channels;
  const begin = series.times[0] as number;
  const times = Array.from(series.times.filter((t) => t <= begin + near));
  const column = (of: Float64Array, c: number) => times.map((_, n) => of[n * length + c] as number);
  const columns = channels.map((name, c) => {
    const observed = column(series.values, c);
    const truth = states && column(states, c);
    return { name, observed, truth, range: range_of([...observed, ...(truth ?? [])]) };
  });
  return ({ bands }) =>
    columns
      .map(({ name, observed, truth, range }, c) => {
        const own = (bands[c] ?? []).filter(({ t }) => t <= begin + near);
        return chart(
          {
            ...{
              width: 290,
              height: 170,
              x: [begin, begin + near],
              y: with_bands(range, own),
              y_ticks: 3,
              title: name,
              x_label: time,
            },
            description: `Component ${name} over time: observations, true path, 90 % bands of the posterior.`,
          },
          (scale) =>
            [
              ribbon(own, 'q05', 'q95', scale, 'band90 now'),
              dots(times, observed, scale, is_crowd(observed) ? 'observed small faint' : 'observed small'),
              truth === undefined ? '' : line(times, truth, scale, 'truth'),
              line(
                own.map(({ t }) => t),
                own.map(({ mean }) => mean),
                scale,
                'mean',
              ),
            ].join(''),
        );
      })
      .join('');
}

/** Of a network that has hardly learned, bands may be anywhere: they get as much room again at the most. */
function with_bands([low, high]: Range, bands: readonly Band[]): Range {
  const [lowest, highest] = range_of(bands.flatMap(({ q05, q95 }) => [q05, q95]));
  if (bands.length === 0) return pad_range([low, high]);
  const room = (high - low) / 2;
  return pad_range([Math.min(low, Math.max(lowest, low - room)), Math.max(high, Math.min(highest, high + room))]);
}

/** Hundreds are seen by their density, fewer one by one. */
const is_crowd = (observed: readonly number[]) => observed.filter(Number.isFinite).length > 250;
