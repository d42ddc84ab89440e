/**
 * Chooses the levels of annealing and the HMC step at each, with a small population that goes ahead.
 *
 * Two levels are as far apart as importance weights between them allow: their conditional effective sample size stays at a stated fraction (Zhou, Johansen & Aston 2016, equation 3.16, for
 * equal weights). Steps follow acceptance, which changes slowly along the path.
 */

import type { Device } from '../gpu/device.ts';
import { normals_at } from '../random/normals.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { type Annealer, type AnnealOptions, create_annealer, type Level } from './anneal.ts';

/** The noise left at the end, as in arXiv 2406.11664: shapes are blurred by a hundredth of a shard's sd, and Gaussians not at all. */
export const last_time = 1e-3;

export interface PathOptions extends Omit<AnnealOptions, 'particles' | 'key'> {
  key: Words;
  /** Particles that go ahead. */
  scouts: number;
  /** Least conditional effective sample size between two levels, as a fraction. */
  distance: number;
  /** Acceptance that steps aim at. */
  target_acceptance: number;
  /** @param scouts where they are now */
  on_level?(level: Level, scouts: Annealer): void | Promise<void>;
}

export interface Path {
  levels: Level[];
  /** [level] acceptance of the scouts. */
  acceptance: number[];
}

const first_step = 0.7;
const most_levels = 1000;

/** (mean w)² / mean w² of weights exp(gain). */
export function conditional_ess(gains: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < gains.length; i++) most = Math.max(most, gains[i] as number);
  let sum = 0;
  let square = 0;
  for (let i = 0; i < gains.length; i++) {
    const w = Math.exp((gains[i] as number) - most);
    sum += w;
    square += w * w;
  }
  return (sum * sum) / (gains.length * square);
}

export async function find_path(device: Device, options: PathOptions): Promise<Path> {
  const { sizes, scouts, key } = options;
  const start = Float32Array.from(normals_at(key, site.start, 0, sizes.inputs * scouts));
  const annealer = await create_annealer(
    device,
    { ...options, particles: scouts, key: words_at(key, site.propose, 0, 0) },
    start,
  );
  // Energies at other times, of scouts that stay where they are.
  const probe = await create_annealer(device, { ...options, particles: scouts, transitions: 0, key }, start);
  try {
    const path: Path = { levels: [], acceptance: [] };
    let step = first_step;
    let accepted = 0;
    for (let time = 1; path.levels.length < most_levels; ) {
      const level = { time, step };
      await annealer.run([level]);
      const population = await annealer.read();
      const total = population.accepted.reduce((sum, a) => sum + a, 0);
      const acceptance = (total - accepted) / (scouts * options.transitions);
      accepted = total;
      path.levels.push(level);
      path.acceptance.push(acceptance);
      await options.on_level?.(level, annealer);
      if (time === last_time) break;
      step *= Math.exp(acceptance - options.target_acceptance);
      probe.place(population.u);
      const gain_to = async (next: number) => {
        const energies = await probe.energies(next);
        return energies.map((energy, i) => energy - (population.energy[i] as number));
      };
      time = await next_time(time, async (next) => conditional_ess(await gain_to(next)) >= options.distance);
    }
    return path;
  } finally {
    annealer.destroy();
    probe.destroy();
  }
}

/** The earliest time that is near enough, by halving. */
async function next_time(time: number, is_near: (next: number) => Promise<boolean>): Promise<number> {
  if (await is_near(last_time)) return last_time;
  let far = last_time;
  // Noise is a matter of its logarithm near 0 and of itself near 1; the geometric mean serves both.
  let near = time;
  for (let n = 0; n < 8 && near / far > 1.02; n++) {
    const middle = Math.sqrt(near * far);
    if (await is_near(middle)) near = middle;
    else far = middle;
  }
  // Where even the smallest step is too far, one has to be made all the same.
  return near < time ? near : Math.max(last_time, 0.98 * time);
}
