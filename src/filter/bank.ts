/**
 * A bank of particle filters on the GPU: many filters of one model and one data set, each with its own parameters and random key.
 *
 * Three shapes run the same algorithm from the same random numbers: `workgroup` (one workgroup per filter) on hardware, `lane` (one invocation per
 * filter) on software adapters, `grid` (one filter over many workgroups) for large filters. Long work is cut in chunks of time steps; the particles stay in a buffer
 * between chunks, so results do not depend on the cut.
 */

import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { type BankPlan, plan_bank } from './bank_plan.ts';
import { create_grid } from './grid.ts';
import { model_modules } from './model_modules.ts';
import { type Columns, pack_observations } from './observations.ts';
import { create_schedule, type RecordChunk } from './schedule.ts';

export { most_particles } from './bank_plan.ts';
export { result_row } from './params.ts';

export type Shape = 'lane' | 'workgroup' | 'grid';
export type Proposal = 'bootstrap' | 'guided';

export interface BankOptions {
  model: StateSpaceModel;
  data: Columns;
  /** Particles per filter: 1…16384, in the grid shape up to 2²⁴. */
  particles: number;
  /** Filters that memory is made for. */
  filters: number;
  /** Carry tangents of all parameters? */
  gradient: boolean;
  /** Default: guided where the model has it. */
  proposal?: Proposal;
  /** Default: grid above 16384 particles, and on hardware for few filters of many particles; else lane on software adapters, workgroup on hardware. */
  shape?: Shape;
  /** Resample when ESS < this fraction of the particles. Default 0.5; 1 resamples at every step. */
  resample_below?: number;
  /** Gradient estimator: 1 carried (default), 0 fixed-ancestor, between them a blend. */
  blend?: number;
  /** One buffer of standard normals, [T + 1][particles][noise], that all filters read instead of drawing their own. */
  shared_noise?: GPUBuffer;
  /** Record increments, ESS, mean states and this many state draws per filter and step. */
  trace?: { draws: number };
  /** Record every particle's parent and state at every step; not in the grid shape. */
  lineage?: boolean;
  /** Invocations per workgroup. Default 8 for lane, up to 256 for workgroup, 128 for grid (there a power of two from 16 to 128). */
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
  /** As shaders/filter/lineage.wgsl says, when asked for. */
  readonly lineage: GPUBuffer | undefined;
  /** Runs the first `filters` filters over all steps. Resolves when everything is submitted; the work may still be under way. */
  evaluate(filters: number): Promise<void>;
  destroy(): void;
}

export async function create_filter_bank(device: Device, options: BankOptions): Promise<FilterBank> {
  const plan = plan_bank(device, options);
  const { shape, particles, filters, steps, tangents, trace_rows } = plan;
  const { buffers } = device;
  const own = {} as OwnBuffers;
  const destroy = () => {
    for (const buffer of Object.values(own)) buffers.give(buffer);
  };
  try {
    for (const { role, bytes } of plan.memory) {
      const usage = role === 'params' ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST : undefined;
      own[role] = buffers.take(`langevin.filter.${role}`, bytes, usage);
    }
    device.gpu.queue.writeBuffer(own.observations, 0, pack_observations(options.model, options.data));
    const shared_noise = options.model.noise > 0 ? options.shared_noise : undefined;
    const all: BankBuffers = { ...own, ...(shared_noise ? { shared_noise } : {}) };
    const create_record = shape === 'grid' ? record_grid : record_filters;
    const evaluate = create_schedule(device, `langevin.filter.bank_${shape}`, {
      params: own.params,
      record: await create_record(device, options, plan, all),
      wave: plan.wave,
      stride: filters,
      last: steps,
      resample_below: options.resample_below ?? 0.5,
      blend: options.blend ?? 1,
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
      trace: own.trace,
      trace_rows,
      lineage: own.lineage,
      evaluate,
      destroy,
    };
  } catch (error) {
    destroy();
    throw error;
  }
}

/** By the names that the shaders give them (src/filter/memory.ts lists a bank's own). */
type BankBuffers = Readonly<Record<string, GPUBuffer>>;

interface OwnBuffers extends Record<string, GPUBuffer> {
  params: GPUBuffer;
  theta_values: GPUBuffer;
  observations: GPUBuffer;
  keys: GPUBuffer;
  results: GPUBuffer;
}

/** The shapes whose kernel runs whole filters: one dispatch per chunk. */
async function record_filters(
  device: Device,
  options: BankOptions,
  plan: BankPlan,
  buffers: BankBuffers,
): Promise<RecordChunk> {
  const { model, shape, particles, tangents, guided, width, per_workgroup } = plan;
  const kernel = await device.kernel({
    kernel: `filter/bank_${shape}`,
    modules: model_modules(model, tangents),
    conditions: {
      gradient: tangents > 0,
      guided,
      shared: buffers.shared_noise !== undefined,
      trace: options.trace !== undefined,
      lineage: options.lineage === true,
    },
    overrides: { particle_count: particles, draw_count: options.trace?.draws ?? 1, lanes: width, width },
  });
  const group = kernel.bind(buffers);
  return (pass, { filters }) => kernel.dispatch(pass, group, Math.ceil(filters / per_workgroup));
}

async function record_grid(
  device: Device,
  options: BankOptions,
  plan: BankPlan,
  buffers: BankBuffers,
): Promise<RecordChunk> {
  const grid = await create_grid(
    device,
    {
      ...plan,
      blend: options.blend ?? 1,
      ...(options.trace ? { draws: options.trace.draws } : {}),
    },
    buffers,
  );
  return grid.record;
}
