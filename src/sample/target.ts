/**
 * What chains sample: a model with its data on the device, and the way its gradients are shared out.
 *
 *   fused   one invocation evaluates a chain's gradient on all rows, many leapfrog steps per dispatch
 *   split   rows are shared out between invocations, a few dispatches per leapfrog step
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
import { external_modules, log_density_modules } from './target_module.ts';

export interface Target {
  model: Model;
  shape: 'fused' | 'split' | 'bank';
  /** Generated modules that the kernels import. */
  modules: Readonly<Record<string, string>>;
  /** By binding name. */
  buffers: Readonly<Record<string, GPUBuffer>>;
  /** Blocks that the rows are cut in. */
  blocks: number;
  /** bank: from theta_values to parts, for all chains. */
  evaluate?(parts: GPUBuffer): Promise<void>;
  destroy(): void;
}

/** Of a log-density model its rows; of a state-space model its series, and the particles of each filter. */
export type Data = { rows: PackedRows } | { series: Columns; particles: number };

/** Invocations that keep a device busy, and rows that make a block worth its dispatches. */
const busy = { hardware: 32768, software: 8 } as const;
const least_rows = 32;

/** Blocks to cut the rows in; 1 where chains fill the device by themselves. */
export function choose_blocks(
  kind: 'hardware' | 'software',
  model: LogDensityModel,
  rows: number,
  chains: number,
): number {
  if (model.entry === 'log_density') return 1;
  return Math.max(1, Math.min(Math.ceil(busy[kind] / chains), Math.floor(rows / least_rows), 256));
}

export interface TargetOptions {
  model: Model;
  data: Data;
  chains: number;
  key: Words;
  /** Absent: by device and size. */
  blocks?: number;
}

export async function create_target(device: Device, options: TargetOptions): Promise<Target> {
  const { model, data, chains } = options;
  if (model.kind === 'state-space') {
    if (!('series' in data)) throw new Error('a state-space model needs a series');
    return create_bank_target(device, model, data, chains, options.key);
  }
  if (!('rows' in data)) throw new Error('a log-density model needs rows');
  const { rows } = data;
  const blocks = options.blocks ?? choose_blocks(device.adapter.kind, model, rows.count, chains);
  const modules = log_density_modules(model, rows.count, blocks);
  const buffer = rows.count > 0 ? device.upload('langevin.sample.data', rows.values) : undefined;
  return {
    model,
    shape: blocks > 1 ? 'split' : 'fused',
    modules,
    buffers: buffer ? { data: buffer } : {},
    blocks,
    destroy: () => buffer && device.buffers.give(buffer),
  };
}

async function create_bank_target(
  device: Device,
  model: StateSpaceModel,
  { series, particles }: { series: Columns; particles: number },
  chains: number,
  key: Words,
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
    modules: external_modules(model, model_modules(model, 0).model as string),
    buffers: { theta_values: bank.theta },
    blocks: 1,
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
