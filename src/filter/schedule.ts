/**
 * Cuts the work of a filter bank into dispatches that stay far below the watchdogs (2 s on Windows): waves of filters, because their particles share a buffer, and
 * within a wave chunks of time steps. Particles stay in the buffer between chunks and random numbers depend on counters alone, so results do not depend on the cut.
 */

import type { Device } from '../gpu/device.ts';
import { pack_params } from './params.ts';

/** What one submit does. */
export interface Chunk {
  /** Filters of the wave. */
  filters: number;
  /** First time step, from 1. */
  first: number;
  /** Time steps: 0 where there is no row at all. */
  steps: number;
}

export type RecordChunk = (pass: GPUComputePassEncoder, chunk: Chunk) => void;

export interface SchedulePlan {
  record: RecordChunk;
  /** The kernels' uniform block. */
  params: GPUBuffer;
  /** Filters per wave. */
  wave: number;
  stride: number;
  last: number;
  resample_below: number;
  blend: number;
  particles: number;
  /** Most steps per chunk. */
  most_steps: number;
}

/** Milliseconds one chunk should take: far above the cost of a submit too. */
const target = 300;

/** Particle-steps per millisecond assumed until the first chunk is measured; low, so that the first chunk is short. */
const first_guess = { software: 300, hardware: 30_000 };

/** Returns what runs the first `filters` filters over all steps. It resolves when everything is submitted; only the very first chunk is waited for, to measure it. */
export function create_schedule(device: Device, stage: string, plan: SchedulePlan) {
  let rate: number | undefined;
  return async (filters: number) => {
    for (let offset = 0; offset < filters; offset += plan.wave) {
      const count = Math.min(plan.wave, filters - offset);
      const work = count * plan.particles;
      for (let first = 1; first <= Math.max(1, plan.last); ) {
        const fitting = Math.floor((target * (rate ?? first_guess[device.adapter.kind])) / work);
        const steps = Math.min(plan.last - first + 1, plan.most_steps, Math.max(1, fitting));
        device.gpu.queue.writeBuffer(plan.params, 0, pack_params({ ...plan, offset, filters: count, first, steps }));
        const started = performance.now();
        device.submit(stage, (pass) => plan.record(pass, { filters: count, first, steps }));
        first += Math.max(1, steps);
        if (rate === undefined && steps > 0) {
          await device.finish();
          rate = (work * steps) / Math.max(0.1, performance.now() - started);
        }
      }
    }
  };
}
