/** Parameters that training starts from: q near to the data and narrow, a drift near to none, a diffusion and a noise that begin large and fall. */

import { fill_transposes, initial_net, type MlpLayer } from '../network/mlp.ts';
import { normals_at } from '../random/normals.ts';
import { site, type Words } from '../random/threefry.ts';
import {
  diffusion_count,
  interpolation_count,
  is_own,
  kernel_units,
  type SdeLayout,
  type SdeModel,
} from './problem.ts';
import type { Units } from './units.ts';

/** In the model's units. */
const first = {
  /** Variance of q at the nodes. */
  variance: 0.01,
  diffusion: 1,
  /** sd of log D in q. */
  diffusion_sd: 0.1,
  noise_variance: 0.1,
} as const;

/** Sizes of the last layers beside LeCun's. */
const last = { encoder: 0.01, drift: 0.1 };

/** Numbers that are not learned. */
export interface KnownNumbers {
  /** [channel] variance. */
  noise?: readonly number[];
  /** [component] D. */
  diffusion?: readonly number[];
  /** Of the state at the start of a series: [component] each. */
  start?: { mean: readonly number[]; variance: readonly number[] };
}

/** From the data's units to the model's; components beyond the channels, and all where the decoder is learned, are in the model's already. */
export function known_in_units(
  { noise, diffusion, start }: KnownNumbers,
  { mean, sd, time }: Units,
  is_identity: boolean,
): KnownNumbers {
  const own = (values: Float64Array, d: number, other: number) => (is_identity ? (values[d] ?? other) : other);
  const squared = (d: number) => own(sd, d, 1) ** 2;
  return {
    ...(noise ? { noise: noise.map((v, c) => v / (sd[c] as number) ** 2) } : {}),
    ...(diffusion ? { diffusion: diffusion.map((v, d) => (v * time) / squared(d)) } : {}),
    ...(start
      ? {
          start: {
            mean: start.mean.map((v, d) => (v - own(mean, d, 0)) / own(sd, d, 1)),
            variance: start.variance.map((v, d) => v / squared(d)),
          },
        }
      : {}),
  };
}

/** @param known in the model's units */
export function start_net(
  layout: SdeLayout,
  model: SdeModel,
  key: Words,
  net: number,
  known: KnownNumbers = {},
): Float32Array<ArrayBuffer> {
  const { latent, observed, diffusion_knots: knots } = model;
  const weights = initial_net(layout, key, net, last);
  const { encoder, drift, decoder } = layout.parts;
  const output = encoder.layers.at(-1);
  if (output && model.decoder !== 'identity') spread_means(output, latent, weights);
  fill_transposes(layout, weights);
  for (let d = 0; output && d < latent; d++) {
    // The bias of the log variance's channel.
    weights[output.first + output.outputs + 3 * latent + d] = Math.log(first.variance);
  }
  for (let d = 0; known.start && d < latent; d++) {
    weights[encoder.free_first + d] = known.start.mean[d] as number;
    weights[encoder.free_first + latent + d] = Math.log(known.start.variance[d] as number);
  }
  if (interpolation_count(model) > 0) {
    weights.set(start_of_kernel(key, net), encoder.free_first + 2 * latent);
  }
  for (let knot = 0; knot < knots; knot++) {
    for (let d = 0; d < latent; d++) {
      const index = knot * latent + d;
      weights[drift.free_first + index] = Math.log(known.diffusion?.[d] ?? first.diffusion);
      weights[drift.free_first + knots * latent + index] = known.diffusion ? never : Math.log(first.diffusion_sd);
    }
  }
  if (is_own(model.drift)) {
    weights.set(
      model.drift.parameters.map(({ start }) => start),
      drift.free_first + diffusion_count(model),
    );
  }
  for (let c = 0; c < observed; c++) {
    weights[decoder.free_first + c] = Math.log(known.noise?.[c] ?? first.noise_variance);
  }
  return weights;
}

/** The published length, and a warp that is near to none. */
function start_of_kernel(key: Words, net: number): number[] {
  const normals = normals_at(key, site.start, net, 3 * kernel_units);
  const last = 0.1 / Math.sqrt(kernel_units);
  return [Math.log(0.01), ...Array.from(normals, (z, i) => (i < 2 * kernel_units ? z : last * z))];
}

/** Where a decoder is learned it has nothing to learn from states that are all alike: means are as large as LeCun's layers make them. */
function spread_means({ first, inputs, outputs }: MlpLayer, latent: number, weights: Float32Array): void {
  for (let i = 0; i < inputs; i++) {
    for (let d = 0; d < latent; d++) {
      const at = first + (i + 2) * outputs + d;
      weights[at] = (weights[at] as number) / last.encoder;
    }
  }
}

/** Log of a standard deviation that is none. */
const never = -40;
