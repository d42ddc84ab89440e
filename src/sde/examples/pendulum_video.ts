/** A film of a pendulum: 32 × 32 pixels, black or white, 15 frames a second. What swings is not told. */

import type { Series } from '../series.ts';
import type { SdeExample } from './example.ts';
import { step_of } from './simulate.ts';

const size = 32;
const frames = 450;
const per_second = 15;

/** Angle from below and its derivative. */
const swing = (z: readonly number[]) => [z[1] as number, -Math.sin(z[0] as number)];

/** In pixels: of the rod from the middle of the frame, of the disc at its end, half the rod's width. */
const shape = { rod: 10.5, disc: 4, half_width: 0.9 };

function frame(angle: number): number[] {
  const [x, y] = [shape.rod * Math.sin(angle), shape.rod * Math.cos(angle)];
  return Array.from({ length: size * size }, (_, i) => {
    const [px, py] = [(i % size) - (size - 1) / 2, Math.floor(i / size) - (size - 1) / 2];
    const along = Math.max(0, Math.min(1, (px * x + py * y) / shape.rod ** 2));
    const from_rod = Math.hypot(px - along * x, py - along * y);
    return Number(Math.hypot(px - x, py - y) <= shape.disc || from_rod <= shape.half_width);
  });
}

function film(): Series {
  const values = new Float64Array(frames * size * size);
  let z = [Math.PI / 2, 0];
  for (let n = 0; n < frames; n++) {
    values.set(frame(z[0] as number), n * size * size);
    for (let k = 0; k < 20; k++) z = step_of(swing, z, 1 / per_second / 20);
  }
  return { times: Float64Array.from({ length: frames }, (_, n) => n / per_second), values };
}

export const pendulum_video: SdeExample = {
  name: 'pendulum-video',
  what: 'a film of a pendulum of 450 frames of 32 × 32 black or white pixels, the last fifth withheld',
  time: 'seconds',
  channels: Array.from({ length: size * size }, (_, i) => `p${Math.floor(i / size)}_${i % size}`),
  hold_out: 0.2,
  config: {
    frame: { width: size, height: size },
    ...{ latent: 2, likelihood: 'bernoulli', drift: { hidden: [64, 64] }, decoder: { hidden: [64, 64] } },
    ...{ encoder: { hidden: [64, 64], sees: 5 }, every: 2, rotation: true },
    estimator: { pairs: 64, repeats: 2 },
    training: { steps: 2000 },
  },
  simulate: () => ({ series: film() }),
};
