/** Draws of one shard, or of all rows, by our own sampler, with what it knows of its density there. */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Points } from '../../src/diagnostics/points.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { Shard } from '../../src/merge/shards/shard.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { site, uniform_at } from '../../src/random/threefry.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { run_sample } from '../../src/sample/sample.ts';
import type { MergeSizes } from './sizes.ts';

export interface ShardWork {
  model: LogDensityModel;
  /** [row][column], in the order of struct Row. */
  rows: readonly (readonly number[])[];
  /** Of the prior: 1 over the number of shards. */
  power: number;
  draws: number;
  seed: number;
  /** Where chains start, in unconstrained coordinates, give or take 1; absent: as `langevin sample` starts them. */
  around?: readonly number[];
}

const packed = (rows: ShardWork['rows']) => ({ count: rows.length, values: Float32Array.from(rows.flat()) });

/** [chain · draw][parameter], chain after chain; at least as many as asked for. */
export async function sample_rows(
  device: Device,
  { model, rows, power, draws, seed, around }: ShardWork,
  { chains, warm_up }: Pick<MergeSizes, 'chains' | 'warm_up'>,
): Promise<{ points: Points; chains: number }> {
  const result = await run_sample(device, {
    ...{
      model,
      chains,
      warm_up,
      seed,
      prior_power: power,
      data: { rows: packed(rows) },
      draws: Math.ceil(draws / chains),
    },
    ...{
      sampler: 'nuts',
      thinning: 1,
      keep: 'draws',
      metric: 'diagonal',
      jitter: 1,
      learn: 0,
      length_per_chain: false,
    },
    most_depth: 10,
    ...(around === undefined ? {} : { start: starts(around, chains, seed) }),
  });
  return { points: points_of(result.draws), chains };
}

/** [coordinate][chain] */
const starts = (around: readonly number[], chains: number, seed: number) =>
  Float32Array.from(
    around.flatMap((x, d) =>
      Array.from({ length: chains }, (_, c) => x + 2 * uniform_at([seed, d], site.start, 0, c) - 1),
    ),
  );

/** Log densities and gradients by the parameters that people see. */
export async function with_densities(
  device: Device,
  { model, rows, power }: Pick<ShardWork, 'model' | 'rows' | 'power'>,
  name: string,
  { points, chains }: { points: Points; chains: number },
): Promise<Shard> {
  const densities = await evaluate_densities(device, model, { rows: packed(rows) }, points, { prior_power: power });
  return { name, points, chains, ...densities };
}

/** The rows dealt out to shards by turns, sampled one after the other. */
export async function sample_shards(
  device: Device,
  { model, rows, around }: Pick<ShardWork, 'model' | 'rows' | 'around'>,
  shards: number,
  sizes: MergeSizes,
  say: (line: string) => void,
): Promise<Shard[]> {
  const all: Shard[] = [];
  const power = 1 / shards;
  for (let b = 0; b < shards; b++) {
    const work = {
      model,
      rows: rows.filter((_, i) => i % shards === b),
      power,
      draws: sizes.shard_draws,
      seed: 100 + b,
      ...(around ? { around } : {}),
    };
    const drawn = await sample_rows(device, work, sizes);
    all.push(await with_densities(device, work, `shard ${b + 1}`, drawn));
    if (shards <= 8 || b % 16 === 15) say(`${b + 1} of ${shards} shards are sampled`);
  }
  return all;
}

function points_of({ parameters, chains, draws }: DrawsFile): Points {
  const dimension = parameters.size;
  const values = new Float64Array(chains * draws * dimension);
  Array.from(parameters.values()).forEach((columns, p) => {
    columns.forEach((chain, c) => {
      for (let t = 0; t < draws; t++) values[(c * draws + t) * dimension + p] = chain[t] as number;
    });
  });
  return { count: chains * draws, dimension, values };
}
