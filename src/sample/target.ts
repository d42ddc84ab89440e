/**
 * What chains sample: a model with its data on the device, and the way its gradients are shared out.
 *
 *   fused   one invocation evaluates a chain's gradient on all rows, many leapfrog steps per dispatch
 *   split   rows are shared out between invocations, a few dispatches per leapfrog step
 *   tile    as split, with several chains per invocation, for models with a linear predictor
 *   bank    a bank of particle filters with common noise gives the likelihood of a state-space model, one filter per chain
 */

import { create_filter_bank, result_row } from '../filter/bank.ts';
import { model_modules } from '../filter/model_modules.ts';
import type { Columns } from '../filter/observations.ts';
import { create_shared_noise } from '../filter/shared_noise.ts';
import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import type { LogDensityModel, Model, StateSpaceModel } from '../model/types.ts';
import { site, type Words, words_at } from '../random/threefry.ts';
import { external_modules, log_density_modules, tile_modules } from './target_module.ts';
import { has_tiles, tile_rows, tile_text } from './tile_module.ts';

export interface Target {
  model: Model;
  shape: 'fused' | 'split' | 'tile' | 'bank';
  /** Generated modules that the kernels import. */
  modules: Readonly<Record<string, string>>;
  /** By binding name. */
  buffers: Readonly<Record<string, GPUBuffer>>;
  /** Blocks that the rows are cut in. */
  blocks: number;
  /** tile: chains per invocation. */
  tile: number;
  /** bank: from theta_values to parts, for all chains. */
  evaluate?(parts: GPUBuffer): Promise<void>;
  destroy(): void;
}

/** Of a log-density model its rows; of a state-space model its series, and the particles of each filter. */
export type Data = { rows: PackedRows } | { series: Columns; particles: number };

/** Invocations that keep a device busy, and rows that make a block worth its dispatches. */
const busy = { hardware: 32768, software: 32 } as const;
const least_rows = 64;

/** Chains that one invocation takes where data serve several: two vectors of four; on a GPU their registers would not fit. */
const tile_of = { hardware: 1, software: 8 } as const;

/** How the rows of a log-density model are shared out. @param blocks absent: by device and size */
export function plan_rows(
  kind: 'hardware' | 'software',
  model: LogDensityModel,
  rows: number,
  chains: number,
  blocks?: number,
): { shape: 'fused' | 'split' | 'tile'; blocks: number; tile: number } {
  if (model.entry === 'log_density' || rows === 0) return { shape: 'fused', blocks: 1, tile: 1 };
  const fitting = (invocations: number) =>
    blocks ?? Math.max(1, Math.min(Math.ceil(busy[kind] / invocations), Math.floor(rows / least_rows), 256));
  const tile = tile_of[kind];
  if (has_tiles(model)) return { shape: 'tile', blocks: fitting(Math.ceil(chains / tile)), tile };
  const few = fitting(chains);
  return { shape: few > 1 ? 'split' : 'fused', blocks: few, tile: 1 };
}

export interface TargetOptions {
  model: Model;
  data: Data;
  chains: number;
  key: Words;
  /** Absent: by device and size. */
  blocks?: number;
  /** The target is prior^prior_power × likelihood, as densities of theta; absent: 1. */
  prior_power?: number;
}

export async function create_target(device: Device, options: TargetOptions): Promise<Target> {
  const { model, data, chains, prior_power = 1 } = options;
  if (model.kind === 'state-space') {
    if (!('series' in data)) throw new Error('a state-space model needs a series');
    return create_bank_target(device, model, data, chains, options.key, prior_power);
  }
  if (!('rows' in data)) throw new Error('a log-density model needs rows');
  const { rows } = data;
  const plan = plan_rows(device.adapter.kind, model, rows.count, chains, options.blocks);
  const values = plan.shape === 'tile' ? tile_rows(model, rows) : rows.values;
  const buffer = rows.count > 0 ? device.upload('langevin.sample.data', values) : undefined;
  return {
    model,
    ...plan,
    modules:
      plan.shape === 'tile'
        ? tile_modules(model, tile_text(model, rows.count, plan.blocks, plan.tile), prior_power)
        : log_density_modules(model, rows.count, plan.blocks, prior_power),
    buffers: buffer ? { data: buffer } : {},
    destroy: () => buffer && device.buffers.give(buffer),
  };
}

async function create_bank_target(
  device: Device,
  model: StateSpaceModel,
  { series, particles }: { series: Columns; particles: number },
  chains: number,
  key: Words,
  prior_power: number,
): Promise<Target> {
  const noise_key = words_at(key, site.filter_key, 0, 0);
  const noise = await create_shared_noise(device, model, series, particles, noise_key);
  const bank = await create_filter_bank(device, {
    model,
    data: series,
    particles,
    filters: chains,
    gradient: true,
    shared_noise: noise,
  });
  // Every filter has the same key: the likelihood is one function of the parameters, and its resampling is common too.
  const keys = new Uint32Array(2 * chains);
  for (let c = 0; c < chains; c++) keys.set(noise_key, 2 * c);
  device.gpu.queue.writeBuffer(bank.keys, 0, keys);
  const row = 4 * chains;
  return {
    model,
    shape: 'bank',
    modules: external_modules(model, model_modules(model, 0).model as string, prior_power),
    buffers: { theta_values: bank.theta },
    blocks: 1,
    tile: 1,
    async evaluate(parts) {
      await bank.evaluate(chains);
      const from_results = (first: number, count: number, to: number) => ({
        source: bank.results,
        source_offset: first * row,
        target: parts,
        target_offset: to * row,
        bytes: count * row,
      });
      device.copy([
        from_results(result_row.log_likelihood, 1, 0),
        from_results(result_row.score, model.scalars.length, 1),
      ]);
    },
    destroy() {
      bank.destroy();
      device.buffers.give(noise);
    },
  };
}
