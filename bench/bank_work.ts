/** What a filter bank is timed on: a model, its rows, a parameter and a key for each filter. Made from a problem of bench/peers, so that what we time is what the others time. */

import { create_filter_bank, type FilterBank, type Shape } from '../src/filter/bank.ts';
import { plan_bank } from '../src/filter/bank_plan.ts';
import type { Device } from '../src/gpu/device.ts';
import { built_in_model } from '../src/model/resolve.ts';
import type { StateSpaceModel } from '../src/model/types.ts';
import { make_problem, type ProblemSize } from './peers/make_problem.ts';
import type { GradientKind } from './peers/types.ts';

export interface BankWork {
  model: StateSpaceModel;
  filters: number;
  particles: number;
  /** y_1 … y_T of a model with one observed column. */
  observations: number[];
  /** [D][filters], constrained parameters. */
  theta: Float32Array<ArrayBuffer>;
  /** [filters] pairs. */
  keys: Uint32Array<ArrayBuffer>;
  gradient: GradientKind;
  /** Resample when ESS < this part of the particles. */
  resample_below: number;
}

/** The parameters, keys and rows of a problem; each filter draws its own normals, as in SMC². So the problem is made without them, which would take the host long. */
export function work_of(size: ProblemSize): BankWork {
  const problem = make_problem({ ...size, particles: 1 });
  return { ...problem, model: built_in_model(problem.model), particles: size.particles };
}

/** @param shape default: the bank's own choice for this adapter */
export async function open_bank(device: Device, work: BankWork, shape?: Shape): Promise<FilterBank> {
  const bank = await create_filter_bank(device, { ...bank_options(work), ...(shape ? { shape } : {}) });
  device.gpu.queue.writeBuffer(bank.theta, 0, work.theta);
  device.gpu.queue.writeBuffer(bank.keys, 0, work.keys);
  return bank;
}

/** The shape that the bank chooses by itself. */
export const default_shape = (device: Device, work: BankWork): Shape => plan_bank(device, bank_options(work)).shape;

function bank_options({ model, filters, particles, gradient, observations, resample_below }: BankWork) {
  return {
    model,
    data: { [model.observation[0] as string]: observations },
    particles,
    filters,
    gradient: gradient !== 'none',
    resample_below,
    blend: gradient === 'fixed-ancestor' ? 0 : 1,
  };
}
