/** Draws as they come from the device, made into chains in constrained space. */

import type { DrawsFile } from '../data/draws_file.ts';
import { kept_draws } from '../data/kept_draws.ts';
import { constrain_all } from '../model/space.ts';
import type { Model } from '../model/types.ts';
import type { Block } from './blocks.ts';
import type { MomentsOfChains } from './options.ts';
import { stat_count, stat_row } from './params.ts';

export interface Collector {
  add(block: Block): void;
  /** Of all draws so far. */
  finish(): DrawsFile;
  /** All draws so far, to go on from. */
  keep(): CollectedDraws;
}

/** Draws so far. What stands behind `count` is nothing yet: who goes on from here writes it. */
export interface CollectedDraws {
  count: number;
  /** [parameters, then what is told of a transition][chain][draw] */
  columns: Float32Array[];
}

/** What is known of every recorded transition beside the numbers that the device gives. */
export interface CollectorOptions {
  /** The transitions are those of NUTS, whose trees have a depth. */
  trees?: boolean;
  step_size?: number;
  /** Goes on from there. */
  from?: CollectedDraws;
}

/** @param most draws that will come, per chain */
export function create_collector(
  model: Model,
  chains: number,
  most: number,
  { trees = false, step_size, from }: CollectorOptions = {},
): Collector {
  const { dimension, scalars } = model;
  const room = () => new Float32Array(chains * most);
  const parameters = scalars.map((_, p) => from?.columns[p] ?? room());
  const rows = [
    ['lp', stat_row.log_density],
    ['energy', stat_row.energy],
    ['acceptance_rate', stat_row.acceptance],
    ['n_steps', stat_row.steps],
    ['diverging', stat_row.diverging],
    ...(trees ? [['tree_depth', stat_row.extra] as const] : []),
  ] as const;
  const told = rows.map(([name, row], n) => ({ name, row, column: from?.columns[scalars.length + n] ?? room() }));
  const phi = new Float64Array(dimension);
  let count = from?.count ?? 0;
  return {
    add({ draws, stats, iterations }) {
      for (let i = 0; i < iterations; i++) {
        for (let c = 0; c < chains; c++) {
          const at = c * most + count;
          for (let d = 0; d < dimension; d++) phi[d] = draws[(i * dimension + d) * chains + c] as number;
          const theta = constrain_all(model, phi);
          parameters.forEach((parameter, p) => {
            parameter[at] = theta[p] as number;
          });
          for (const { row, column } of told) column[at] = stats[(i * stat_count + row) * chains + c] as number;
        }
        count += 1;
      }
    },
    keep: () => ({ count, columns: [...parameters, ...told.map(({ column }) => column)] }),
    finish: () =>
      kept_draws({
        chains,
        draws: count,
        room: most,
        parameters: new Map(scalars.map(({ name }, p) => [name, parameters[p] as Float32Array])),
        sampler: {
          ...Object.fromEntries(told.map(({ name, column }) => [name, column])),
          ...(step_size === undefined ? {} : { step_size: room().fill(step_size) }),
        },
      }),
  };
}

/** Of chains that kept moments: the last draw of each, and [4][T][chain] sums made moments (shaders/sample/moments.wgsl). */
export function collect_moments(
  model: Model,
  chains: number,
  kept: number,
  position: Float32Array,
  sums: Float32Array,
): { draws: DrawsFile; moments: Map<string, MomentsOfChains> } {
  const { dimension, scalars } = model;
  const phi = new Float64Array(dimension);
  const last = scalars.map(() => new Float32Array(chains));
  for (let c = 0; c < chains; c++) {
    for (let d = 0; d < dimension; d++) phi[d] = position[d * chains + c] as number;
    const theta = constrain_all(model, phi);
    last.forEach((parameter, p) => {
      parameter[c] = theta[p] as number;
    });
  }
  const moments_at = (row: number) =>
    Array.from({ length: chains }, (_, c) => ({
      mean: sums[row * chains + c] as number,
      variance: (sums[(row + scalars.length) * chains + c] as number) / Math.max(1, kept - 1),
    }));
  return {
    draws: kept_draws({
      chains,
      draws: 1,
      room: 1,
      parameters: new Map(scalars.map(({ name }, p) => [name, last[p] as Float32Array])),
      sampler: {},
    }),
    moments: new Map(
      scalars.map(({ name }, p) => [name, { theta: moments_at(p), square: moments_at(2 * scalars.length + p) }]),
    ),
  };
}
