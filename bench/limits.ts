/**
 * What this device can do at most, measured in the same run as what is compared with it: memory bandwidth, f32 arithmetic, and the fixed costs of a dispatch, a submit and a
 * read-back. Medians of wall time; as much work per submit as hides the submit itself.
 */

import type { Device } from '../src/gpu/device.ts';
import { measure, repeats } from './measure.ts';
import type { Limits } from './record.ts';

const mebibyte = 2 ** 20;

export async function measure_limits(device: Device, quick: boolean): Promise<Limits> {
  const plan = { ...repeats(quick), budget: quick ? 500 : 3000 };
  const time = async (body: () => Promise<void> | void) => (await measure(device, plan, body)).wall.median;
  const copies = await bandwidth(device, time);
  const multiply_add = await arithmetic(device, time);
  const empty = await device.kernel({ kernel: 'bench/empty' });
  const group = empty.bind({});
  const dispatches = (count: number) => () =>
    device.submit('langevin.bench.empty', (pass) => {
      for (let i = 0; i < count; i++) empty.dispatch(pass, group, 1);
    });
  const submit_ms = await time(dispatches(1));
  const many = 1001;
  const dispatch_ms = Math.max(0, (await time(dispatches(many))) - submit_ms) / (many - 1);
  const word = device.upload('langevin.bench.word', Uint32Array.of(1));
  const read_back_ms = await time(async () => {
    await device.read(word, 4);
  });
  device.buffers.give(word);
  return { ...copies, multiply_add, dispatch_ms, submit_ms, read_back_ms };
}

type Time = (body: () => Promise<void> | void) => Promise<number>;

/** Milliseconds of one `run`, timed in batches of about 50 ms. */
async function amortised(time: Time, run: (count: number) => void): Promise<number> {
  const once = await time(() => run(1));
  const count = Math.min(1000, Math.max(1, Math.round(50 / Math.max(once, 0.01))));
  return count === 1 ? once : (await time(() => run(count))) / count;
}

/** Bytes per second, read and written, between two buffers several times as large as the caches: 256 MiB on a GPU; 128 MiB where it is a CPU, or where bindings end there. */
async function bandwidth(
  device: Device,
  time: Time,
): Promise<Pick<Limits, 'copy_kernel' | 'copy_buffer' | 'copy_bytes'>> {
  const wanted = (device.adapter.kind === 'hardware' ? 256 : 128) * mebibyte;
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  const bytes = Math.floor(Math.min(wanted, maxStorageBufferBindingSize, maxBufferSize) / mebibyte) * mebibyte;
  // Not from the pool: it would keep them for the rest of the process.
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [source_values, target_values] = (['source', 'target'] as const).map((role) =>
    device.gpu.createBuffer({ label: `langevin.bench.copy_${role}`, size: bytes, usage }),
  ) as [GPUBuffer, GPUBuffer];
  const count = bytes / 16;
  const kernel = await device.kernel({ kernel: 'bench/copy' });
  const group = kernel.bind({ source_values, target_values });
  const by_kernel = await amortised(time, (copies) =>
    device.submit(kernel.label, (pass) => {
      for (let i = 0; i < copies; i++) kernel.dispatch(pass, group, Math.ceil(count / 256));
    }),
  );
  const by_command = await amortised(time, (copies) =>
    device.copy(Array.from({ length: copies }, () => ({ source: source_values, target: target_values, bytes }))),
  );
  for (const buffer of [source_values, target_values]) buffer.destroy();
  const rate = (ms: number) => (2 * bytes) / (ms / 1000);
  return { copy_kernel: rate(by_kernel), copy_buffer: rate(by_command), copy_bytes: bytes };
}

/** f32 multiply-adds per second. */
async function arithmetic(device: Device, time: Time): Promise<number> {
  const hardware = device.adapter.kind === 'hardware';
  const workgroups = hardware ? 16_384 : 256;
  const rounds = hardware ? 512 : 64;
  const invocations = 64 * workgroups;
  const factors = device.upload('langevin.bench.factors', Float32Array.of(0.999, 0.001));
  const sums = device.buffers.take('langevin.bench.sums', 4 * invocations);
  const kernel = await device.kernel({ kernel: 'bench/multiply_add', overrides: { rounds } });
  const group = kernel.bind({ factors, sums });
  const ms = await amortised(time, (times) =>
    device.submit(kernel.label, (pass) => {
      for (let i = 0; i < times; i++) kernel.dispatch(pass, group, workgroups);
    }),
  );
  for (const buffer of [factors, sums]) device.buffers.give(buffer);
  return (invocations * rounds * 32) / (ms / 1000);
}
