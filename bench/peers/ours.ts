/** Our side of the comparison: a filter bank that runs a peer's problem, and how much one filter's answer scatters. Safe for the browser. */

import { type BankOptions, create_filter_bank, type FilterBank, result_row } from '../../src/filter/bank.ts';
import type { Device } from '../../src/gpu/device.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { threefry } from '../../src/random/threefry.ts';
import type { FilterProblem, FilterValues } from './types.ts';

export interface ProblemBank {
  bank: FilterBank;
  /** Reads the answer of the last evaluation. */
  read(): Promise<FilterValues>;
  destroy(): void;
}

/** A bank that is filled and ready for `bank.evaluate(problem.filters)`. The shape and whatever else the harness wants to choose comes in `options`. */
export async function create_problem_bank(
  device: Device,
  problem: FilterProblem,
  options: Pick<BankOptions, 'shape' | 'width'> = {},
): Promise<ProblemBank> {
  const shared_noise = device.upload('langevin.bench.noise', problem.noise);
  const bank = await create_filter_bank(device, { ...bank_options(problem), ...options, shared_noise });
  device.gpu.queue.writeBuffer(bank.theta, 0, problem.theta);
  device.gpu.queue.writeBuffer(bank.keys, 0, problem.keys);
  return {
    bank,
    read: () => read_values(device, bank),
    destroy() {
      bank.destroy();
      device.buffers.give(shared_noise);
    },
  };
}

function bank_options({ model: name, observations, particles, filters, gradient, resample_below }: FilterProblem) {
  const model = built_in_model(name);
  return {
    model,
    data: { [model.observation[0] as string]: observations },
    particles,
    filters,
    gradient: gradient !== 'none',
    blend: gradient === 'carried' ? 1 : 0,
    resample_below,
  };
}

async function read_values(device: Device, { results, capacity, tangents }: FilterBank): Promise<FilterValues> {
  const words = await device.read(results, (result_row.score + tangents) * capacity * 4);
  const rows = new Float32Array(words);
  const first = result_row.log_likelihood * capacity;
  const log_likelihood = rows.slice(first, first + capacity);
  return tangents > 0 ? { log_likelihood, gradient: rows.slice(result_row.score * capacity) } : { log_likelihood };
}

/** Standard deviations of one filter's answer over fresh noise. */
export interface Scatter {
  log_likelihood: number;
  /** [D]; empty without gradients. */
  gradient: number[];
}

/** Measured with `filters` filters at the parameters of the problem's first, each with noise of its own. */
export async function monte_carlo_scatter(device: Device, problem: FilterProblem, filters = 64): Promise<Scatter> {
  const bank = await create_filter_bank(device, { ...bank_options(problem), filters });
  const parameters = problem.theta.length / problem.filters;
  const theta = Float32Array.from(
    { length: parameters * filters },
    (_, i) => problem.theta[Math.floor(i / filters) * problem.filters] as number,
  );
  device.gpu.queue.writeBuffer(bank.theta, 0, theta);
  const keys = Array.from({ length: filters }, (_, f) => threefry([f, 4], [0, 0])).flat();
  device.gpu.queue.writeBuffer(bank.keys, 0, Uint32Array.from(keys));
  await bank.evaluate(filters);
  const { log_likelihood, gradient } = await read_values(device, bank);
  bank.destroy();
  const rows = gradient
    ? Array.from({ length: parameters }, (_, d) => gradient.subarray(d * filters, (d + 1) * filters))
    : [];
  return { log_likelihood: deviation(log_likelihood), gradient: rows.map(deviation) };
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
}
