/** Draws as they come from the device, made into chains in constrained space. */

import type { DrawsFile } from '../data/draws_file.ts';
import { constrain_all } from '../model/space.ts';
import type { Model } from '../model/types.ts';
import type { MomentsOfChains } from './options.ts';
import { stat_count, stat_row } from './params.ts';
import type { Block } from './runner.ts';

export interface Collector {
  add(block: Block): void;
  /** Of all draws so far. */
  finish(): DrawsFile;
}

/** @param most draws that will come, per chain */
export function create_collector(model: Model, chains: number, most: number): Collector {
  const { dimension, scalars } = model;
  const room = () => Array.from({ length: chains }, () => new Float64Array(most));
  const parameters = scalars.map(room);
  const sampler = {
    lp: room(),
    energy: room(),
    acceptance_rate: room(),
    n_steps: room(),
    diverging: room(),
  };
  const rows = [
    [stat_row.log_density, sampler.lp],
    [stat_row.energy, sampler.energy],
    [stat_row.acceptance, sampler.acceptance_rate],
    [stat_row.steps, sampler.n_steps],
    [stat_row.diverging, sampler.diverging],
  ] as const;
  const phi = new Float64Array(dimension);
  let count = 0;
  return {
    add({ draws, stats, iterations }) {
      for (let i = 0; i < iterations; i++) {
        for (let c = 0; c < chains; c++) {
          for (let d = 0; d < dimension; d++) phi[d] = draws[(i * dimension + d) * chains + c] as number;
          const theta = constrain_all(model, phi);
          parameters.forEach((parameter, p) => {
            (parameter[c] as Float64Array)[count] = theta[p] as number;
          });
          for (const [row, column] of rows) {
            (column[c] as Float64Array)[count] = stats[(i * stat_count + row) * chains + c] as number;
          }
        }
        count += 1;
      }
    },
    finish() {
      const cut = (column: Float64Array[]) => column.map((chain) => chain.subarray(0, count));
      return {
        chains,
        draws: count,
        parameters: new Map(scalars.map(({ name }, p) => [name, cut(parameters[p] as Float64Array[])])),
        sampler: Object.fromEntries(Object.entries(sampler).map(([name, column]) => [name, cut(column)])),
        warmup: 0,
      };
    },
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
  const last = scalars.map(() => Array.from({ length: chains }, () => new Float64Array(1)));
  for (let c = 0; c < chains; c++) {
    for (let d = 0; d < dimension; d++) phi[d] = position[d * chains + c] as number;
    const theta = constrain_all(model, phi);
    last.forEach((parameter, p) => {
      (parameter[c] as Float64Array)[0] = theta[p] as number;
    });
  }
  const moments_at = (row: number) =>
    Array.from({ length: chains }, (_, c) => ({
      mean: sums[row * chains + c] as number,
      variance: (sums[(row + scalars.length) * chains + c] as number) / Math.max(1, kept - 1),
    }));
  return {
    draws: {
      chains,
      draws: 1,
      parameters: new Map(scalars.map(({ name }, p) => [name, last[p] as Float64Array[]])),
      sampler: {},
      warmup: 0,
    },
    moments: new Map(
      scalars.map(({ name }, p) => [name, { theta: moments_at(p), square: moments_at(2 * scalars.length + p) }]),
    ),
  };
}
