/** The uniform block of training. Must match `Training` in shaders/merge/train_bindings.wgsl. */

import type { Words } from '../random/threefry.ts';

export interface TrainParams {
  shards: number;
  /** From 0. */
  first_update: number;
  /** In one dispatch. */
  updates: number;
  total_updates: number;
  key: Words;
  /** At the start; it falls to 0 as a cosine. */
  learning_rate: number;
  /** Norm of the gradient beyond which it is cut. */
  most_slope: number;
  /** Of the energy's loss; 0 where no log densities are known. */
  energy_weight: number;
  /** Every so many updates have the energy's loss, with as many times the weight. */
  energy_every: number;
}

export const train_params_bytes = 48;

export function pack_train_params(p: TrainParams): ArrayBuffer {
  const buffer = new ArrayBuffer(train_params_bytes);
  new Uint32Array(buffer).set([p.shards, p.first_update, p.updates, p.total_updates, ...p.key]);
  new Float32Array(buffer, 24).set([p.learning_rate, p.most_slope, p.energy_weight]);
  new Uint32Array(buffer, 36).set([p.energy_every]);
  return buffer;
}
