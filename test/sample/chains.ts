/** Chains of a test's target: started at given places, run for some iterations by one transition, and read back whole. */

import type { Device } from '../../src/gpu/device.ts';
import type { PackedRows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import type { Words } from '../../src/random/threefry.ts';
import type { Block } from '../../src/sample/blocks.ts';
import { create_engine, type Engine } from '../../src/sample/engine.ts';
import { type Metric, unit_metric } from '../../src/sample/metric.ts';
import { stat_count, stat_row } from '../../src/sample/params.ts';
import { create_runner, type Runner } from '../../src/sample/runner.ts';
import type { Machine } from '../../src/sample/stepper.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { create_target } from '../../src/sample/target.ts';

export interface ChainSetting {
  model: LogDensityModel;
  /** Of the model's data; absent: it needs none. */
  rows?: PackedRows;
  blocks?: number;
  prior_power?: number;
  /** Shader modules that take the place of the project's, by path. */
  modules?: Readonly<Record<string, string>>;
  /** What bindings of those modules hold, by name. */
  inputs?: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  chains: number;
  metric?: Metric;
  /** Iterations that the buffers of draws hold. */
  capacity?: number;
  machines: readonly Machine[];
}

export interface ChainRun extends Omit<ChainSetting, 'machines'> {
  /** phi [D][chains] */
  start: Float32Array<ArrayBuffer>;
  key: Words;
  transition: Transition;
  iterations: number;
  thinning?: number;
}

export interface Ran {
  /** By chain: one coordinate of the draws of a recorded iteration. */
  draws(iteration: number, d: number): Float32Array;
  /** By chain: what is known of that iteration. */
  stat(iteration: number, row: keyof typeof stat_row): Float32Array;
  /** Leapfrog evaluations by chain, that of the start among them. */
  evaluations: Uint32Array;
  /** Transitions that diverged, by chain. */
  divergences: Uint32Array;
  energy_fraction: Float64Array;
  start_log_density: Float32Array;
  /** Iterations in each block as it came. */
  blocks: number[];
}

export const no_rows: PackedRows = { count: 0, values: new Float32Array() };

/** Room for trees of NUTS. */
export const levels = 10;

/** An engine for `body`; what it took is given back after. */
export async function with_engine<T>(device: Device, setting: ChainSetting, body: (engine: Engine) => Promise<T>) {
  const {
    model,
    rows = no_rows,
    blocks,
    prior_power,
    modules = {},
    inputs = {},
    chains,
    metric,
    capacity = 64,
  } = setting;
  const own = await create_target(device, {
    model,
    data: { rows },
    chains,
    key: [0, 0],
    ...(blocks === undefined ? {} : { blocks }),
    ...(prior_power === undefined ? {} : { prior_power }),
  });
  const uploads = Object.fromEntries(
    Object.entries(inputs).map(([name, words]) => [name, device.upload(`langevin.test.${name}`, words)]),
  );
  const target = {
    ...own,
    modules: { ...own.modules, ...modules },
    buffers: { ...own.buffers, ...uploads },
  };
  const { dimension } = model;
  const used = metric ?? unit_metric('unit', dimension);
  const sizes = {
    dimension,
    chains,
    metric: used.kind,
    capacity,
    law_length: 65536,
    levels,
    ...(target.shape === 'split' ? { parts: { parameters: model.scalars.length, blocks: target.blocks } } : {}),
  };
  const engine = await create_engine(device, target, sizes, setting.machines);
  try {
    engine.set_metric(used);
    return await body(engine);
  } finally {
    engine.destroy();
    target.destroy();
    for (const buffer of Object.values(uploads)) device.buffers.give(buffer);
  }
}

/** The same, with a runner whose chains have started. */
export function with_runner<T>(
  device: Device,
  setting: ChainSetting & Pick<ChainRun, 'start' | 'key'>,
  body: (runner: Runner) => Promise<T>,
): Promise<T> {
  return with_engine(device, setting, async (engine) => {
    await engine.start(setting.start, setting.key);
    return body(create_runner(device, engine, setting.key));
  });
}

export function run_chains(device: Device, run: ChainRun): Promise<Ran> {
  return with_engine(device, { ...run, machines: [run.transition.machine] }, async (engine) => {
    const start_log_density = await engine.start(run.start, run.key);
    const runner = create_runner(device, engine, run.key);
    const iterations: { draws: Float32Array; stats: Float32Array }[] = [];
    const blocks: number[] = [];
    const take = (block: Block) => {
      blocks.push(block.iterations);
      const part = (all: Float32Array, i: number) => {
        const size = all.length / block.iterations;
        return all.subarray(i * size, (i + 1) * size);
      };
      for (let i = 0; i < block.iterations; i++)
        iterations.push({ draws: part(block.draws, i), stats: part(block.stats, i) });
    };
    await runner.record(run.transition, run.iterations, { thinning: run.thinning ?? 1, take });
    const row = (all: Float32Array | undefined, r: number) =>
      (all as Float32Array).subarray(r * run.chains, (r + 1) * run.chains);
    if (iterations.some(({ stats }) => stats.length !== stat_count * run.chains)) throw new Error('a block is short');
    return {
      draws: (iteration, d) => row(iterations[iteration]?.draws, d),
      stat: (iteration, name) => row(iterations[iteration]?.stats, stat_row[name]),
      ...(await engine.counts()),
      energy_fraction: await engine.energy_fraction(),
      start_log_density,
      blocks,
    };
  });
}
