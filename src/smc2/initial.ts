/** The first population: independent draws from the prior, in unconstrained space. */

import { sample_prior } from '../model/prior.ts';
import { unconstrain } from '../model/transform.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { site, uniform_at } from '../random/threefry.ts';

/** phi [D][M]; particle m's parameter i comes from counter (prior | i, m), whatever M is. */
export function draw_from_prior(
  model: StateSpaceModel,
  thetas: number,
  key: readonly [number, number],
): Float32Array<ArrayBuffer> {
  const phi = new Float32Array(model.scalars.length * thetas);
  model.scalars.forEach(({ prior }, i) => {
    for (let m = 0; m < thetas; m++) {
      phi[i * thetas + m] = unconstrain(prior, sample_prior(prior, uniform_at(key, site.prior, i, m)));
    }
  });
  return phi;
}
