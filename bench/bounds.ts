/**
 * What one particle-step must move and compute, and the time that takes at the limits measured in the same run.
 *
 * Bytes are exact for a bank whose particles live in memory: each particle is read once (its parent's) and written once, the log-weight and the fixed-point weight (in the grid its 64-bit prefix
 * sum) are written once and read once. Normals that all filters share are read once per particle, from memory or from a cache that one
 * filter's turn leaves them in. Operations are counted by hand from the shaders, in the time of a multiply-add: add, multiply, multiply-add, shift, logic, compare, select and conversion are one each; exp, log,
 * sqrt and division four (a quarter of the rate, as on most GPUs). Resampling is not in it, because how often it happens depends on the weights. So it is what an implementation of this algorithm needs at
 * least, to about a third; a ratio to it near one means that nothing is left to gain.
 */

import type { Shape } from '../src/filter/bank.ts';
import { component_count } from '../src/filter/model_access.ts';
import type { StateSpaceModel } from '../src/model/types.ts';
import type { Bound, Limits } from './record.ts';

/** Threefry-2x32-20 gives two words: 20 rounds of add, rotate (3), xor; 6 key additions of 2. */
const threefry = 20 * 5 + 6 * 2;
/** lib/normal.wgsl, the central branch: to two floats (6), 4p(1 − p) (3), log and sign (5), a polynomial of degree 8 (10), selections (4). */
const normal_from_bits = 28;
/** exp of a difference, bounded (6); fixed point (2); coarse weight (1); four sums (4). */
const weigh = 13;
/** Operations of a model's move and weight, without tangents, and per tangent. */
const model_operations: Readonly<Record<string, { value: number; per_tangent: number }>> = {
  // Locally optimal proposal (5), log-density of a normal (5). Each of the ten has a tangent of one or two multiply-adds.
  lgssm: { value: 10, per_tangent: 15 },
  // Four substeps of two flows (mean 4, sqrt and division 8, clamp 3) and two updates; negative binomial with three log-gammas of about 35.
  sir: { value: 4 * (2 * 15 + 3) + 110, per_tangent: 4 * 2 * 20 + 60 },
};

export interface ParticleStep {
  model: StateSpaceModel;
  shape: Shape;
  /** D, or 0. */
  tangents: number;
  /** Normals come from a buffer that all filters read. */
  shared_noise: boolean;
}

/** Undefined for a model whose operations nobody has counted. */
export function particle_step(step: ParticleStep): { bytes: number; operations: number } | undefined {
  const { model, shape, tangents } = step;
  const own = model_operations[model.name];
  if (!own) return undefined;
  const noise = step.shared_noise ? 0 : model.noise * (threefry / 2 + normal_from_bits);
  const shared_noise = step.shared_noise ? 4 * model.noise : 0;
  return {
    bytes: 2 * 4 * component_count(model, tangents) + 2 * 4 * (shape === 'grid' ? 3 : 2) + shared_noise,
    operations: noise + weigh + own.value + tangents * own.per_tangent,
  };
}

/**
 * The bound of `count` units of work, and how near the measured time comes to it. A kernel cannot move more than the copying kernel does.
 * @param ms measured: GPU time where there is one, else wall time
 */
export function bound_of(
  cost: { bytes: number; operations: number },
  count: number,
  limits: Limits,
  ms: number,
): Bound {
  const moving = (1000 * count * cost.bytes) / limits.copy_kernel;
  const computing = (1000 * count * cost.operations) / limits.multiply_add;
  const least = Math.max(moving, computing);
  return { ...cost, ms: least, by: moving > computing ? 'bandwidth' : 'arithmetic', ratio: least / ms };
}
