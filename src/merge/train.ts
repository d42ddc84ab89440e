/** Trains the energy networks of all shards and seeds in the same dispatches (shaders/merge/train.wgsl). */

import type { Device } from '../gpu/device.ts';
import { network_overrides, network_parts } from '../network/modules.ts';
import { initial_weights, type NetworkSizes, parameter_count, weight_count, work_rows } from '../network/residual.ts';
import type { Words } from '../random/threefry.ts';
import { pack_train_params, train_params_bytes } from './train_params.ts';

/** Whitened draws of one shard. */
export interface TrainingSet {
  /** [row][2d + 1]: draw, gradient of the log density, log density; what is not known is 0. */
  rows: Float32Array;
  has_gradients: boolean;
}

export interface TrainOptions {
  sizes: NetworkSizes;
  shards: readonly TrainingSet[];
  /** Nets of every shard. */
  seeds: number;
  updates: number;
  /** At the start; it falls to 0 as a cosine. */
  learning_rate: number;
  /** Norm of the gradient beyond which it is cut. */
  most_slope: number;
  /** Of the energy's loss; 0 where log densities are not known. */
  energy_weight: number;
  /** Every so many updates have the energy's loss, with as many times the weight: it takes a third of an update's time, and is far less noisy than the score's. */
  energy_every: number;
  key: Words;
  /** Goes on from there; absent: from `initial_weights`. */
  from?: TrainingState;
}

/** Where a training stands: all that its next updates depend on beside the options. */
export interface TrainingState {
  /** Made so far. */
  updates: number;
  /** [net][parameter, then transposes] */
  weights: Float32Array<ArrayBuffer>;
  /** [net][parameter] Adam's, as shaders/network/adam.wgsl has them. */
  moments: Float32Array<ArrayBuffer>;
}

/** Mean losses of one net over some updates. */
export interface Losses {
  score: number;
  energy: number;
}

export interface Trainer {
  /** seeds × shards: net n is of shard n % shards. */
  readonly nets: number;
  /** `weights` [net], `gradients` [net] of the last update. */
  readonly buffers: Readonly<Record<'weights' | 'gradients', GPUBuffer>>;
  /** The next updates, in one dispatch. Losses by net. */
  run(updates: number): Promise<Losses[]>;
  keep(): Promise<TrainingState>;
  destroy(): void;
}

export async function create_trainer(device: Device, options: TrainOptions): Promise<Trainer> {
  const { sizes, shards, seeds, key } = options;
  const nets = seeds * shards.length;
  const kernel = await device.kernel({
    kernel: 'merge/train',
    ...network_parts(sizes),
    overrides: network_overrides(device),
  });
  const parameters = nets * parameter_count(sizes);
  const { updates: made, ...start } = options.from ?? {
    updates: 0,
    weights: all_weights(sizes, key, nets),
    moments: new Float32Array(2 * parameters),
  };
  const take = (role: string, numbers: number, usage?: number) =>
    device.buffers.take(`langevin.merge.${role}`, 4 * numbers, usage);
  const buffers = {
    params: take('params', train_params_bytes / 4, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    weights: device.upload('langevin.merge.weights', start.weights),
    work: take('work', nets * work_rows(sizes) * sizes.batch),
    gradients: take('gradients', parameters),
    moments: device.upload('langevin.merge.moments', start.moments),
    draws: device.upload('langevin.merge.draws', one_after_another(shards)),
    shards: device.upload('langevin.merge.shards', shard_table(shards, sizes.inputs)),
    losses: take('losses', 2 * nets),
  };
  // Rows and inputs that fill up tiles are read, and must be finite.
  device.gpu.queue.writeBuffer(buffers.work, 0, new Float32Array(nets * work_rows(sizes) * sizes.batch));
  const group = kernel.bind(buffers);
  let done = made;
  return {
    nets,
    buffers,
    async run(updates) {
      const params = { ...options, shards: shards.length, first_update: done, updates, total_updates: options.updates };
      device.gpu.queue.writeBuffer(buffers.params, 0, pack_train_params(params));
      device.submit('langevin.merge.train', (pass) => kernel.dispatch(pass, group, nets));
      done += updates;
      const losses = new Float32Array(await device.read(buffers.losses, 8 * nets));
      return Array.from({ length: nets }, (_, net) => ({
        score: losses[2 * net] as number,
        energy: losses[2 * net + 1] as number,
      }));
    },
    async keep() {
      const [weights, moments] = await Promise.all([
        device.read(buffers.weights, start.weights.byteLength),
        device.read(buffers.moments, start.moments.byteLength),
      ]);
      return { updates: done, weights: new Float32Array(weights), moments: new Float32Array(moments) };
    },
    destroy() {
      for (const buffer of Object.values(buffers)) device.buffers.give(buffer);
    },
  };
}

function all_weights(sizes: NetworkSizes, key: Words, nets: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(nets * weight_count(sizes));
  for (let net = 0; net < nets; net++) weights.set(initial_weights(sizes, key, net), net * weight_count(sizes));
  return weights;
}

function one_after_another(shards: readonly TrainingSet[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(shards.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const { rows } of shards) {
    all.set(rows, at);
    at += rows.length;
  }
  return all;
}

/** struct Shard of shaders/merge/train_bindings.wgsl. */
function shard_table(shards: readonly TrainingSet[], dimension: number): Uint32Array<ArrayBuffer> {
  const columns = 2 * dimension + 1;
  let first = 0;
  return Uint32Array.from(
    shards.flatMap(({ rows, has_gradients }) => {
      const entry = [first, rows.length / columns, Number(has_gradients)];
      first += rows.length / columns;
      return entry;
    }),
  );
}
