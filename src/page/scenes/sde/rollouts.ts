/** Paths of what was learned, without the data: from the posterior's state at the beginning or the end of them, by the equation alone. */

import type { Device } from '../../../gpu/device.ts';
import type { Words } from '../../../random/threefry.ts';
import type { LearnedSde } from '../../../sde/learned/learned.ts';
import { draw_states, learned_paths, steps_between, whole_batches } from '../../../sde/learned/paths.ts';
import { signal_of } from '../../../sde/learned/signal.ts';
import { step_length } from '../../../sde/learned/step_length.ts';
import type { ShownExample } from './examples.ts';
import type { Picture, Place } from './picture.ts';

/** Of the paths that are made, so many are drawn: more hide each other. */
const drawn = 12;
/** Places along a path. */
const stops = 160;

/** [path][stop] */
export async function prior_paths(
  device: Device,
  learned: LearnedSde,
  { from, over }: ShownExample['rollouts'],
  picture: Picture,
  key: Words,
): Promise<Place[][]> {
  const { model, units, posterior } = learned;
  const [begin, end] = posterior.range(0);
  const start = from === 'begin' ? begin : end;
  const times = Array.from({ length: stops + 1 }, (_, n) => start + ((n / stops) * over) / units.time);
  const count = whole_batches(drawn);
  const states = draw_states(learned, 0, start, count, key);
  const { steps, every } = steps_between(learned, times, await step_length(device, learned), begin);
  const { trajectory } = await learned_paths(device, learned, { states, steps, every, diffusion: 'drawn', key });
  return Array.from({ length: drawn }, (_, path) => {
    const places = times.map((time, n) => {
      const state = Array.from(
        { length: model.latent },
        (_, d) => trajectory[(n * model.latent + d) * count + path] as number,
      );
      return picture.place(time * units.time, signal_of(learned, state));
    });
    // One that leaves the picture, as those of a drift that is hardly learned do, is drawn as far as that.
    const left = places.findIndex((place) => !is_near(place, picture));
    return left < 0 ? places : places.slice(0, left);
  });
}

const is_near = (place: Place, { ranges }: Picture) =>
  ranges.every(([low, high], d) => {
    const room = 0.25 * (high - low);
    const at = place[d] as number;
    return at >= low - room && at <= high + room;
  });
