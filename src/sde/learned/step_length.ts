/** How long Euler's steps may be: by how fast the learned drift turns or pulls states together. */

import type { Device } from '../../gpu/device.ts';
import { drift_at } from './drift_at.ts';
import type { LearnedSde } from './learned.ts';

/** Of the model's time: a fiftieth of that in which a channel moves by its sd. */
const longest_step = 0.02;

/** Times the rate of the drift: in so much of a turn Euler's scheme errs by half its square. */
const most_turn = 0.05;

/** Times along the series at which states of q are asked. */
const asked = 32;
const apart = 0.1;

/** In the model's time. */
export async function step_length(device: Device, learned: LearnedSde): Promise<number> {
  const { model, posterior, longest } = learned;
  const [begin, end] = posterior.range(0);
  const times = Array.from({ length: asked }, (_, n) => begin + ((n + 0.5) / asked) * (end - begin));
  const points = times.flatMap((time) => {
    const { mean } = posterior.at(0, time);
    return [mean, ...Array.from(mean, (_, j) => mean.map((v, d) => v + (d === j ? apart : 0)))];
  });
  const found = await drift_at(device, learned, points, (end - begin) / 2 / longest);
  const rates = points.map((_, n) => {
    const first = n - (n % (model.latent + 1));
    const by = (found[n] as Float64Array).map((f, d) => (f - (found[first]?.[d] as number)) / apart);
    return Math.hypot(...by);
  });
  return Math.min(longest_step, most_turn / Math.max(...rates.filter(Number.isFinite), 1e-9));
}
