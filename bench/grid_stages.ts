/** The grid filter's kernels one by one, on the weights of a real first step, so that scan and resampling can be timed by themselves. */

import { create_grid } from '../src/filter/grid.ts';
import { bank_memory } from '../src/filter/memory.ts';
import { pack_observations } from '../src/filter/observations.ts';
import { pack_params } from '../src/filter/params.ts';
import type { Device } from '../src/gpu/device.ts';
import { built_in_model } from '../src/model/resolve.ts';
import { work_of } from './bank_work.ts';

export interface GridStages {
  /** Fixed-point weights, prefix sums within tiles, prefix of the tiles. */
  scan(): void;
  /** The second step of every particle, after one scan, from the parents that it chose. Can be repeated. */
  propagate(): void;
  destroy(): void;
}

/** One filter of `lgssm`, value only. @param resample before every step, or never */
export async function open_grid_stages(device: Device, particles: number, resample: boolean): Promise<GridStages> {
  const { buffers, gpu } = device;
  const model = built_in_model('lgssm');
  const { observations, theta, keys } = work_of({ model: 'lgssm', filters: 1, particles, steps: 2, gradient: 'none' });
  const sizes = {
    model,
    shape: 'grid',
    particles,
    filters: 1,
    wave: 1,
    per_workgroup: 1,
    steps: 2,
    tangents: 0,
    trace_rows: 0,
    lineage_rows: 0,
  } as const;
  const own: Record<string, GPUBuffer> = {};
  for (const { role, bytes } of bank_memory(sizes)) {
    const usage = role === 'params' ? GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST : undefined;
    own[role] = buffers.take(`langevin.bench.${role}`, bytes, usage);
  }
  const destroy = () => {
    for (const buffer of Object.values(own)) buffers.give(buffer);
  };
  const buffer = (role: string) => own[role] as GPUBuffer;
  // The last step never resamples, so `last` is far away: each scan counts one step more.
  const chunk = { offset: 0, filters: 1, stride: 1, first: 1, steps: 1, last: 2 ** 27, blend: 1 };
  gpu.queue.writeBuffer(buffer('params'), 0, pack_params({ ...chunk, resample_below: resample ? 2 : 0 }));
  gpu.queue.writeBuffer(buffer('theta_values'), 0, theta);
  gpu.queue.writeBuffer(buffer('keys'), 0, keys);
  gpu.queue.writeBuffer(buffer('observations'), 0, pack_observations(model, { y: observations }));
  const { stages } = await create_grid(device, { ...sizes, guided: true, blend: 1 }, own);
  const { start, propagate, weigh, scan } = stages;
  device.submit('langevin.bench.grid_start', (pass) => {
    start?.encode(pass, 1);
    propagate?.encode(pass, 1);
  });
  // The largest log-weight of the step, which the scan takes away.
  const top = new Uint32Array(await device.read(buffer('progress'), 4));
  return {
    scan() {
      gpu.queue.writeBuffer(buffer('progress'), 0, top);
      device.submit('langevin.bench.grid_scan', (pass) => {
        weigh?.encode(pass, 1);
        scan?.encode(pass, 1);
      });
    },
    propagate() {
      device.submit('langevin.bench.grid_propagate', (pass) => propagate?.encode(pass, 1));
    },
    destroy,
  };
}

/** 10⁴ … 10⁷, as far as this adapter gets in reasonable time. */
export function large_sizes(device: Device, quick: boolean): number[] {
  const largest = device.adapter.kind === 'hardware' || !quick ? 7 : 5;
  return Array.from({ length: largest - 3 }, (_, i) => 10 ** (4 + i));
}
