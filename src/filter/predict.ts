/** Forward runs of a model on the GPU: one-step predictions, forecasts and simulated data (shaders/filter/predict.wgsl). */

import type { Device } from '../gpu/device.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { model_modules } from './model_modules.ts';
import { predict_access_module } from './predict_access.ts';

export interface PredictOptions {
  model: StateSpaceModel;
  /** Columns whose values are whole numbers ≥ 0. Default: those the model declares. */
  counts?: readonly string[];
  /** Constrained parameters, [D][filters]. */
  theta: Float32Array<ArrayBuffer>;
  /** Random keys, [filters] pairs. */
  keys: Uint32Array<ArrayBuffer>;
  filters: number;
  /** Replicates per filter. */
  draws: number;
  /** States to start from, [start][S][filters·draws]; absent: the model's initial law, one start at step 0. */
  starts?: { states: Float32Array<ArrayBuffer>; count: number; first: number };
  /** Steps to run from each start. */
  horizon: number;
}

export interface Predictions {
  starts: number;
  horizon: number;
  replicates: number;
  /** Draws of state component `i` at `h` = 1…horizon after start `s`: [replicate]. */
  state(s: number, h: number, i: number): Float32Array;
  /** Draws of observation column `c`. */
  observation(s: number, h: number, c: number): Float32Array;
}

export async function predict(device: Device, options: PredictOptions): Promise<Predictions> {
  const { model, filters, draws, horizon } = options;
  const replicates = filters * draws;
  const starts = options.starts?.count ?? 1;
  const rows = model.state_size + model.observation.length;
  const kernel = await device.kernel({
    kernel: 'filter/predict',
    modules: {
      ...model_modules(model, 0),
      predict_access: predict_access_module(model, options.counts ?? model.counts),
    },
    conditions: { simulate: options.starts === undefined, shared: false, gradient: false, trace: false, guided: false },
    overrides: { particle_count: 1 },
  });
  const { buffers } = device;
  const params = device.upload(
    'langevin.filter.predict_params',
    Uint32Array.of(replicates, draws, starts, options.starts?.first ?? 0, horizon, filters, 0, 0),
    GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  );
  const bytes = starts * horizon * rows * replicates * 4;
  const own = {
    predict_params: params,
    theta_values: device.upload('langevin.filter.theta', options.theta),
    ...(options.starts ? { starts: device.upload('langevin.filter.starts', options.starts.states) } : {}),
    keys: device.upload('langevin.filter.keys', options.keys),
    predictions: buffers.take('langevin.filter.predictions', bytes),
  };
  device.submit('langevin.filter.predict', (pass) =>
    kernel.dispatch(pass, kernel.bind(own), Math.ceil((starts * replicates) / 16)),
  );
  const values = new Float32Array(await device.read(own.predictions, bytes));
  for (const buffer of Object.values(own)) buffers.give(buffer);
  const row = (s: number, h: number, i: number) => {
    const at = ((s * horizon + h - 1) * rows + i) * replicates;
    return values.subarray(at, at + replicates);
  };
  return {
    starts,
    horizon,
    replicates,
    state: row,
    observation: (s, h, c) => row(s, h, model.state_size + c),
  };
}
