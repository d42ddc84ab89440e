/** What a run of the HMC family is asked for, and the checks that need no device. */

import type { DrawsFile } from '../data/draws_file.ts';
import type { ChainMoments } from '../diagnostics/nested_rhat.ts';
import type { Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import type { SampleCheckpoint } from './checkpoint.ts';
import { type MetricKind, most_dense } from './metric.ts';
import type { Onlooker } from './onlooker.ts';
import type { Data } from './target.ts';

export const samplers = ['nuts', 'hmc', 'ehmc', 'ehmcu', 'ehmcq', 'chees', 'mala'] as const;
export type SamplerKind = (typeof samplers)[number];

export const most_chains = 65536;

export interface SampleOptions {
  model: Model;
  data: Data;
  sampler: SamplerKind;
  chains: number;
  /** Iterations of warm-up per chain. */
  warm_up: number;
  /** Recorded iterations per chain, before thinning. */
  draws: number;
  /** Of so many iterations, one is kept. */
  thinning: number;
  /** Keep draws, or of every chain only its moments and its last draw? */
  keep: 'draws' | 'moments';
  /** Groups of chains that start at the same point, for nested R-hat; absent: every chain has its own start. */
  superchains?: number;
  metric: MetricKind;
  /** Wanted acceptance; absent: the sampler's own default. */
  target_acceptance?: number;
  /** Fixed step size; absent: found in warm-up. */
  step?: number;
  /** hmc: leapfrog steps per trajectory; absent: a quarter turn of a unit Gaussian, π/2 over the step size. */
  steps?: number;
  /** hmc: the length is uniform within this share of `steps` around it; 0: always the same, for study. */
  jitter: number;
  /** ehmc, ehmcu, ehmcq: transitions, over all chains, to learn the law of lengths from. */
  learn: number;
  /** Every chain draws its own length. */
  length_per_chain: boolean;
  /** Deepest tree of NUTS. */
  most_depth: number;
  /** The target is prior^prior_power × likelihood, as densities of the constrained parameters: the posterior of one of 1/prior_power shards; absent: 1. */
  prior_power?: number;
  /** Blocks that the rows of data are cut in for the gradient; absent: by device and size. */
  blocks?: number;
  seed: number;
  /** Start of every chain, phi [D][chains]; absent: uniform in (−2, 2), as in Stan. */
  start?: Float32Array<ArrayBuffer>;
  on_progress?: (progress: Progress) => void;
  onlooker?: Onlooker;
  /** Of a run with the same options: this one goes on from there, on any device, to the same draws. */
  resumed?: SampleCheckpoint;
  /** Stops early; draws that all chains have finished are kept, and moments once all chains have as many. */
  signal?: AbortSignal;
}

export interface Progress {
  phase: 'start' | 'warm-up' | 'learning' | 'sampling';
  /** Iterations done, of how many, in this phase. */
  done: number;
  of: number;
  step: number;
  acceptance?: number;
  /** While draws are kept: those that have been read so far. */
  so_far?: () => DrawsFile;
  /** The ehmc family: the longest batches that were learned. */
  lengths?: Uint32Array;
}

/** Of one parameter: [chain] each. */
export interface MomentsOfChains {
  theta: ChainMoments[];
  square: ChainMoments[];
}

/** Evaluations of log density and gradient together, over all chains. */
export interface Cost {
  warm_up: number;
  learning: number;
  sampling: number;
}

export interface SampleResult {
  /** With moments: the last draw of every chain. */
  draws: DrawsFile;
  /** Iterations of every chain that count, after thinning. */
  kept: number;
  /** By parameter, of every chain. */
  moments?: Map<string, MomentsOfChains>;
  /** Of all chains while sampling, those whose draws are not kept too. */
  transitions: number;
  /** Of `transitions`. */
  divergences: number;
  /** E-FMI of every chain over its `transitions`; NaN where its energy never changed. */
  energy_fraction: Float64Array;
  step: number;
  /** Mean leapfrog steps per transition while sampling. */
  mean_steps: number;
  evaluations: Cost;
  seconds: Cost;
  /** How the gradients were shared out. */
  shape: 'fused' | 'split' | 'tile' | 'bank';
  /** The law's longest batches (ehmc family), or the learned trajectory time (chees). */
  learned?: { lengths?: Uint32Array; time?: number; unfinished: number };
  interrupted: boolean;
}

export const default_acceptance: Readonly<Record<SamplerKind, number>> = {
  nuts: 0.8,
  hmc: 0.8,
  ehmc: 0.8,
  ehmcu: 0.8,
  ehmcq: 0.8,
  // The optimum for a harmonic mean over chains (Hoffman, Radul & Sountsov 2021).
  chees: 0.651,
  mala: 0.574,
};

/** Iterations of warm-up: many chains together learn the step size and the metric in fewer. */
export const default_warm_up = (chains: number) => (chains < 16 ? 1000 : 400);

/** Fewer say too little of the spread between chains. */
const least_chains_of_moments = 32;

export function check_options(options: Omit<SampleOptions, 'data'>) {
  const { prior_power = 1 } = options;
  if (!(prior_power > 0 && prior_power <= 1)) {
    throw new UserError(
      `The power of the prior must be above 0 and at most 1, not ${prior_power}.\nFor one of 8 shards it is 1/8.`,
    );
  }
  const { model, sampler, chains, metric, target_acceptance, step } = options;
  if (metric === 'dense' && model.dimension > most_dense) {
    throw new UserError(
      `A dense metric takes at most ${most_dense} coordinates, and ${model.name} has ${model.dimension}.\nUse --metric diagonal.`,
    );
  }
  const { superchains, keep, warm_up } = options;
  if (superchains !== undefined && (superchains < 2 || chains % superchains !== 0)) {
    throw new UserError(
      `${chains} chains cannot form ${superchains} superchains of equal size.\nGive at least 2, and a number that divides the chains.`,
    );
  }
  if (keep === 'moments' && chains < least_chains_of_moments) {
    throw new UserError(
      `Moments alone are judged by the spread between chains, which ${chains} chains do not show.\nUse --chains ${least_chains_of_moments} or more, or keep draws.`,
    );
  }
  if (sampler === 'chees' && chains < 2) {
    throw new UserError(
      'chees learns its trajectory from the spread of chains.\nUse --chains 2 or more, or another sampler.',
    );
  }
  if (warm_up === 0 && sampler === 'chees') {
    throw new UserError(
      'chees learns its trajectory in warm-up, and --warmup 0 has none.\nUse a longer one, or another sampler.',
    );
  }
  if (warm_up === 0 && step === undefined) {
    throw new UserError(
      'The step size is found in warm-up, and --warmup 0 has none.\nGive one with --step, or use a longer --warmup.',
    );
  }
  if (step !== undefined && target_acceptance !== undefined) {
    throw new UserError(
      'The wanted acceptance is what the step size is found by, and --step gives it already.\nLeave out --target-acceptance or --step.',
    );
  }
  if (target_acceptance !== undefined && !(target_acceptance > 0 && target_acceptance < 1))
    throw new UserError(`the wanted acceptance must be between 0 and 1, not ${target_acceptance}.`);
  if (step !== undefined && !(step > 0)) throw new UserError(`the step size must be positive, not ${step}.`);
}
