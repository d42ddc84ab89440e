/** The memory of chains: one formula per buffer, by which the engine allocates and `--dry-run` tells what it will take. */

import { type BufferPlan, per_number, plan_buffer } from '../gpu/buffer_plan.ts';
import type { MetricKind } from './metric.ts';
import { chain_words, params_bytes, stat_count, vector_slots } from './params.ts';

export interface ChainSizes {
  /** D, unconstrained coordinates. */
  dimension: number;
  chains: number;
  metric: MetricKind;
  /** Iterations that the buffers of draws hold. */
  capacity: number;
  /** Longest list of trajectory lengths. */
  law_length: number;
  /** Deepest tree of NUTS; absent where no kernel of the run is NUTS. */
  levels?: number;
  /** T, where chains keep moments instead of draws. */
  moments?: number;
  /** T and the blocks of rows, where the likelihood comes in parts. */
  parts?: { parameters: number; blocks: number };
}

export function chain_memory(sizes: ChainSizes): BufferPlan[] {
  const { dimension, chains, metric, capacity, law_length, levels, parts, moments } = sizes;
  const coordinates = [dimension, 'coordinates'] as const;
  const all = [chains, 'chains'] as const;
  const vectors = (role: string, slots: number) => plan_buffer(role, [slots, 'vectors'], coordinates, all, per_number);
  return [
    plan_buffer('params', [params_bytes, 'bytes']),
    plan_buffer('metric', coordinates, ...(metric === 'dense' ? [coordinates] : []), per_number),
    plan_buffer('law', [law_length, 'lengths'], per_number),
    vectors('vectors', vector_slots),
    plan_buffer('chain_words', [chain_words, 'words'], all, per_number),
    plan_buffer('draws', [capacity, 'iterations'], coordinates, all, per_number),
    plan_buffer('draw_stats', [capacity, 'iterations'], [stat_count, 'numbers'], all, per_number),
    ...(levels === undefined ? [] : [vectors('ends', 6), vectors('sums', 2), vectors('checkpoints', 2 * levels)]),
    ...(moments === undefined ? [] : [plan_buffer('moments', [4, 'sums'], [moments, 'parameters'], all, per_number)]),
    ...(parts === undefined
      ? []
      : [plan_buffer('parts', [parts.blocks, 'blocks'], [1 + parts.parameters, 'numbers'], all, per_number)]),
  ];
}

/** Of the host, measured with chain_statistics: draws in f64, their order, ranks and scores. */
const bytes_to_judge = 140;

/** What the sampler tells of every draw: lp, energy, acceptance, steps, divergence, depth of the tree, step size. */
const told = 7;

/** The host's memory of kept draws: as they come, while one parameter after the other is judged, and as they are written. */
export function host_memory(draws: { chains: number; kept: number; parameters: number }): BufferPlan[] {
  const kept = [draws.kept, 'draws'] as const;
  const all = [draws.chains, 'chains'] as const;
  const columns = [draws.parameters + told, 'columns'] as const;
  return [
    plan_buffer('draws', kept, all, columns, per_number),
    plan_buffer('judging one column', kept, all, [bytes_to_judge, 'bytes']),
    plan_buffer('writing', kept, all, columns, per_number),
  ];
}

/** Bytes of draws that stay on the device while the host takes the block before. */
const draws_bytes = 2 ** 25;

/** Iterations for `draws` to hold, an even number: two blocks that take turns. */
export function draws_capacity(dimension: number, chains: number, wanted: number): number {
  const fitting = Math.floor(draws_bytes / (4 * chains * (dimension + stat_count)) / 2);
  return 2 * Math.max(1, Math.min(fitting, Math.ceil(wanted / 2), 1024));
}
