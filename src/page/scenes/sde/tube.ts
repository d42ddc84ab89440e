/** What the posterior says of the stretch that is drawn: its mean, draws around it, and bands over time. */

import { normals_at } from '../../../random/normals.ts';
import { site } from '../../../random/threefry.ts';
import { type Band, type Bands, posterior_bands } from '../../../sde/learned/bands.ts';
import type { LearnedSde } from '../../../sde/learned/learned.ts';
import { create_breaths } from '../../shell/breath.ts';
import type { Picture, Place } from './picture.ts';

export interface Tube {
  mean: Place[];
  /** Of every time independent draws of the state: how wide the tube is. */
  draws: Place[];
  bands: Bands['signals'];
}

/** Times along the stretch. */
export const times_count = 600;

/** Milliseconds of work that nobody notices: where a network makes tens of channels of the state, all of it takes seconds. */
const unnoticed = 30;

/** @param draws at every time; the same numbers at every look, so that points move only as the posterior does */
export async function tube_of(
  learned: LearnedSde,
  { place, end }: Picture,
  draws: number,
  signal: AbortSignal,
): Promise<Tube> {
  const { units, model, posterior } = learned;
  const [begin, last] = posterior.range(0);
  const until = Math.min(last, end / units.time);
  const times = Array.from({ length: times_count }, (_, n) => begin + (n / (times_count - 1)) * (until - begin));
  // Of channels, in which the data are drawn: components of the state may have units of their own.
  const { observed } = model;
  const bands: Tube['bands'] = Array.from({ length: observed }, () => []);
  const breathe = create_breaths(unnoticed);
  const mean: Place[] = [];
  const drawn: Place[] = [];
  for (const [n, time] of times.entries()) {
    const at = posterior_bands(learned, 0, [time], [n, 0]).signals.map(([only]) => only as Band);
    for (const [c, band] of at.entries()) bands[c]?.push(band);
    const t = at[0]?.t as number;
    const eps = normals_at([0, 0], site.state_draw, n, draws * observed);
    mean.push(
      place(
        t,
        at.map((band) => band.mean),
      ),
    );
    for (let k = 0; k < draws; k++) {
      drawn.push(
        place(
          t,
          at.map((band, d) => band.mean + band.sd * (eps[k * observed + d] as number)),
        ),
      );
    }
    await breathe();
    signal.throwIfAborted();
  }
  return { mean, draws: drawn, bands };
}
