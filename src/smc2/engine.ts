/**
 * The GPU side of SMC²: kernels, buffers and the two things the host asks for, "evaluate the first population" and "do one iteration".
 *
 * One iteration, in order: temper, resample, gather, moments, propose, constrain; the filter bank; collect, fit the L-kernel, reweigh,
 * normalise. Populations A and B take turns inside the iteration and A holds the result, so every bind group is made once.
 */

import type { FilterBank } from '../filter/bank.ts';
import type { Device } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { prior_module } from '../model/prior_wgsl.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { engine_memory, history_memory } from './memory.ts';
import type { PopulationView } from './options.ts';
import { type IterationParams, pack_iteration } from './params.ts';
import { type IterationStats, stats_length, unpack_stats } from './stats.ts';

export interface EngineOptions {
  model: StateSpaceModel;
  bank: FilterBank;
  /** M. */
  thetas: number;
  /** Use gradients (Langevin), or not (random walk)? */
  langevin: boolean;
  /** Accept or reject moves, or keep all and correct the weight? */
  metropolis: boolean;
  /** Backward kernel of the weight: fitted Gaussian, or the proposal itself. */
  gaussian: boolean;
  /** Scale proposals by the population's covariance? */
  preconditioned: boolean;
  /** One random key for all filters. */
  shared: boolean;
}

export interface Engine {
  /** Uploads phi [D][M] and evaluates it. Weights are equal. */
  start(phi: Float32Array<ArrayBuffer>, params: IterationParams): Promise<void>;
  iterate(params: IterationParams): Promise<IterationStats>;
  /** Copies what the last iteration left into a record, a buffer of `record_bytes`: phi [D][M], log-weights, family, log-likelihood. */
  record(into: GPUBuffer, offset: number): void;
  /** Weights and families as the last step of lambda left them, before resampling: what the evidence's error is made of. */
  tempered(): Promise<{ log_weights: Float32Array; families: Uint32Array }>;
  readonly record_bytes: number;
  readonly view: PopulationView;
  /** The step at which each of the first population's filters died, or 0. */
  deaths(): Promise<Uint32Array>;
  destroy(): void;
}

const float = 4;

export async function create_engine(device: Device, options: EngineOptions): Promise<Engine> {
  const { model, bank, thetas } = options;
  const dimension = model.scalars.length;
  const { buffers } = device;
  const row_bytes = thetas * float;

  const own = {} as EngineBuffers;
  for (const { role, bytes } of engine_memory(model, thetas)) {
    const usage = role === 'params' ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST : undefined;
    own[role] = buffers.take(`langevin.smc2.${role}`, bytes, usage);
  }
  const { params, a, b, weights_a, weights_b, frozen, stats } = own;

  const modules = { smc2_sizes: `const dimension = ${dimension}u;`, model_prior: prior_module(model) };
  const { langevin, metropolis, gaussian, preconditioned, shared } = options;
  const conditions = { langevin, metropolis, gaussian, preconditioned, shared, gradient: langevin };
  const width = device.adapter.kind === 'software' ? 16 : 256;
  const kernel = (name: string) =>
    device.kernel({ kernel: `smc2/${name}`, modules, conditions, overrides: { width, particle_count: 1 } });
  const stage = async (name: string, per_particle: boolean, bindings: Record<string, GPUBuffer>): Promise<Stage> => {
    const compiled = await kernel(name);
    return {
      kernel: compiled,
      group: compiled.bind({ params, ...bindings }),
      workgroups: per_particle ? Math.ceil(thetas / 64) : 1,
    };
  };

  const constrain = await stage('constrain', true, { population: a, theta_values: bank.theta, keys: bank.keys });
  const collect = await stage('collect', true, { results: bank.results, population: a });
  const temper = await stage('temper', false, { population: a, log_weights: weights_a, stats });
  const before = [
    await stage('resample', false, {
      log_weights: weights_a,
      population: a,
      prefix: own.prefix,
      ancestors: own.ancestors,
      stats,
    }),
    await stage('gather', true, {
      ancestors: own.ancestors,
      population: a,
      next_population: b,
      log_weights: weights_a,
      next_log_weights: weights_b,
      stats,
    }),
    await stage('moments', false, { frozen, population: b, log_weights: weights_b, stats }),
    await stage('propose', true, { frozen, population: b, next_population: a, half_norms: own.half_norms, stats }),
    constrain,
  ];
  const fit = await stage('fit_l_kernel', false, {
    frozen,
    population: b,
    next_population: a,
    log_weights: weights_b,
    stats,
  });
  const reweigh = await stage('reweigh', true, {
    frozen,
    population: b,
    next_population: a,
    half_norms: own.half_norms,
    stats,
    log_weights: weights_b,
    next_log_weights: weights_a,
  });
  const normalise = await stage('normalise', false, {
    population: a,
    results: bank.results,
    log_weights: weights_b,
    next_log_weights: weights_a,
    stats,
    moved: own.half_norms,
  });
  // The fit also measures how much the move refreshed, which with rejection is known only after it.
  const after = metropolis ? [collect, reweigh, fit, normalise] : [collect, fit, reweigh, normalise];

  const family_offset = (3 * dimension + 2) * row_bytes;
  const likelihood_offset = dimension * row_bytes;

  return {
    view: { thetas, population: a, log_weights: weights_a },
    async start(phi, iteration) {
      const { queue } = device.gpu;
      queue.writeBuffer(params, 0, pack_iteration(iteration));
      queue.writeBuffer(a, 0, phi);
      queue.writeBuffer(
        a,
        family_offset,
        Float32Array.from({ length: thetas }, (_, m) => m),
      );
      queue.writeBuffer(weights_a, 0, new Float32Array(thetas).fill(-Math.log(thetas)));
      run(device, 'langevin.smc2.start', [constrain]);
      await bank.evaluate(thetas);
      run(device, 'langevin.smc2.start', [collect]);
      await device.finish();
    },
    async iterate(iteration) {
      device.gpu.queue.writeBuffer(params, 0, pack_iteration(iteration));
      run(device, 'langevin.smc2.temper', [temper]);
      device.copy([
        { source: weights_a, target: own.tempered, bytes: row_bytes },
        { source: a, source_offset: family_offset, target: own.tempered, target_offset: row_bytes, bytes: row_bytes },
      ]);
      run(device, 'langevin.smc2.propose', before);
      await bank.evaluate(thetas);
      run(device, 'langevin.smc2.reweigh', after);
      return unpack_stats(new Float32Array(await device.read(stats, stats_length(dimension) * float)), dimension);
    },
    record(into, offset) {
      device.copy([
        { source: a, target: into, target_offset: offset, bytes: dimension * row_bytes },
        { source: weights_a, target: into, target_offset: offset + dimension * row_bytes, bytes: row_bytes },
        {
          source: a,
          source_offset: family_offset,
          target: into,
          target_offset: offset + (dimension + 1) * row_bytes,
          bytes: row_bytes,
        },
        {
          source: a,
          source_offset: likelihood_offset,
          target: into,
          target_offset: offset + (dimension + 2) * row_bytes,
          bytes: row_bytes,
        },
      ]);
    },
    async tempered() {
      const words = await device.read(own.tempered, 2 * row_bytes);
      return {
        log_weights: new Float32Array(words, 0, thetas),
        families: Uint32Array.from(new Float32Array(words, row_bytes, thetas)),
      };
    },
    record_bytes: history_memory(model, thetas, 1).bytes,
    async deaths() {
      return new Uint32Array(await device.read(bank.results, row_bytes, 5 * row_bytes));
    },
    destroy() {
      for (const buffer of Object.values(own)) buffers.give(buffer);
    },
  };
}

/** As src/smc2/memory.ts lists them. */
interface EngineBuffers extends Record<string, GPUBuffer> {
  params: GPUBuffer;
  a: GPUBuffer;
  b: GPUBuffer;
  weights_a: GPUBuffer;
  weights_b: GPUBuffer;
  tempered: GPUBuffer;
  half_norms: GPUBuffer;
  prefix: GPUBuffer;
  ancestors: GPUBuffer;
  frozen: GPUBuffer;
  stats: GPUBuffer;
}

/** Dispatches of `start` and of one iteration, beside those of the filter bank. */
export const engine_dispatches = { start: 2, iteration: 10 } as const;

interface Stage {
  kernel: Kernel;
  group: GPUBindGroup;
  workgroups: number;
}

function run(device: Device, name: string, stages: readonly Stage[]) {
  device.submit(name, (pass) => {
    for (const { kernel, group, workgroups } of stages) kernel.dispatch(pass, group, workgroups);
  });
}
