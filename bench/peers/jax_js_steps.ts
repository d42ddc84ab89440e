/** The differentiable pieces of a time step of the comparison's filter in jax-js, each jitted. Arrays are counted: a function owns its arguments, and `.ref` keeps one for another use. */

import { jit, lax, numpy as np } from '@jax-js/jax';
import type { JaxJsModel } from './jax_js_models.ts';
import type { FilterProblem } from './types.ts';

/** What travels from step to step: the state, log-weights relative to the largest or the children's, and the logarithm [filters][1] that the next increment is measured from. */
export type Cloud = { state: np.Array[]; kept: np.Array; base: np.Array };

/** After moving and weighing: the state, log-weights relative to the largest, and log of the sum of weights. */
export type Weighed = { state: np.Array[]; relative: np.Array; log_sum: np.Array };

/** What a step needs from outside: normals, each [1][particles], and the model's `seen`. */
export type Row = { noise: np.Array[]; seen: np.Array[] };

/** Moves and weighs; also gives the increment of the log-likelihood [filters][1]. */
export const weigh_of = (model: JaxJsModel) =>
  jit((prepared: np.Array[], { state, kept, base }: Cloud, { noise, seen }: Row): [Weighed, np.Array] => {
    const [moved, increment] = model.move(prepared, state, noise, seen);
    const log_weight = kept.add(increment);
    const largest = lax.stopGradient(np.max(log_weight.ref, 1, { keepdims: true }));
    const relative = log_weight.sub(largest.ref);
    const log_sum = np.log(np.sum(np.exp(np.maximum(relative.ref, -80)), 1, { keepdims: true }));
    return [{ state: moved, relative, log_sum: log_sum.ref }, largest.add(log_sum).sub(base)];
  });

/** Gathers parents. The log-weights of children are constants for `fixed-ancestor`; for `carried` each keeps its parent's derivative. */
export const inherit_of = ({ particles, gradient }: FilterProblem) =>
  jit(({ state, relative, log_sum }: Weighed, resample: np.Array, parents: np.Array): Cloud => {
    const gathered = state.map((x) => np.takeAlongAxis(x, parents.ref, 1));
    const children =
      gradient === 'carried' ? np.takeAlongAxis(relative.ref, parents.ref, 1) : np.zerosLike(relative.ref);
    parents.dispose();
    const kept = np.where(resample.ref, children.ref.sub(lax.stopGradient(children)), relative);
    return { state: gathered, kept, base: np.where(resample, Math.log(particles), log_sum) };
  });
