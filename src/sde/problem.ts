/** A latent SDE to be learned: what it is made of, and the sizes its kernels are built for. */

import type { Activation } from '../network/activation.ts';
import type { NetLayout } from '../network/mlp.ts';
import { lay_out } from '../network/mlp.ts';
import type { Tiling } from '../network/tiles.ts';
import type { OwnDrift } from './own_drift.ts';

export type LikelihoodName = 'gaussian' | 'student_t' | 'bernoulli' | 'poisson';

export interface Hidden {
  hidden: readonly number[];
  activation: Activation;
}

export interface MlpDrift extends Hidden {
  /** Whether time is an input. */
  moves_in_time: boolean;
}

export interface SdeModel {
  /** Dimension of the latent state. */
  latent: number;
  /** Channels of an observation. */
  observed: number;
  drift: MlpDrift | OwnDrift;
  /** `identity`: channel c is the latent component c; `linear` has no hidden layers. */
  decoder: 'identity' | Hidden;
  likelihood: LikelihoodName;
  encoder: Hidden;
  /** Of the moments between nodes; absent: a slope to either side of every node. */
  interpolation?: 'deep_kernel';
  /** Whether q may rotate: an antisymmetric matrix at every node. */
  rotation: boolean;
  /** Knots of log D over time; 1: constant. */
  diffusion_knots: number;
  learns: { diffusion: boolean; noise: boolean; start: boolean };
}

export interface Estimator {
  nets: number;
  /** Of every step and net. */
  windows: number;
  /** Of a window, in whole batches. */
  nodes: number;
  /** Antithetic pairs of samples along a window. */
  pairs: number;
  /** Draws of D in a window. */
  paths: number;
  /** Samples at every observation; an even number, or 1 where the expectation has a closed form. */
  repeats: number;
}

export const is_own = (drift: SdeModel['drift']): drift is OwnDrift => 'wgsl' in drift;

/** Numbers of the drift's part before the parameters of a person's own drift. */
export const diffusion_count = ({ latent, diffusion_knots }: SdeModel) => 2 * diffusion_knots * latent;

/** Samples of a workgroup. */
export const batch = 32;

export type SdeLayout = NetLayout<'encoder' | 'drift' | 'decoder'>;

export const rotations_of = ({ latent, rotation }: SdeModel) => (rotation ? (latent * (latent - 1)) / 2 : 0);

/** Numbers that the encoder gives for every node. */
export const channels_of = (model: SdeModel) => 6 * model.latent + rotations_of(model);

/** Whether E log p(y | z) has a closed form under q. */
export const is_exact = ({ decoder, likelihood }: SdeModel) => decoder === 'identity' && likelihood === 'gaussian';

/** Units of a deep kernel's warp, as in the published settings for Lorenz's system. */
export const kernel_units = 32;

/** Nodes that a window with a deep kernel has, and the most components: what a workgroup holds. */
export const kernel_limits = { nodes: batch, latent: 12 } as const;

/** Parameters of the interpolation: log ℓ, then a, b and c of every unit (shaders/sde/deep_kernel.wgsl). */
export const interpolation_count = ({ interpolation }: SdeModel) =>
  interpolation === undefined ? 0 : 1 + 3 * kernel_units;

/** Numbers of the free parameters of a part, in the order of shaders/sde/diffusion.wgsl, observe.wgsl and encode_back.wgsl. */
export function sde_layout(tiling: Tiling, model: SdeModel, encoder_inputs: number): SdeLayout {
  const { latent, observed, drift, decoder, encoder } = model;
  return lay_out(tiling, {
    encoder: {
      mlp: { ...encoder, inputs: encoder_inputs, outputs: channels_of(model) },
      free: 2 * latent + interpolation_count(model),
    },
    drift: is_own(drift)
      ? { free: diffusion_count(model) + drift.parameters.length }
      : { mlp: { ...drift, inputs: latent, outputs: latent }, free: diffusion_count(model) },
    decoder: {
      ...(decoder === 'identity' ? {} : { mlp: { ...decoder, inputs: latent, outputs: observed } }),
      free: observed,
    },
  });
}

/** Fours of samples of a window: along the path, and with those at observations. */
export function sample_quads({ pairs, repeats }: Estimator, most_observations: number): { path: number; all: number } {
  const batches = (samples: number) => (batch / 4) * Math.ceil(samples / batch);
  const path = batches(2 * pairs);
  return { path, all: path + batches(Math.max(1, repeats * most_observations)) };
}
