/**
 * Where the particles of a rank begin: uniform in (−2, 2) in every unconstrained coordinate, as chains of `langevin sample`, and again where the density is not finite.
 *
 * With control variates at their anchor, where alone these make gradients less noisy (Baker et al., arXiv 1706.05439), and very near to it.
 */

import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import { unconstrain_all } from '../model/space.ts';
import type { LogDensityModel } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { site, uniform_at, type Words } from '../random/threefry.ts';
import { climb } from './climb.ts';
import { slot } from './params.ts';
import { create_particles } from './particles.ts';
import type { PopulationSpec } from './spec.ts';
import type { Particles, ParticlesOptions } from './types.ts';

const reach = 2;
const most_attempts = 100;
/** Of gradient ascent, before batches are taken: far from the mass their noise allows only steps that never arrive there. */
const ascent = 150;
/** Of particles that begin at an anchor. */
const apart = 1e-3;

interface StartOptions {
  model: LogDensityModel;
  rows: PackedRows;
  spec: PopulationSpec;
  /** Of the rank. */
  key: Words;
}

/** The same for every process that is this rank. */
export async function starting_particles(
  device: Device,
  { model, rows, spec, key }: StartOptions,
): Promise<{ particles: Particles; options: ParticlesOptions }> {
  const { dimension } = model;
  const count = spec.particles;
  const phi = new Float32Array(dimension * count);
  const center = spec.anchor && unconstrain_all(model, spec.anchor.theta);
  const draw = (c: number, attempt: number) => {
    for (let d = 0; d < dimension; d++) {
      const u = 2 * uniform_at(key, site.start, attempt, c * dimension + d) - 1;
      phi[d * count + c] = center ? (center[d] as number) + apart * u : reach * u;
    }
  };
  for (let c = 0; c < count; c++) draw(c, 0);
  const options: ParticlesOptions = {
    ...{ model, rows, particles: count, batch: spec.batch, method: spec.method, key, start: phi },
    ...{ friction: spec.friction, known_noise: spec.known_noise, delay: spec.delay, prior_power: spec.prior_power },
    ...(spec.anchor ? { anchor: spec.anchor } : {}),
  };
  const particles = await create_particles(device, options);
  for (let attempt = 1; ; attempt++) {
    const { log_prior, log_likelihood } = await particles.evaluate();
    const lost = Array.from(log_prior.keys()).filter(
      (c) => !((log_prior[c] as number) + (log_likelihood[c] as number) > -1e29),
    );
    if (lost.length === 0) {
      if (spec.batch > 0 && !spec.anchor) await climb(particles, ascent);
      return { particles, options };
    }
    if (attempt === most_attempts) {
      particles.destroy();
      throw new UserError(
        `A particle found no start: the log density was not finite at ${most_attempts} random points.\nLook for a logarithm or root of a negative number in the model, for data outside its support, and for overflow at large parameters.`,
      );
    }
    for (const c of lost) draw(c, attempt);
    particles.write(slot.position, phi);
  }
}
