/**
 * The grid shape: one filter spread over many workgroups, for 10⁴ to 10⁷ particles (shaders/filter/grid_bindings.wgsl tells the order of its kernels).
 *
 * A step is a few dispatches, and the kernels count the steps themselves, so any number of them is recorded in one pass and nothing is read back.
 */

import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { model_modules } from './model_modules.ts';
import type { RecordChunk } from './schedule.ts';

/** Particles per workgroup. Must match shaders/filter/layout_grid.wgsl. */
export const tile_size = 1024;

/** 32-bit words per tile, and bytes per filter of the progress between dispatches. Must match layout_grid.wgsl and `Progress` of grid_bindings.wgsl. */
export const tile_words = 6;
export const progress_bytes = 88;

/**
 * Most particles: the arithmetic of shaders/filter/grid_systematic.wgsl is exact up to here. Fixed-point weights of 31 bits lose at most N·2⁻³² of the largest weight in all the smallest
 * together: 2.3e-4 of it at 10⁶ particles, 0.4 % at 2²⁴, in the worst case of one giant and many tiny ones; up to 16384 particles, as the other shapes do.
 */
export const most_grid_particles = 2 ** 24;

export interface GridOptions {
  model: StateSpaceModel;
  particles: number;
  /** Parameters differentiated, or 0. */
  tangents: number;
  guided: boolean;
  /** State draws per filter and step of the trace; absent: no trace. */
  draws?: number;
  /** Weight of the carried score at resampling; 1 needs no mean score but at the end. */
  blend: number;
  /** T. */
  steps: number;
  /** Invocations per workgroup of a tile: a power of two from 16 to 128. Default by adapter. */
  width?: number;
}

/** By the names that the shaders give them; `shared_noise` and `trace` where there are such. */
export type GridBuffers = Readonly<Record<string, GPUBuffer>>;

export type GridStageName =
  | 'start'
  | 'propagate'
  | 'weigh'
  | 'scan'
  | 'score'
  | 'score_total'
  | 'trace'
  | 'trace_total';

/** One kernel of the step, which records one dispatch for the first `filters` filters of the wave. */
export interface GridStage {
  encode(pass: GPUComputePassEncoder, filters: number): void;
}

export interface Grid {
  /** Each kernel by itself, to be timed or tested; `score` and `trace` only where a run needs them. */
  readonly stages: Readonly<Partial<Record<GridStageName, GridStage>>>;
  /** Records a chunk of time steps. */
  readonly record: RecordChunk;
}

const stage_buffers: Readonly<Record<GridStageName, readonly string[]>> = {
  start: ['params', 'theta_values', 'keys', 'particles', 'weights', 'results', 'progress'],
  propagate: ['params', 'theta_values', 'observations', 'particles', 'weights', 'tiles', 'progress'],
  weigh: ['params', 'weights', 'tiles', 'progress'],
  scan: ['params', 'results', 'tiles', 'progress'],
  score: ['params', 'particles', 'weights', 'progress'],
  score_total: ['params', 'particles', 'results', 'progress'],
  trace: ['params', 'particles', 'weights', 'tiles', 'progress'],
  trace_total: ['params', 'particles', 'weights', 'trace', 'tiles', 'progress'],
};

type StageOptions = Pick<GridOptions, 'tangents' | 'draws' | 'blend'>;

/** What ends a step, after the particles have moved. */
function end_stages({ tangents, draws, blend }: StageOptions, is_last: boolean): GridStageName[] {
  return [
    'weigh',
    'scan',
    ...(tangents > 0 && (is_last || blend < 1) ? (['score', 'score_total'] as const) : []),
    ...(draws !== undefined ? (['trace', 'trace_total'] as const) : []),
  ];
}

/** The dispatches of one time step, in order. */
export function step_stages(options: StageOptions, is_last: boolean): GridStageName[] {
  return ['propagate', ...end_stages(options, is_last)];
}

/** The dispatches before the first; with a trace the initial state is weighed, too. */
export function start_stages(options: StageOptions): GridStageName[] {
  return ['start', ...(options.draws !== undefined ? end_stages(options, false) : [])];
}

/** Stages of one workgroup per filter; the others have one per tile. */
const per_filter: readonly GridStageName[] = ['scan', 'score_total', 'trace_total'];

export async function create_grid(device: Device, options: GridOptions, buffers: GridBuffers): Promise<Grid> {
  const { model, particles, tangents, guided, draws } = options;
  const gradient = tangents > 0;
  const shared = buffers.shared_noise !== undefined;
  const trace = draws !== undefined;
  const modules = model_modules(model, tangents);
  const conditions = { gradient, guided, shared, trace };
  const width = options.width ?? grid_width(device);
  // A GPU's invocations take turns in pairs, so that they read side by side; a software adapter's take a run of their own and share more random words and searches.
  const run = device.adapter.kind === 'software' ? tile_size / width : 2;
  const tiles = Math.ceil(particles / tile_size);

  const stage = async (name: GridStageName): Promise<GridStage> => {
    const kernel = await device.kernel({
      kernel: `filter/grid_${name}`,
      modules,
      conditions,
      overrides: { particle_count: particles, draw_count: draws ?? 1, width: width_of(name), run },
    });
    const names = [
      ...stage_buffers[name],
      ...(name === 'propagate' && gradient ? ['results'] : []),
      ...((name === 'start' || name === 'propagate') && shared ? ['shared_noise'] : []),
    ];
    const group = kernel.bind(Object.fromEntries(names.map((n) => [n, buffers[n] as GPUBuffer])));
    return {
      encode: (pass, filters) => kernel.dispatch(pass, group, per_filter.includes(name) ? filters : filters * tiles),
    };
  };

  function width_of(name: GridStageName): number {
    if (name === 'scan') return scan_width;
    // Sums of states or scores take room in workgroup memory: as many invocations as it has room for.
    const floats = name.startsWith('score')
      ? 4 * Math.ceil(tangents / 4)
      : name.startsWith('trace')
        ? model.state_size
        : 1;
    const room = device.gpu.limits.maxComputeWorkgroupStorageSize / 2;
    return Math.min(width, 2 ** Math.floor(Math.log2(room / (4 * floats))));
  }

  const names = new Set([...start_stages(options), ...step_stages(options, true)]);
  const stages: Partial<Record<GridStageName, GridStage>> = Object.fromEntries(
    await Promise.all([...names].map(async (name) => [name, await stage(name)] as const)),
  );
  const encode = (pass: GPUComputePassEncoder, names: readonly GridStageName[], filters: number) => {
    for (const name of names) (stages[name] as GridStage).encode(pass, filters);
  };
  return {
    stages,
    record(pass, { filters, first, steps }) {
      if (first === 1) encode(pass, start_stages(options), filters);
      for (let step = first; step < first + steps; step++) {
        encode(pass, step_stages(options, step === options.steps), filters);
      }
    },
  };
}

/** The tiles of a filter are few, and one workgroup adds them all up: its shape is the same everywhere. */
const scan_width = 256;

/** A software adapter runs a workgroup's invocations one after another, barrier by barrier. */
export const grid_width = (device: Device) => (device.adapter.kind === 'software' ? 16 : 128);
