/** The memory of SMC² beside its filter bank: one formula per buffer, by which the engine allocates and `--dry-run` tells what it will take. */

import { type BufferPlan, per_number, plan_buffer } from '../gpu/buffer_plan.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { params_bytes } from './params.ts';
import { stats_length } from './stats.ts';

/** Numbers of a theta in a population. */
export const population_rows = (dimension: number) => 3 * dimension + 3;

/** The engine's own buffers. `a` and `b` are the populations; rows as in shaders/smc2/population.wgsl. */
export function engine_memory(model: StateSpaceModel, thetas: number): BufferPlan[] {
  const dimension = model.scalars.length;
  const population = [[population_rows(dimension), 'rows'], [thetas, 'thetas'], per_number] as const;
  const row = [[thetas, 'thetas'], per_number] as const;
  return [
    plan_buffer('params', [params_bytes, 'bytes']),
    plan_buffer('a', ...population),
    plan_buffer('b', ...population),
    plan_buffer('weights_a', ...row),
    plan_buffer('weights_b', ...row),
    plan_buffer('tempered', [2, 'rows'], ...row),
    plan_buffer('half_norms', ...row),
    plan_buffer('prefix', ...row),
    plan_buffer('ancestors', ...row),
    plan_buffer('frozen', [2 * dimension + 5 * dimension ** 2, 'numbers'], per_number),
    plan_buffer('stats', [stats_length(dimension), 'numbers'], per_number),
  ];
}

/** What a run keeps of each posterior move: phi, log-weights, families, log-likelihood. */
export const history_memory = (model: StateSpaceModel, thetas: number, moves: number): BufferPlan =>
  plan_buffer('history', [moves, 'moves'], [model.scalars.length + 3, 'rows'], [thetas, 'thetas'], per_number);
