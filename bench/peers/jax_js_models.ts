/**
 * The two models of the comparison in jax-js, batched over filters: src/model/catalog/lgssm.ts and sir.ts. Arrays are counted: a function owns its arguments, and `.ref` keeps one for
 * another use.
 */

import { numpy as np } from '@jax-js/jax';
import type { FilterProblem } from './types.ts';

export interface JaxJsModel {
  /** What a step needs of theta [D][filters]; a list of [filters][1]. */
  prepare(theta: np.Array): np.Array[];
  /** The numbers a step needs of row t, from 1. */
  seen(t: number): number[];
  /** From the normals of step 0, each [1][particles]. */
  initial(noise: np.Array[]): np.Array[];
  /** One step: the new state, and the increment of the log-weight [filters][particles]. Owns what it gets. */
  move(prepared: np.Array[], state: np.Array[], noise: np.Array[], seen: np.Array[]): [np.Array[], np.Array];
}

/** The rows of a [D][filters] array as [filters][1]. */
const rows = (theta: np.Array): np.Array[] => {
  const [parameters, filters] = theta.shape as [number, number];
  const list = Array.from({ length: parameters }, (_, d) => theta.ref.slice(d).reshape([filters, 1]));
  theta.dispose();
  return list;
};

/** x_t from the locally optimal proposal given y_t; the weight is the one-step predictive density. */
export function lgssm({ observations, filters, particles }: FilterProblem): JaxJsModel {
  return {
    prepare(theta) {
      const [mu, phi, sigma] = rows(theta) as [np.Array, np.Array, np.Array];
      const total_sd = np.sqrt(np.square(phi.ref).add(np.square(sigma.ref)));
      const gain = np.square(phi.ref.div(total_sd.ref));
      const sd = phi.mul(sigma).div(total_sd.ref);
      return [mu, gain, sd, total_sd];
    },
    seen: (t) => [observations[t - 1] as number],
    initial: ([noise]) => [np.broadcastTo(noise as np.Array, [filters, particles])],
    move([mu, gain, sd, total_sd], [x], [noise], [y]) {
      const forecast = (mu as np.Array).mul(x as np.Array);
      const surprise = (y as np.Array).sub(forecast.ref);
      const moved = forecast.add((gain as np.Array).mul(surprise.ref)).add((sd as np.Array).mul(noise as np.Array));
      const log_normaliser = np.log((total_sd as np.Array).ref).add(0.5 * Math.log(2 * Math.PI));
      const log_weight = np
        .square(surprise.div(total_sd as np.Array))
        .mul(-0.5)
        .sub(log_normaliser);
      return [[moved], log_weight];
    },
  };
}

const substeps = 4;

/** Chemical Langevin epidemic in four substeps, negative binomial counts, bootstrap proposal. */
export function sir({ observations, filters, particles, constants }: FilterProblem): JaxJsModel {
  const population = constants.population as number;
  return {
    prepare(theta) {
      const [beta, gamma, phi_inverse] = rows(theta) as [np.Array, np.Array, np.Array];
      const size = np.reciprocal(np.maximum(phi_inverse, 1e-6));
      return [beta.mul(1 / (population * substeps)), gamma.mul(1 / substeps), size];
    },
    seen(t) {
      const y = observations[t - 1] as number;
      return [y, Math.max(y, 1), count_constant(y)];
    },
    initial: (noise) => {
      for (const component of noise) component.dispose();
      return [np.full([filters, particles], population - 1), np.ones([filters, particles])];
    },
    move([infection, recovery, size], [s0, i0], noise, [y, at_least_one, constant]) {
      let s = s0 as np.Array;
      let i = i0 as np.Array;
      for (let k = 0; k < substeps; k++) {
        const mean = (infection as np.Array).ref.mul(s.ref).mul(i.ref);
        const infected = flow(mean, noise[2 * k] as np.Array, s.ref);
        const recovered = flow((recovery as np.Array).ref.mul(i.ref), noise[2 * k + 1] as np.Array, i.ref);
        s = s.sub(infected.ref);
        i = i.add(infected).sub(recovered);
      }
      (infection as np.Array).dispose();
      (recovery as np.Array).dispose();
      const ratio = np.maximum(i.ref, 1e-5).div((size as np.Array).ref);
      // log of (mean / (size + mean))^y · (size / (size + mean))^size
      const of_particle = (y as np.Array).ref
        .mul(np.log(ratio.ref.div(ratio.ref.add(1))))
        .sub((size as np.Array).ref.mul(np.log1p(ratio)));
      const of_filter = log_choose(y as np.Array, at_least_one as np.Array, size as np.Array);
      return [[s, i], of_particle.add(of_filter).add(constant as np.Array)];
    },
  };
}

function flow(mean: np.Array, normal: np.Array, people: np.Array): np.Array {
  const sd = mean.ref.div(np.sqrt(mean.ref.add(1e-3)));
  return np.minimum(np.maximum(mean.add(normal.mul(sd)), 0), people);
}

/**
 * log Γ(y + size) − log Γ(size) without log Γ, which jax-js has not: by Stirling, with the large terms taken together so that they do not cancel in f32,
 *   (size − ½) log1p(y / size) + y log1p(size / y) + r(y + size) − r(size),   r(x) = 1/(12x) − 1/(360x³) + 1/(1260x⁵)  (DLMF 5.11.1, size ≥ 4),
 * and y log y − y, which count_constant brings.
 */
function log_choose(y: np.Array, at_least_one: np.Array, size: np.Array): np.Array {
  const near = size.ref.sub(0.5).mul(np.log1p(y.ref.div(size.ref)));
  const far = y.ref.mul(np.log1p(size.ref.div(at_least_one)));
  return near
    .add(far)
    .add(remainder(size.ref.add(y)))
    .sub(remainder(size));
}

function remainder(x: np.Array): np.Array {
  const r = np.reciprocal(x);
  const q = np.square(r.ref);
  return r.mul(q.ref.mul(q.mul(1 / 1260).sub(1 / 360)).add(1 / 12));
}

/** y log y − y − log y!, in float64. */
function count_constant(y: number): number {
  let log_factorial = 0;
  for (let k = 2; k <= y; k++) log_factorial += Math.log(k);
  return (y > 0 ? y * Math.log(y) : 0) - y - log_factorial;
}
