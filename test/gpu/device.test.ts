// Acceptance: bytes that come back are the bytes that went in; errors are GpuError with the text asked for here; sizes of buffers are exact.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Device } from '../../src/gpu/device.ts';
import { GpuError } from '../../src/gpu/gpu_error.ts';
import { compile_kernel } from '../../src/gpu/kernel.ts';
import { request_device } from '../../src/node/dawn.ts';
import { elementwise, run_elementwise, use_device } from '../device.ts';

const doubling = `
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> target_values: array<u32>;
override factor: u32 = 2u;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let id = group.y * groups.x + group.x;
  if (id < arrayLength(&source)) {
    target_values[id] = factor * source[id];
  }
}
`;
const kernel_of = (device: Device, wgsl: string, overrides = {}) =>
  compile_kernel(device.gpu, { label: 'langevin.test.doubling', wgsl, overrides });

describe('a device', () => {
  const device = use_device();

  it('says what it is', () => {
    const { adapter } = device();
    expect(['hardware', 'software']).toContain(adapter.kind);
    expect(adapter.name).not.toBe('');
  });

  it('gives back what it was given, from any offset', async () => {
    const words = fc.uint32Array({ minLength: 1, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), async (data, n) => {
        const skip = n % data.length;
        const buffer = device().upload('langevin.test.words', new Uint32Array(data));
        const back = await device().read(buffer, 4 * (data.length - skip), 4 * skip);
        device().buffers.give(buffer);
        expect([...new Uint32Array(back)]).toEqual([...data.subarray(skip)]);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('copies regions in the order of submission', async () => {
    const a = device().upload('langevin.test.a', Uint32Array.of(1, 2, 3, 4));
    const b = device().upload('langevin.test.b', Uint32Array.of(5, 6, 7, 8));
    device().copy([
      { source: a, source_offset: 4, target: b, bytes: 8 },
      { source: b, target: a, target_offset: 8, bytes: 8 },
    ]);
    expect([...new Uint32Array(await device().read(b, 16))]).toEqual([2, 3, 7, 8]);
    expect([...new Uint32Array(await device().read(a, 16))]).toEqual([1, 2, 2, 3]);
    for (const buffer of [a, b]) device().buffers.give(buffer);
  });

  it('dispatches more workgroups than fit one dimension', async () => {
    const count = device().gpu.limits.maxComputeWorkgroupsPerDimension + 7;
    const source = device().upload(
      'langevin.test.source',
      Uint32Array.from({ length: count }, (_, i) => i),
    );
    const target_values = device().buffers.take('langevin.test.target', source.size);
    const kernel = await kernel_of(device(), doubling, { factor: 3, not_in_this_shader: 1 });
    const group = kernel.bind({ source, target_values });
    device().submit('langevin.test', (pass) => kernel.dispatch(pass, group, count));
    const back = new Uint32Array(await device().read(target_values, 4 * count));
    expect(back.findIndex((value, i) => value !== 3 * i)).toBe(-1);
    for (const buffer of [source, target_values]) device().buffers.give(buffer);
  });

  it('compiles the same text with the same overrides once', async () => {
    const options = {
      kernel: 'smc2/collect',
      modules: { smc2_sizes: 'const dimension = 2u;' },
      conditions: { gradient: true, shared: false, trace: false },
    };
    const overrides = { particle_count: 8, width: 16 };
    const one = await device().kernel({ ...options, overrides });
    expect(await device().kernel({ ...options, overrides: { width: 16, particle_count: 8 } })).toBe(one);
    expect(await device().kernel({ ...options, overrides: { ...overrides, width: 32 } })).not.toBe(one);
  });

  it('takes buffers by the names in the shader, all of them and no others', async () => {
    const kernel = await kernel_of(device(), doubling);
    const source = device().buffers.take('langevin.test.source', 16);
    expect(() => kernel.bind({ source })).toThrow(/target_values is not given/);
    expect(() => kernel.bind({ source, target_values: source, other: source })).toThrow(/no binding other/);
    device().buffers.give(source);
  });

  it('refuses a shader that does not compile, with the line and its text', async () => {
    const broken = doubling.replace('factor * source[id]', 'factor * sauce[id]');
    const line = broken.split('\n').findIndex((text) => text.includes('sauce')) + 1;
    const error = await kernel_of(device(), broken).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GpuError);
    expect((error as Error).message).toContain('langevin.test.doubling: the shader does not compile.');
    expect((error as Error).message).toMatch(new RegExp(`^${line}:\\d+ .*sauce`, 'm'));
    expect((error as Error).message).toContain('target_values[id] = factor * sauce[id];');
    // And nothing is left behind: the device goes on.
    await device().finish();
    await kernel_of(device(), doubling);
  });

  it('refuses a pipeline that cannot be, with its name', async () => {
    const limit = device().gpu.limits.maxComputeInvocationsPerWorkgroup;
    const wide = doubling.replace('@workgroup_size(1)', `@workgroup_size(${2 * limit})`);
    const error = await kernel_of(device(), wide).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GpuError);
    expect((error as Error).message).toMatch(/^langevin\.test\.doubling: /);
    await device().finish();
  });

  it('keeps the error of an override without a value inside the call that made it', async () => {
    const open = doubling.replace('factor: u32 = 2u', 'factor: u32');
    await expect(kernel_of(device(), open)).rejects.toThrow(GpuError);
    await device().finish();
  });

  it('is_finite tells NaN and infinities from numbers, by their bits', async () => {
    const shader = elementwise(
      'import package::lib::finite::{is_finite, is_minus_infinity};',
      'u32',
      'u32',
      'return u32(is_finite(bitcast<f32>(input))) + 2u * u32(is_minus_infinity(bitcast<f32>(input)));',
    );
    const bits = [0x7f800000, 0xff800000, 0x7fc00000, 0xffffffff, 0x7f7fffff, 0xff7fffff, 0, 0x80000000, 1, 0x3f800000];
    const found = await run_elementwise(device(), shader, Uint32Array.from(bits), 1, 1);
    expect([...new Uint32Array(found)]).toEqual([0, 2, 0, 0, 1, 1, 1, 1, 1, 1]);
  });
});

describe('a device that failed', () => {
  const opened: Device[] = [];
  const open = async () => {
    const told: GpuError[] = [];
    const device = await request_device((error) => told.push(error));
    opened.push(device);
    return { device, told };
  };
  afterEach(() => {
    for (const device of opened.splice(0)) device.destroy();
  });

  it('throws at the next await, with the stage’s name, and then for good', async () => {
    const { device, told } = await open();
    const buffer = device.buffers.take('langevin.test.small', 256);
    device.submit('langevin.test.first', () => {});
    // Beyond the end of the buffer: a validation error that no call of ours returns.
    device.gpu.queue.writeBuffer(buffer, 4096, new Uint32Array(4));
    await expect(device.finish()).rejects.toThrow(/^langevin\.test\.first: /);
    await expect(device.read(buffer, 16)).rejects.toThrow(GpuError);
    expect(() => device.submit('langevin.test.second', () => {})).toThrow(/^langevin\.test\.first: /);
    expect(() => device.copy([])).toThrow(GpuError);
    expect(told.map((error) => error.constructor)).toEqual([GpuError]);
  });

  it('never returns the contents of a read beyond the end', async () => {
    const { device } = await open();
    const buffer = device.buffers.take('langevin.test.small', 256);
    await expect(device.read(buffer, 1024)).rejects.toThrow(GpuError);
  });

  it('never lets a copy beyond the end pass', async () => {
    const { device } = await open();
    const [a, b] = [device.buffers.take('langevin.test.a', 256), device.buffers.take('langevin.test.b', 512)];
    device.copy([{ source: a, target: b, bytes: 512 }]);
    await expect(device.finish()).rejects.toThrow(GpuError);
  });
});
