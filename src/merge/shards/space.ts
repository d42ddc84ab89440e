/**
 * The coordinates in which shards are merged: those of the draws, or, where a model is given, its unconstrained ones φ.
 *
 * A shard's draws θ have the density π_b(θ) ∝ prior^{1/S} × L_b; as draws of φ they have q_b(φ) = π_b(θ(φ)) |J(φ)|, J = dθ/dφ. The posterior of φ is
 *
 *     ∏_b π_b · |J| = ∏_b q_b |J|^{−(1 − 1/S)}
 *
 * so every shard has one Jacobian, and only its power 1/S belongs to it. A product of the q_b as they are would count |J| S − 1 times too often.
 */
import type { Points } from '../../diagnostics/points.ts';
import { ordered_log_jacobian } from '../../model/ordered.ts';
import { simplex_log_jacobian } from '../../model/simplex.ts';
import { constrain_all, field_priors, is_positive, unconstrain_all } from '../../model/space.ts';
import { log_slope, slope } from '../../model/transform.ts';
import type { Model, ParameterField, Prior } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import type { Shard, ShardSet } from './shard.ts';

export interface MergeSpace {
  /** In the coordinates of the merge. */
  set: ShardSet;
  /** log |J| at a point; absent where it is the same everywhere. */
  log_jacobian?: (phi: Float64Array) => number;
  /** To the numbers that people see. */
  back(points: Points): Points;
  /**
   * What a shard says of points φ, from what it says of θ(φ) as a density of θ: with the power 1/S of the Jacobian that belongs to each of S shards.
   *
   * @param answer log densities, and gradients [point][scalar] by θ
   */
  density_at(points: Points, answer: Densities): Densities;
  /** The coordinate that a number people see is a function of; undefined where it is one of several. */
  coordinate(scalar: number): number | undefined;
}

export interface Densities {
  /** [point] */
  log_densities: Float64Array;
  /** [point][coordinate] */
  gradients: Float64Array;
}

export const plain_space = (set: ShardSet): MergeSpace => ({
  set,
  back: (points) => points,
  density_at: (_, answer) => answer,
  coordinate: (j) => j,
});

/** Throws UserError for draws that have other parameters than the model, or lie outside their bounds. */
export function unconstrained_space({ names, shards }: ShardSet, model: Model, names_given: boolean): MergeSpace {
  const wanted = model.scalars.map(({ name }) => name);
  if (
    names_given
      ? names.some((name, j) => name !== wanted[j]) || names.length !== wanted.length
      : names.length !== wanted.length
  ) {
    throw new UserError(
      `The draws have the parameters ${names.join(', ')}; the model ${model.name} has ${wanted.join(', ')}.\nGive the model that was sampled, and draws with its columns in its order.`,
    );
  }
  const moved = shards.map((shard) => unconstrain_shard(shard, model, wanted));
  const curved = model.fields.some(
    (field) => field.constraint !== 'none' || field_priors(model, field).some(is_bounded),
  );
  return {
    set: { names: wanted, shards: moved },
    ...(curved ? { log_jacobian: (phi: Float64Array) => log_jacobian(model, phi) } : {}),
    back: (points) => map_rows(points, wanted.length, (phi) => constrain_all(model, phi)),
    density_at(points, { log_densities, gradients }) {
      // Where nothing is bounded θ is φ.
      if (!curved) return { log_densities, gradients };
      const power = 1 / shards.length;
      return {
        log_densities: log_densities.map((l, i) => l + power * log_jacobian(model, row(points, i))),
        gradients: pull_back(gradients, points, model, wanted.length, power),
      };
    },
    coordinate(scalar) {
      const field = model.fields.find(({ offset, size }) => scalar >= offset && scalar < offset + Math.max(1, size));
      if (field === undefined || field.constraint !== 'none') return undefined;
      return field.unconstrained.offset + scalar - field.offset;
    },
  };
}

const is_bounded = ({ lower, upper }: Prior) => lower !== -Infinity || upper !== Infinity;

function unconstrain_shard(shard: Shard, model: Model, names: readonly string[]): Shard {
  const points = map_rows(shard.points, model.dimension, (theta) => unconstrain_all(model, theta));
  const bad = points.values.findIndex((phi) => !Number.isFinite(phi));
  if (bad >= 0) {
    const i = Math.floor(bad / model.dimension);
    const theta = Array.from(row(shard.points, i), (value, j) => `${names[j]} = ${value}`).join(', ');
    throw new UserError(
      `${shard.name}, draw ${i + 1} is not inside the bounds of the model ${model.name}: ${theta}.\nGive the model that was sampled.`,
    );
  }
  const { gradients, log_densities } = shard;
  return {
    ...shard,
    points,
    ...(gradients === undefined ? {} : { gradients: pull_back(gradients, points, model, names.length, 1) }),
    ...(log_densities === undefined
      ? {}
      : { log_densities: log_densities.map((l, i) => l + log_jacobian(model, row(points, i))) }),
  };
}

const known_priors = new WeakMap<ParameterField, Prior[]>();

/** Of a field, made once: Jacobians are asked for at every point. */
function priors_of(model: Model, field: ParameterField): Prior[] {
  const known = known_priors.get(field) ?? field_priors(model, field);
  known_priors.set(field, known);
  return known;
}

/** log |J| of a whole model. */
export function log_jacobian(model: Model, phi: Float64Array): number {
  return model.fields.reduce((sum, field) => sum + field_log_jacobian(model, field, phi), 0);
}

function field_log_jacobian(model: Model, field: ParameterField, phi: Float64Array): number {
  const { offset, size } = field.unconstrained;
  const priors = priors_of(model, field);
  if (field.constraint === 'simplex') return simplex_log_jacobian(Array.from(phi.subarray(offset, offset + size)));
  if (field.constraint === 'ordered') {
    return ordered_log_jacobian(Array.from(phi.subarray(offset, offset + size)), is_positive(priors));
  }
  return priors.reduce((sum, prior, i) => sum + log_slope(prior, phi[offset + i] as number), 0);
}

/** Central differences of smooth functions of order 1 are right to about 1e-10. */
const STEP = 1e-5;

/** Gradients with respect to θ become those with respect to φ of the density with a power of the Jacobian: Jᵀ g + power ∇ log |J|. */
function pull_back(
  gradients: Float64Array,
  points: Points,
  model: Model,
  scalars: number,
  power: number,
): Float64Array {
  const { count, dimension } = points;
  const pulled = new Float64Array(count * dimension);
  // Elements without an order are each a function of one coordinate; the others are pulled back field by field.
  const single = model.fields
    .filter(({ constraint }) => constraint === 'none')
    .flatMap((field) =>
      field_priors(model, field).map((prior, i) => ({
        ...{ prior, scalar: field.offset + i, coordinate: field.unconstrained.offset + i },
      })),
    );
  const joint = model.fields
    .filter(({ constraint }) => constraint !== 'none')
    .flatMap((field) => Array.from({ length: field.unconstrained.size }, (_, i) => [field, i] as const));
  for (let i = 0; i < count; i++) {
    const phi = Float64Array.from(row(points, i));
    const g = gradients.subarray(i * scalars, (i + 1) * scalars);
    for (const { prior, scalar, coordinate } of single) {
      const here = phi[coordinate] as number;
      const bend = (log_slope(prior, here + STEP) - log_slope(prior, here - STEP)) / (2 * STEP);
      pulled[i * dimension + coordinate] = (g[scalar] as number) * slope(prior, here) + power * bend;
    }
    for (const [field, n] of joint) {
      const j = field.unconstrained.offset + n;
      const here = phi[j] as number;
      const at = (shift: number) => {
        phi[j] = here + shift;
        return { theta: constrain_all(model, phi), log_j: field_log_jacobian(model, field, phi) };
      };
      const [above, below] = [at(STEP), at(-STEP)];
      phi[j] = here;
      let sum = power * (above.log_j - below.log_j);
      for (let k = field.offset; k < field.offset + field.size; k++) {
        sum += (g[k] as number) * ((above.theta[k] as number) - (below.theta[k] as number));
      }
      pulled[i * dimension + j] = sum / (2 * STEP);
    }
  }
  return pulled;
}

const row = ({ values, dimension }: Points, i: number) => values.subarray(i * dimension, (i + 1) * dimension);

function map_rows(points: Points, dimension: number, of: (row: Float64Array) => Float64Array): Points {
  const values = new Float64Array(points.count * dimension);
  for (let i = 0; i < points.count; i++) values.set(of(row(points, i)), i * dimension);
  return { count: points.count, dimension, values };
}
