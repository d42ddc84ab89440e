/** Makes a bank, fills it, evaluates it once, reads everything it has to tell, and gives its memory back. */

import { type BankOptions, create_filter_bank, type FilterBank, result_row } from '../../src/filter/bank.ts';
import type { Device } from '../../src/gpu/device.ts';
import { threefry } from '../../src/random/threefry.ts';

export interface BankRun {
  log_likelihood: Float32Array;
  died: Uint32Array;
  faults: Uint32Array;
  resampled: Uint32Array;
  /** [D][filter] */
  gradient: Float32Array[];
  /** Row of the trace at step t: 0 increments, 1 ESS, then the means. */
  trace(t: number, row: number): Float32Array;
}

/** Parameters of `filters` filters: the base value times 1 ± 5 %, a different value for each, rounded to f32. [filter][D] */
export function spread_thetas(base: readonly number[], filters: number): number[][] {
  return Array.from({ length: filters }, (_, f) =>
    base.map((value, d) => {
      const [word] = threefry([7, d], [0, f]);
      return Math.fround(value * (1 + 0.1 * (word / 2 ** 32 - 0.5)));
    }),
  );
}

export const keys_for = (filters: number, run = 1) =>
  Array.from({ length: filters }, (_, f) => threefry([run, 99], [0, f]));

/** [filter][D] to the bank's [D][capacity]. */
export function pack_thetas(thetas: readonly (readonly number[])[], capacity = thetas.length) {
  const packed = new Float32Array((thetas[0] as readonly number[]).length * capacity);
  thetas.forEach((theta, f) => {
    theta.forEach((value, d) => {
      packed[d * capacity + f] = value;
    });
  });
  return packed;
}

export function fill_bank(
  device: Device,
  bank: FilterBank,
  thetas: readonly (readonly number[])[],
  keys: readonly (readonly [number, number])[],
) {
  device.gpu.queue.writeBuffer(bank.theta, 0, pack_thetas(thetas, bank.capacity));
  device.gpu.queue.writeBuffer(bank.keys, 0, Uint32Array.from(keys.flat()));
}

export async function read_bank(device: Device, bank: FilterBank, filters: number): Promise<BankRun> {
  const { capacity, tangents, trace_rows, steps } = bank;
  const words = await device.read(bank.results, (result_row.score + tangents) * capacity * 4);
  const trace = bank.trace
    ? new Float32Array(await device.read(bank.trace, (steps + 1) * trace_rows * capacity * 4))
    : new Float32Array(0);
  const floats = (row: number) => new Float32Array(words, row * capacity * 4, filters);
  const counts = (row: number) => new Uint32Array(words, row * capacity * 4, filters);
  return {
    log_likelihood: floats(result_row.log_likelihood),
    died: counts(result_row.died),
    faults: counts(result_row.faults),
    resampled: counts(result_row.resampled),
    gradient: Array.from({ length: tangents }, (_, d) => floats(result_row.score + d)),
    trace: (t, row) => trace.subarray((t * trace_rows + row) * capacity, (t * trace_rows + row) * capacity + filters),
  };
}

export async function run_bank(
  device: Device,
  options: Omit<BankOptions, 'filters'> & { filters?: number },
  thetas: readonly (readonly number[])[],
  keys: readonly (readonly [number, number])[],
): Promise<BankRun> {
  const bank = await create_filter_bank(device, { filters: thetas.length, ...options });
  fill_bank(device, bank, thetas, keys);
  await bank.evaluate(thetas.length);
  const run = await read_bank(device, bank, thetas.length);
  bank.destroy();
  return run;
}
