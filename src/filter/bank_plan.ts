/** What a filter bank will be, decided from its options and the adapter before anything is made: `--dry-run` prints it, the bank is made from it. */

import type { BufferPlan } from '../gpu/buffer_plan.ts';
import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import type { BankOptions, Shape } from './bank.ts';
import { grid_width, most_grid_particles, start_stages, step_stages } from './grid.ts';
import { type BankSizes, bank_memory, filter_bytes } from './memory.ts';
import { row_count } from './observations.ts';
import { wave_size } from './wave.ts';

/**
 * Largest number of particles per filter, but for the grid. The fixed-point weights of shaders/lib/systematic.wgsl lose at most N²·2⁻³² of the largest weight in all the
 * smallest together: 2e-4 at 1024, 6 % at 16384, in the worst case of one giant and many tiny ones.
 */
export const most_particles = 16384;

export interface BankPlan extends BankSizes {
  guided: boolean;
  /** Invocations per workgroup. */
  width: number;
  memory: BufferPlan[];
}

/** What decides the plan: a bank's options, or those of a run that will make one. */
export type PlanOptions = Pick<
  BankOptions,
  'model' | 'data' | 'particles' | 'filters' | 'gradient' | 'proposal' | 'shape' | 'trace' | 'lineage' | 'width' | 'cut'
>;

export function plan_bank(device: Device, options: PlanOptions): BankPlan {
  const { model, data, particles, filters } = options;
  const shape = options.shape ?? default_shape(device, particles, filters);
  const most = shape === 'grid' ? most_grid_particles : most_particles;
  if (!Number.isInteger(particles) || particles < 1 || particles > most) {
    const of_shape = shape === 'grid' ? '' : ` in the shape ${shape}`;
    throw new UserError(`particles must be a whole number from 1 to ${most}${of_shape}, not ${particles}.`);
  }
  if (particles * model.noise > 2 ** 32) {
    throw new UserError(
      `${particles} particles with ${model.noise} normals each are more random words than a step has: at most 2³².`,
    );
  }
  const guided = (options.proposal ?? (model.has_guided ? 'guided' : 'bootstrap')) === 'guided';
  if (guided && !model.has_guided)
    throw new UserError(`model ${model.name} has no function "guided"; use the bootstrap proposal.`);
  if (options.lineage && shape === 'grid') throw new Error('the shape grid keeps no lineage');
  const tangents = options.gradient ? model.scalars.length : 0;
  const bytes_per_filter = filter_bytes({ model, shape, particles, tangents });
  const fitting = wave_size(device, filters, bytes_per_filter);
  const widths = { lane: lane_width, workgroup: workgroup_width, grid: grid_width };
  const width = options.width ?? widths[shape](device, { particles, bytes_per_filter });
  const wave = Math.min(fitting, shape === 'grid' ? grid_wave(particles) : filters, options.cut?.filters ?? filters);
  const sizes: BankSizes = {
    model,
    shape,
    particles,
    filters,
    wave,
    per_workgroup: shape === 'lane' ? width : 1,
    steps: row_count(model, data),
    tangents,
    lineage_rows: options.lineage ? 1 + model.state_size : 0,
    trace_rows: options.trace ? 2 + model.state_size * (1 + options.trace.draws) : 0,
  };
  return { ...sizes, guided, width, memory: bank_memory(sizes) };
}

/** The invocations of a software adapter's vector; fewer where the filters of one workgroup would not fit a buffer. */
function lane_width(device: Device, { bytes_per_filter }: { bytes_per_filter: number }): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  const fitting = Math.min(maxStorageBufferBindingSize, maxBufferSize) / bytes_per_filter;
  return Math.min(8, 2 ** Math.floor(Math.log2(Math.max(1, fitting))));
}

function workgroup_width(device: Device, { particles }: { particles: number }): number {
  // A software adapter runs a workgroup's invocations one after another, barrier by barrier.
  if (device.adapter.kind === 'software') return 16;
  const most = Math.min(256, device.gpu.limits.maxComputeInvocationsPerWorkgroup);
  return Math.min(most, Math.max(16, 2 ** Math.ceil(Math.log2(particles))));
}

/** A workgroup runs one filter: with so few of them a GPU, which has tens of multiprocessors, stands idle, and large filters had better spread. */
const few_filters = 8;
const many_particles = 8192;

function default_shape(device: Device, particles: number, filters: number): Shape {
  // Also what is no number at all, which is refused by the larger limit.
  if (!(particles <= most_particles)) return 'grid';
  if (device.adapter.kind === 'software') return 'lane';
  return filters <= few_filters && particles >= many_particles ? 'grid' : 'workgroup';
}

/** So many particles at once keep any GPU busy; more filters at once would only take memory. */
const grid_wave = (particles: number) => Math.max(1, Math.floor(2 ** 22 / particles));

export interface BankWork {
  waves: number;
  /** Of one evaluation. Where a kernel runs whole filters, at least: it is cut into chunks of steps by its measured speed. */
  dispatches: number;
  particle_steps: number;
  /** Standard normals to draw. */
  normals: number;
}

/** What one evaluation of the whole bank comes to; `shared`: all filters read one buffer of noise. */
export function bank_work(plan: BankPlan, options: Pick<BankOptions, 'blend' | 'trace'>, shared: boolean): BankWork {
  const { model, shape, filters, particles, steps, wave, tangents } = plan;
  const waves = Math.ceil(filters / wave);
  const stages = { tangents, blend: options.blend ?? 1, ...(options.trace ? { draws: options.trace.draws } : {}) };
  const of_grid = () => {
    const moving = steps > 0 ? (steps - 1) * step_stages(stages, false).length + step_stages(stages, true).length : 0;
    return start_stages(stages).length + moving;
  };
  return {
    waves,
    dispatches: waves * (shape === 'grid' ? of_grid() : 1),
    particle_steps: filters * particles * steps,
    normals: (shared ? 1 : filters) * particles * (steps + 1) * model.noise,
  };
}
