/**
 * What this device can do at most, measured in the same run as what is compared with it: memory bandwidth, f32 arithmetic, and the fixed costs of a dispatch, a submit and a
 * read-back. Medians, by GPU time where there is one, else by wall time; as much work per submit as hides the submit itself, and the wait for it.
 */

import type { Device } from '../src/gpu/device.ts';
import { type Measured, measure, repeats } from './measure.ts';
import type { Limits } from './record.ts';

const mebibyte = 2 ** 20;

export async function measure_limits(device: Device, quick: boolean): Promise<Limits> {
  const plan = { ...repeats(quick), budget: quick ? 500 : 3000 };
  const time: Time = (body) => measure(device, plan, body);
  const copies = await bandwidth(device, time);
  const multiply_add = await arithmetic(device, time);
  const empty = await device.kernel({ kernel: 'bench/empty' });
  const group = empty.bind({});
  const dispatches = (count: number) =>
    device.submit('langevin.bench.empty', (pass) => {
      for (let i = 0; i < count; i++) empty.dispatch(pass, group, 1);
    });
  const dispatch_ms = await amortised(device, time, dispatches);
  const submit = await time(() => dispatches(1));
  const word = device.upload('langevin.bench.word', Uint32Array.of(1));
  const read_back = await time(async () => {
    await device.read(word, 4);
  });
  device.buffers.give(word);
  // What the host waits for, so wall time.
  return {
    ...copies,
    multiply_add,
    dispatch_ms,
    submit_ms: submit.wall.median,
    read_back_ms: read_back.wall.median,
  };
}

type Time = (body: () => Promise<void> | void) => Promise<Measured>;

/** Where there is no GPU time: the wait may end 2 ms late (src/node/paced_wait.ts), so a batch this long is wrong by less than 1 %. */
const batch_ms = 200;
const most_in_batch = 50_000;

/** Milliseconds of one `run`, timed in batches. */
async function amortised(device: Device, time: Time, run: (count: number) => void): Promise<number> {
  const count = await batch_size(device, run);
  const { wall, gpu } = await time(() => run(count));
  return (gpu ?? wall).median / count;
}

/** How many fill a batch: a longer one is tried until one is long enough, because the first are mostly submit and wait. */
async function batch_size(device: Device, run: (count: number) => void): Promise<number> {
  const wall = async (count: number) => {
    const begun = performance.now();
    run(count);
    await device.finish();
    return performance.now() - begun;
  };
  await wall(1);
  for (let count = 1; ; ) {
    const ms = await wall(count);
    if (ms >= batch_ms || count >= most_in_batch) return count;
    // A tenth more than needed, so that the timed ones are not a little shorter.
    const growth = Math.min(16, (1.1 * batch_ms) / ms);
    count = Math.min(most_in_batch, Math.ceil(count * growth));
  }
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
  const by_kernel = await amortised(device, time, (copies) =>
    device.submit(kernel.label, (pass) => {
      for (let i = 0; i < copies; i++) kernel.dispatch(pass, group, Math.ceil(count / 256));
    }),
  );
  const by_command = await amortised(device, time, (copies) =>
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
  const ms = await amortised(device, time, (times) =>
    device.submit(kernel.label, (pass) => {
      for (let i = 0; i < times; i++) kernel.dispatch(pass, group, workgroups);
    }),
  );
  for (const buffer of [factors, sums]) device.buffers.give(buffer);
  return (invocations * rounds * 32) / (ms / 1000);
}
