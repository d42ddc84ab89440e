/** The merges by name, and the quick ones: draws in, draws out, no training. */
import { ess_mean } from '../diagnostics/ess.ts';
import type { Points } from '../diagnostics/points.ts';
import { UserError } from '../model/user_error.ts';
import { consensus } from './baselines/consensus.ts';
import { gaussian, gaussian_draws } from './baselines/gaussian.ts';
import { gradient_gaussian } from './baselines/gradient_gaussian.ts';
import { nonparametric } from './baselines/nonparametric.ts';
import type { BaselineOptions } from './baselines/options.ts';
import { semiparametric } from './baselines/semiparametric.ts';
import { type Gaussian, gaussian_product, shard_moments } from './baselines/shards.ts';
import { swiss } from './baselines/swiss.ts';
import { moved_shards, tilt_moments, tilt_weights } from './tilt.ts';
import type { ShardDraws } from './whiten.ts';

/** Those that need draws alone. */
export const quick_methods = ['semiparametric', 'nonparametric', 'gaussian', 'consensus', 'swiss'] as const;
export type QuickMethod = (typeof quick_methods)[number];
export const merge_methods = [...quick_methods, 'gradient-gaussian', 'diffusion'] as const;
export type MergeMethod = (typeof merge_methods)[number];

/** Draws at most of methods that are there to be compared with. */
export const compared_draws = 4000;

/** What a method takes a shard for. */
export const method_words: Readonly<Record<MergeMethod, string>> = {
  semiparametric: 'Gaussians times kernel estimates of what they miss (Neiswanger 2014)',
  nonparametric: 'kernel estimates alone: any shape, where the shards overlap (Neiswanger 2014)',
  gaussian: 'the product of Gaussians fitted to the shards',
  consensus: 'precision-weighted means of draws (Scott 2016)',
  swiss: 'every shard moved by an affine map onto the common mean and covariance (Vyner 2023, product form)',
  'gradient-gaussian': 'Gaussians fitted to the gradients of the shards, which need no draws where the merge lies',
  diffusion: 'a diffusion model of every shard, learned on the device; annealed HMC on their sum (Trojan 2024)',
};

/** Methods whose mean and covariance are those of the product of Gaussians, whatever the shards. */
export const is_gaussian_method = (method: MergeMethod) =>
  !['semiparametric', 'nonparametric', 'diffusion'].includes(method);

/** Effective draws of merged ones: those of a chain over choices of draws are correlated, and so are resampled ones; those of the other methods are not. */
export const worth_of_merged = (values: Float64Array, method: MergeMethod) =>
  is_gaussian_method(method) ? values.length : ess_mean([values]);

export interface Merged {
  points: Points;
  /** Of kernel methods: the share of proposed exchanges of draws that were taken. */
  acceptance?: number;
  /** Of Gaussian and gradient-gaussian: what the draws are of, in the coordinates of the merge. */
  gaussian?: Gaussian;
  /** Of gradient-gaussian: directions whose precision had to be held (baselines/gradient_regression.ts). */
  held?: number;
}

/**
 * @param log_jacobian where every shard's density holds |J| once and should hold it to the power 1/S (shards/space.ts)
 *
 * Throws UserError for shards whose draws have no density.
 */
export function merge_by(
  method: QuickMethod,
  shards: readonly Points[],
  options: BaselineOptions,
  log_jacobian?: (phi: Float64Array) => number,
): Merged {
  if (method === 'semiparametric' || method === 'nonparametric') {
    const { acceptance, ...points } = (method === 'semiparametric' ? semiparametric : nonparametric)(shards, {
      ...options,
      ...(log_jacobian === undefined ? {} : weighed(shards, log_jacobian)),
    });
    return { points, acceptance };
  }
  const corrected = log_jacobian === undefined ? shards : corrected_shards(shards, log_jacobian, method);
  switch (method) {
    case 'gaussian':
      return { points: gaussian(corrected, options), gaussian: gaussian_product(shard_moments(corrected)) };
    case 'consensus':
      return { points: consensus(corrected, options) };
    case 'swiss':
      return { points: swiss(corrected, { ...options, inflated: false }) };
  }
}

/** Method gradient-gaussian. Throws UserError for shards without gradients, and as `merge_by`. */
export function merge_gradients(
  shards: readonly ShardDraws[],
  options: BaselineOptions,
  log_jacobian?: (phi: Float64Array) => number,
): Merged {
  const { held, ...product } = gradient_gaussian(shards, log_jacobian);
  return { points: gaussian_draws(product, options), gaussian: product, held };
}

function weighed(shards: readonly Points[], log_jacobian: (phi: Float64Array) => number) {
  const moments = tilt_moments(shard_moments(shards), log_jacobian);
  return { log_weights: tilt_weights(shards, log_jacobian), ...(moments === undefined ? {} : { moments }) };
}

function corrected_shards(
  shards: readonly Points[],
  log_jacobian: (phi: Float64Array) => number,
  method: QuickMethod,
): Points[] {
  const moments = shard_moments(shards);
  const tilted = tilt_moments(moments, log_jacobian);
  if (tilted === undefined) {
    throw new UserError(
      `With the Jacobian's power 1/${shards.length} some shard has no Gaussian left, and ${method} needs one.\nUse --method semiparametric, or fewer and larger shards.`,
    );
  }
  return moved_shards(shards, moments, tilted);
}
