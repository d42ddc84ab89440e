/**
 * The memory of a filter bank: one formula per buffer, by which the bank allocates and `--dry-run` tells what it will take.
 */

import { type BufferPlan, type Factor, per_number, plan_buffer } from '../gpu/buffer_plan.ts';
import type { StateSpaceModel } from '../model/types.ts';
import type { Shape } from './bank.ts';
import { progress_bytes, tile_size, tile_words } from './grid.ts';
import { component_count } from './model_access.ts';
import { params_bytes, result_row } from './params.ts';

export interface BankSizes {
  model: StateSpaceModel;
  shape: Shape;
  particles: number;
  /** That memory is made for. */
  filters: number;
  /** Filters at once, which share the buffer of particles. */
  wave: number;
  /** Filters that one workgroup runs: their particles lie together, so memory is made for whole workgroups. */
  per_workgroup: number;
  /** T. */
  steps: number;
  /** Parameters differentiated, or 0. */
  tangents: number;
  /** Rows of the trace per step, or 0. */
  trace_rows: number;
  /** Rows of the lineage per step and particle, or 0. */
  lineage_rows: number;
}

/** Bytes of one filter in the larger of the buffers that hold particles and weights, which decide how many filters run at once. */
export const filter_bytes = ({
  model,
  shape,
  particles,
  tangents,
}: Pick<BankSizes, 'model' | 'shape' | 'particles' | 'tangents'>) =>
  Math.max(
    plan_buffer('particles', ...particle_factors(model, particles, tangents)).bytes,
    plan_buffer('weights', ...weight_factors(shape, particles)).bytes,
  );

/** The log-weight and the fixed-point weight or its prefix sum, which takes two words in the grid. */
const weight_factors = (shape: Shape, particles: number): Factor[] => [
  [shape === 'grid' ? 3 : 2, 'words'],
  [particles, 'particles'],
  per_number,
];

const particle_factors = (model: StateSpaceModel, particles: number, tangents: number): Factor[] => [
  [2, 'halves'],
  [component_count(model, tangents), 'components'],
  [particles, 'particles'],
  per_number,
];

export function bank_memory(sizes: BankSizes): BufferPlan[] {
  const { model, shape, particles, filters, wave, per_workgroup, steps, tangents, trace_rows, lineage_rows } = sizes;
  const grid = shape === 'grid';
  const at_once: Factor = [Math.ceil(wave / per_workgroup) * per_workgroup, 'filters at once'];
  const all: Factor = [filters, 'filters'];
  return [
    plan_buffer('params', [params_bytes, 'bytes']),
    plan_buffer('theta_values', [model.scalars.length, 'parameters'], all, per_number),
    plan_buffer('observations', [Math.max(1, steps), 'rows'], [1 + model.observation.length, 'cells'], per_number),
    plan_buffer('keys', [2, 'words'], all, per_number),
    plan_buffer('particles', ...particle_factors(model, particles, tangents), at_once),
    plan_buffer('weights', ...weight_factors(shape, particles), at_once),
    plan_buffer('results', [result_row.score + tangents, 'rows'], all, per_number),
    ...(trace_rows > 0 ? [plan_buffer('trace', [steps + 1, 'steps'], [trace_rows, 'rows'], all, per_number)] : []),
    ...(lineage_rows > 0
      ? [
          plan_buffer(
            'lineage',
            all,
            [steps + 1, 'steps'],
            [lineage_rows, 'rows'],
            [particles, 'particles'],
            per_number,
          ),
        ]
      : []),
    ...(grid
      ? [
          plan_buffer('tiles', [Math.ceil(particles / tile_size), 'tiles'], [tile_words, 'words'], per_number, at_once),
          plan_buffer('progress', [progress_bytes, 'bytes'], at_once),
        ]
      : []),
  ];
}

/** The buffer that src/filter/shared_noise.ts fills. */
export function shared_noise_memory(model: StateSpaceModel, steps: number, particles: number): BufferPlan {
  if (model.noise === 0) return plan_buffer('shared_noise', per_number);
  return plan_buffer(
    'shared_noise',
    [steps + 1, 'steps'],
    [particles, 'particles'],
    [model.noise, 'normals'],
    per_number,
  );
}

/** The large buffers of a forward run from given states (src/filter/predict.ts). */
export function predict_memory(
  model: StateSpaceModel,
  starts: number,
  horizon: number,
  replicates: number,
): BufferPlan[] {
  const from: Factor = [starts, 'starts'];
  const draws: Factor = [replicates, 'draws'];
  const rows: Factor = [model.state_size + model.observation.length, 'rows'];
  return [
    plan_buffer('starts', from, [model.state_size, 'components'], draws, per_number),
    plan_buffer('predictions', from, [horizon, 'steps'], rows, draws, per_number),
  ];
}
