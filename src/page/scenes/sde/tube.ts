/** What the posterior says of the stretch that is drawn: its mean, draws around it, and bands over time. */

import { normals_at } from '../../../random/normals.ts';
import { site } from '../../../random/threefry.ts';
import { type Bands, posterior_bands } from '../../../sde/learned/bands.ts';
import type { LearnedSde } from '../../../sde/learned/learned.ts';
import type { Picture, Place } from './picture.ts';

export interface Tube {
  mean: Place[];
  /** Of every time independent draws of the state: how wide the tube is. */
  draws: Place[];
  bands: Bands['signals'];
}

/** Times along the stretch. */
export const times_count = 600;

/** @param draws at every time; the same numbers at every look, so that points move only as the posterior does */
export function tube_of(learned: LearnedSde, { place, end }: Picture, draws: number): Tube {
  const { units, model, posterior } = learned;
  const [begin, last] = posterior.range(0);
  const until = Math.min(last, end / units.time);
  const times = Array.from({ length: times_count }, (_, n) => begin + (n / (times_count - 1)) * (until - begin));
  // Of channels, in which the data are drawn: components of the state may have units of their own.
  const { signals: bands } = posterior_bands(learned, 0, times, [0, 0]);
  const { observed } = model;
  const mean: Place[] = [];
  const drawn: Place[] = [];
  for (let n = 0; n < times_count; n++) {
    const at = bands.map((of) => of[n] as NonNullable<(typeof of)[number]>);
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
  }
  return { mean, draws: drawn, bands };
}
