/** What a population of particles must not be asked for. */

import type { ParticlesOptions } from './types.ts';

/** Throws for options that do not go together. */
export function check_particles(options: ParticlesOptions): void {
  const { model, rows, particles, batch, method, anchor, start, friction = 0.1, known_noise = 0, delay = 0 } = options;
  const scalars = model.scalars.length;
  if (start.length !== model.dimension * particles)
    throw new Error(`${start.length} numbers to start ${particles} particles of ${model.dimension} coordinates from`);
  if (method === 'sghmc' && !(known_noise >= 0 && known_noise < friction && friction <= 1))
    throw new Error(`SGHMC needs 0 ≤ known noise ${known_noise} < friction ${friction} ≤ 1`);
  if (anchor && (anchor.theta.length !== scalars || anchor.score.length !== scalars))
    throw new Error(`an anchor of ${anchor.theta.length} and ${anchor.score.length} numbers for ${scalars} parameters`);
  if (anchor && (model.entry === 'log_density' || rows.count === 0))
    throw new Error('control variates are for a likelihood by rows');
  if (method === 'mala' && (batch !== 0 || anchor || delay > 0))
    throw new Error('MALA accepts by the whole density: all rows in every gradient, no control variates, no delay');
}
