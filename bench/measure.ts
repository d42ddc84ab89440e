/**
 * Timing as the benchmarks report it: a first run dropped, then repeats, each with its wall time from the first submit until the queue is idle and the GPU time of its passes.
 *
 * A slow adapter gets fewer repeats, never fewer than three, so that a benchmark ends.
 */

import type { Device } from '../src/gpu/device.ts';
import { summarise } from './quartiles.ts';
import type { Timing } from './record.ts';

export interface Repeats {
  /** Repeats where time allows. */
  wanted: number;
  /** Stop after so many milliseconds, once there are three. */
  budget: number;
}

export const repeats = (quick: boolean): Repeats =>
  quick ? { wanted: 5, budget: 1500 } : { wanted: 15, budget: 15_000 };
const fewest = 3;

export interface Measured {
  wall: Timing;
  gpu?: Timing;
  gpu_note?: string;
}

/** Medians of measurements that are compared with each other: all by GPU time where all have it, else all by wall time. */
export function same_clock(measured: readonly Measured[]): { medians: number[]; clock: 'GPU' | 'wall' } {
  const gpu = measured.map((m) => m.gpu?.median).filter((median) => median !== undefined);
  if (gpu.length === measured.length) return { medians: gpu, clock: 'GPU' };
  return { medians: measured.map((m) => m.wall.median), clock: 'wall' };
}

/** @param body submits work; what it submitted is waited for here */
export async function measure(device: Device, plan: Repeats, body: () => Promise<void> | void): Promise<Measured> {
  await body();
  await device.finish();
  const wall: number[] = [];
  const gpu: number[] = [];
  let dropped = 0;
  const begun = performance.now();
  while (wall.length < plan.wanted && (wall.length < fewest || performance.now() - begun < plan.budget)) {
    const time = await device.time_gpu(async () => {
      const started = performance.now();
      await body();
      await device.finish();
      wall.push(performance.now() - started);
    });
    if (time) gpu.push(time.gpu_ms);
    dropped += time?.dropped ?? 0;
  }
  return { wall: summarise(wall), ...judge_gpu_time(wall, gpu, dropped) };
}

/**
 * GPU time is shown only where it can be true. Passes of ours run one after another, so their sum cannot be above the wall time (2 % for clocks that differ),
 * and cannot be nothing; a pass whose end lies before its beginning leaves a gap.
 */
export function judge_gpu_time(
  wall: readonly number[],
  gpu: readonly number[],
  dropped: number,
): Pick<Measured, 'gpu' | 'gpu_note'> {
  if (gpu.length === 0) return { gpu_note: 'the adapter has no timestamps' };
  if (dropped > 0) return { gpu_note: `${dropped} passes ended before they began, by the adapter's timestamps` };
  const timing = summarise(gpu);
  if (timing.upper_quartile === 0) return { gpu_note: 'shorter than the timestamps can tell' };
  const ratio = timing.median / summarise(wall).median;
  if (ratio > 1.02) return { gpu_note: `timestamps add up to ${ratio.toFixed(2)} times the wall time` };
  return { gpu: timing };
}
