/** The states of one half of a rank's particles as they are stored when it begins to stand still: what others meet, and what the rank goes on from. */

import { UserError } from '../model/user_error.ts';
import { type Half, range_of_half } from './exchange/board.ts';
import type { Energies as MetEnergies } from './exchange/meet.ts';
import { slot } from './params.ts';
import type { Energies, Particles } from './types.ts';

export interface Head {
  /** [slot][D][particle of the half]: position, velocity, mean squares of gradients. */
  states: Float32Array<ArrayBuffer>;
  /** By particle of the half; of zeros where nobody asks for them. */
  log_prior: Float32Array;
  log_likelihood: Float32Array;
  variance: Float32Array;
}

const kept = [slot.position, slot.velocity, slot.square];

export async function read_head(particles: Particles, half: Half, energies: Energies | undefined): Promise<Head> {
  const range = range_of_half(half, particles.count);
  const size = particles.dimension * range.count;
  const states = new Float32Array(kept.length * size);
  for (const [n, which] of kept.entries()) states.set(await particles.read(which, range), n * size);
  const none = () => new Float32Array(range.count);
  const { log_prior = none(), log_likelihood = none(), variance = none() } = energies ?? {};
  return { states, log_prior, log_likelihood, variance };
}

export function write_head(particles: Particles, half: Half, { states }: Head): void {
  const range = range_of_half(half, particles.count);
  const size = particles.dimension * range.count;
  for (const [n, which] of kept.entries()) particles.write(which, states.slice(n * size, (n + 1) * size), range);
}

/** Positions of a head, [D][particle of the half]. */
export const positions_of = ({ states }: Head): Float32Array<ArrayBuffer> =>
  states.subarray(0, states.length / kept.length);

export function pack_head({ states, log_prior, log_likelihood, variance }: Head): Uint8Array {
  const count = log_prior.length;
  const all = new Float32Array(states.length + 3 * count);
  for (const [n, part] of [log_prior, log_likelihood, variance].entries()) all.set(part, n * count);
  all.set(states, 3 * count);
  return new Uint8Array(all.buffer);
}

/** @param count particles of a half */
export function unpack_head(bytes: Uint8Array, count: number): Head {
  const all = new Float32Array(bytes.slice().buffer);
  const part = (n: number) => all.subarray(n * count, (n + 1) * count);
  return { states: all.slice(3 * count), log_prior: part(0), log_likelihood: part(1), variance: part(2) };
}

/** As two that meet for replica exchange look at it. */
export const met_energies = ({ log_likelihood, variance }: Head): MetEnergies => ({
  energy: log_likelihood.map((v) => -v),
  variance,
});

/** Throws UserError for a particle that is nowhere any more. */
export function check_finite({ states }: Head, rank: number, segment: number): void {
  if (states.every(Number.isFinite)) return;
  throw new UserError(
    `A particle of rank ${rank} left for infinity in segment ${segment}: the step size is too large for where it was.\nUse --method mala, which refuses such steps, or a smaller --step or --budget, or a longer --warmup.`,
  );
}
