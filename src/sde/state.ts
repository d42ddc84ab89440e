/** Where a training stands: all that its next steps depend on beside the data and the options. */

import { fill_transposes } from '../network/mlp.ts';
import type { SdeLayout } from './problem.ts';

export interface TrainingState {
  /** Made so far. */
  steps: number;
  /** [net][number] (src/network/mlp.ts) */
  weights: Float32Array<ArrayBuffer>;
  /** Adam's, of all nets. */
  moments: Float32Array<ArrayBuffer>;
  /** [net][parameter] average over the steps. */
  averages: Float32Array<ArrayBuffer>;
}

/** @param weights [net][number] */
export function first_state(layout: SdeLayout, weights: Float32Array<ArrayBuffer>): TrainingState {
  const parameters = (weights.length / layout.numbers) * layout.parameters;
  return { steps: 0, weights, moments: new Float32Array(2 * parameters), averages: new Float32Array(parameters) };
}

/** Numbers of a checkpoint: [net][parameters, averages], then the moments. */
export function pack_state({ parameters, numbers }: SdeLayout, state: TrainingState): Float32Array<ArrayBuffer> {
  const { weights, averages, moments } = state;
  const nets = weights.length / numbers;
  const packed = new Float32Array(4 * nets * parameters);
  for (let net = 0; net < nets; net++) {
    packed.set(weights.subarray(net * numbers, net * numbers + parameters), 2 * net * parameters);
    packed.set(averages.subarray(net * parameters, (net + 1) * parameters), (2 * net + 1) * parameters);
  }
  packed.set(moments, 2 * nets * parameters);
  return packed;
}

/** Throws Error where the length is that of other networks. */
export function unpack_state(layout: SdeLayout, packed: Float32Array, steps: number): TrainingState {
  const { parameters, numbers } = layout;
  const nets = packed.length / (4 * parameters);
  if (!Number.isInteger(nets)) throw new Error(`${packed.length} numbers are no state of ${parameters} parameters`);
  const state = first_state(layout, new Float32Array(nets * numbers));
  for (let net = 0; net < nets; net++) {
    const own = state.weights.subarray(net * numbers, (net + 1) * numbers);
    own.set(packed.subarray(2 * net * parameters, (2 * net + 1) * parameters));
    fill_transposes(layout, own);
    state.averages.set(packed.subarray((2 * net + 1) * parameters, (2 * net + 2) * parameters), net * parameters);
  }
  state.moments.set(packed.subarray(2 * nets * parameters));
  return { ...state, steps };
}
