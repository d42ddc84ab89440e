// Acceptance: passes are counted exactly, beyond the 2048 that one query set holds too; their time is above zero and not above the wall time around them, allowing 2 % for two clocks; more work takes more
// time. What goes wrong inside a timed body comes out of it, and the device times again.

import { afterEach, describe, expect, it } from 'vitest';
import { open_device } from '../../src/gpu/device.ts';
import { compile_kernel } from '../../src/gpu/kernel.ts';
import { add_passes, type GpuTime } from '../../src/gpu/timing.ts';
import { read_shader_files } from '../../src/node/shader_files.ts';
import { use_device } from '../device.ts';

const device = use_device();

const spin = `
@group(0) @binding(0) var<storage, read_write> words: array<u32>;
override rounds: u32;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
  var word = words[at.x];
  for (var i = 0u; i < rounds; i++) {
    word = word * 1664525u + 1013904223u;
  }
  words[at.x] = word;
}
`;

async function time_spin(rounds: number): Promise<{ time: GpuTime; wall: number }> {
  const kernel = await compile_kernel(device().gpu, { label: 'langevin.test.spin', wgsl: spin, overrides: { rounds } });
  const words = device().buffers.take('langevin.test.words', 4 * 64 * 256);
  const group = kernel.bind({ words });
  const run = async () => {
    device().submit('langevin.test.spin', (pass) => kernel.dispatch(pass, group, 256));
    await device().finish();
  };
  await run();
  const started = performance.now();
  const time = await device().time_gpu(run);
  const wall = performance.now() - started;
  device().buffers.give(words);
  if (!time) throw new Error('the software adapter has timestamps');
  return { time, wall };
}

it('counts one pass, and its time lies within the wall time', async () => {
  const { time, wall } = await time_spin(1000);
  expect(time).toMatchObject({ passes: 1, dropped: 0 });
  expect(time.gpu_ms).toBeGreaterThan(0);
  expect(time.gpu_ms).toBeLessThan(1.02 * wall);
});

it('grows with the work', async () => {
  // 100 times the work: three times the time even if other programs take most of the machine meanwhile.
  const short = await time_spin(100);
  const long = await time_spin(10_000);
  expect(long.time.gpu_ms).toBeGreaterThan(3 * short.time.gpu_ms);
});

it('counts more passes than a query set holds', async () => {
  const passes = 2 * 2048 + 3;
  const time = await device().time_gpu(async () => {
    for (let i = 0; i < passes; i++) device().submit('langevin.test.empty', () => {});
  });
  expect((time?.passes ?? 0) + (time?.dropped ?? 0)).toBe(passes);
});

it('is nothing when nothing was submitted, and only counts what was inside', async () => {
  device().submit('langevin.test.outside', () => {});
  expect(await device().time_gpu(async () => {})).toEqual({ gpu_ms: 0, passes: 0, dropped: 0 });
});

it('one at a time; an error of the body comes out, and the device times again', async () => {
  const nested = device().time_gpu(async () => {
    await device().time_gpu(async () => {});
  });
  await expect(nested).rejects.toThrow('time_gpu is under way already');
  await expect(
    device().time_gpu(async () => {
      throw new Error('of the body');
    }),
  ).rejects.toThrow('of the body');
  expect(await device().time_gpu(async () => {})).toBeDefined();
});

it('a pass that ends before it begins is dropped and counted', () => {
  const sum: GpuTime = { gpu_ms: 0, passes: 0, dropped: 0 };
  add_passes(sum, BigUint64Array.of(1_000_000n, 3_500_000n, 9_000_000n, 8_000_000n, 2n ** 63n, 2n ** 63n + 500_000n));
  expect(sum).toEqual({ gpu_ms: 3, passes: 2, dropped: 1 });
});

describe('an adapter without timestamps', () => {
  const opened: { destroy(): void }[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.destroy();
  });

  it('runs the body and has no time for it', async () => {
    const adapter = await navigator_adapter();
    const without = await open_device({
      adapter: {
        limits: adapter.limits,
        features: new Set(),
        requestDevice: (options: GPUDeviceDescriptor) => adapter.requestDevice(options),
      } as unknown as GPUAdapter,
      description: device().adapter,
      shaders: read_shader_files(),
    });
    opened.push(without);
    let ran = false;
    const time = await without.time_gpu(async () => {
      without.submit('langevin.test.empty', () => {});
      await without.finish();
      ran = true;
    });
    expect(ran).toBe(true);
    expect(time).toBeUndefined();
  });
});

/** The tests' adapter once more: an adapter gives one device only. */
async function navigator_adapter(): Promise<GPUAdapter> {
  const { create } = await import('webgpu');
  const adapter = await create([`adapter=${process.env.LANGEVIN_ADAPTER_NAME}`]).requestAdapter();
  if (!adapter) throw new Error('the adapter of the tests is gone');
  return adapter;
}
