/**
 * A bank of particle filters on the GPU: many filters of one model and one data set, each with its own parameters and random key.
 *
 * Two shapes run the same algorithm from the same random numbers: `workgroup` (one workgroup per filter) on hardware, `lane` (one invocation per
 * filter) on software adapters. Long work is cut in chunks of time steps; the particles stay in a buffer between chunks, so results do not depend on the cut.
 */

import type { Device } from '../gpu/device.ts';
import type { Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { component_count } from './model_access.ts';
import { model_modules } from './model_modules.ts';
import { type Columns, pack_observations, row_count } from './observations.ts';
import { params_bytes } from './params.ts';
import { create_schedule } from './schedule.ts';
import { wave_size } from './wave.ts';

export type Shape = 'lane' | 'workgroup';
export type Proposal = 'bootstrap' | 'guided';

export interface BankOptions {
  model: Model;
  data: Columns;
  /** Particles per filter, 1…16384. */
  particles: number;
  /** Filters that memory is made for. */
  filters: number;
  /** Carry tangents of all parameters? */
  gradient: boolean;
  /** Default: guided where the model has it. */
  proposal?: Proposal;
  /** Default: lane on software adapters, workgroup on hardware. */
  shape?: Shape;
  /** Resample when ESS < this fraction of the particles. Default 0.5; 1 resamples at every step. */
  resample_below?: number;
  /** Gradient estimator: 1 carried (default), 0 fixed-ancestor, between them a blend. */
  blend?: number;
  /** One buffer of standard normals, [T + 1][particles][noise], that all filters read instead of drawing their own. */
  shared_noise?: GPUBuffer;
  /** Record increments, ESS, mean states and this many state draws per filter and step. */
  trace?: { draws: number };
  /** Invocations per workgroup. Default 16 for lane, up to 256 for workgroup. */
  width?: number;
  /** Cut the work finer than memory and time demand: at most so many filters, or steps, per dispatch. Results do not depend on it. */
  cut?: { filters?: number; steps?: number };
}

export interface FilterBank {
  readonly shape: Shape;
  readonly particles: number;
  readonly capacity: number;
  readonly steps: number;
  /** Parameters differentiated: the model's D, or 0. */
  readonly tangents: number;
  /** [D][capacity], constrained parameters; the caller fills it. */
  readonly theta: GPUBuffer;
  /** [capacity] pairs of u32; the caller fills it. */
  readonly keys: GPUBuffer;
  /** [row][capacity], rows as in shaders/filter/bindings.wgsl. */
  readonly results: GPUBuffer;
  /** [T + 1][row][capacity], when asked for. */
  readonly trace: GPUBuffer | undefined;
  readonly trace_rows: number;
  /** Runs the first `filters` filters over all steps. Resolves when everything is submitted; the work may still be under way. */
  evaluate(filters: number): Promise<void>;
  destroy(): void;
}

/** Rows of `results`. Must match shaders/filter/bindings.wgsl. */
export const result_row = { log_likelihood: 0, died: 5, faults: 6, resampled: 7, score: 8 } as const;

/**
 * Largest number of particles per filter. The fixed-point weights of shaders/lib/systematic.wgsl lose at most N²·2⁻³² of the largest weight in all the
 * smallest together: 2e-4 at 1024, 6 % at 16384, in the worst case of one giant and many tiny ones.
 */
export const most_particles = 16384;

export async function create_filter_bank(device: Device, options: BankOptions): Promise<FilterBank> {
  const { model, data, particles, filters } = options;
  if (!Number.isInteger(particles) || particles < 1 || particles > most_particles) {
    throw new UserError(`particles must be a whole number from 1 to ${most_particles}, not ${particles}.`);
  }
  const shape = options.shape ?? (device.adapter.kind === 'software' ? 'lane' : 'workgroup');
  const guided = (options.proposal ?? (model.has_guided ? 'guided' : 'bootstrap')) === 'guided';
  if (guided && !model.has_guided)
    throw new UserError(`model ${model.name} has no function "guided"; use the bootstrap proposal.`);
  const tangents = options.gradient ? model.scalars.length : 0;
  const width = options.width ?? (shape === 'lane' ? 16 : workgroup_width(device, particles));
  const steps = row_count(model, data);
  const shared_noise = model.noise > 0 ? options.shared_noise : undefined;
  const trace_rows = options.trace ? 2 + model.state_size * (1 + options.trace.draws) : 0;

  const kernel = await device.kernel({
    kernel: `filter/bank_${shape}`,
    modules: model_modules(model, tangents),
    conditions: { gradient: tangents > 0, guided, shared: shared_noise !== undefined, trace: trace_rows > 0 },
    overrides: { particle_count: particles, draw_count: options.trace?.draws ?? 1, lanes: width, width },
  });

  const { buffers } = device;
  const float = 4;
  const bytes_per_filter = 2 * component_count(model, tangents) * particles * float;
  const wave = Math.min(wave_size(device, filters, bytes_per_filter), options.cut?.filters ?? filters);
  const own = {
    params: buffers.take('langevin.filter.params', params_bytes, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    theta_values: buffers.take('langevin.filter.theta', model.scalars.length * filters * float),
    observations: device.upload('langevin.filter.observations', pack_observations(model, data)),
    keys: buffers.take('langevin.filter.keys', 2 * filters * float),
    particles: buffers.take('langevin.filter.particles', bytes_per_filter * wave),
    weights: buffers.take('langevin.filter.weights', 2 * particles * wave * float),
    results: buffers.take('langevin.filter.results', (result_row.score + tangents) * filters * float),
    ...(trace_rows > 0
      ? { trace: buffers.take('langevin.filter.trace', (steps + 1) * trace_rows * filters * float) }
      : {}),
  };
  const group = kernel.bind({ ...own, ...(shared_noise ? { shared_noise } : {}) });
  const evaluate = create_schedule(device, kernel, group, own.params, {
    wave,
    stride: filters,
    last: steps,
    resample_below: options.resample_below ?? 0.5,
    blend: options.blend ?? 1,
    per_workgroup: shape === 'lane' ? width : 1,
    particles,
    most_steps: options.cut?.steps ?? Number.POSITIVE_INFINITY,
  });
  return {
    shape,
    particles,
    capacity: filters,
    steps,
    tangents,
    theta: own.theta_values,
    keys: own.keys,
    results: own.results,
    trace: 'trace' in own ? own.trace : undefined,
    trace_rows,
    evaluate,
    destroy() {
      for (const buffer of Object.values(own)) buffers.give(buffer);
    },
  };
}

function workgroup_width(device: Device, particles: number): number {
  // A software adapter runs a workgroup's invocations one after another, barrier by barrier.
  if (device.adapter.kind === 'software') return 16;
  const most = Math.min(256, device.gpu.limits.maxComputeInvocationsPerWorkgroup);
  return Math.min(most, Math.max(16, 2 ** Math.ceil(Math.log2(particles))));
}
