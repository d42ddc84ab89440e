/** What an SMC² run is asked for and what it gives, with the checks that need no device. */

import { most_particles, type Proposal, type Shape } from '../filter/bank.ts';
import type { Columns } from '../filter/observations.ts';
import { is_proper } from '../model/prior.ts';
import type { StateSpaceModel } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import type { Smc2Checkpoint } from './checkpoint.ts';
import type { PosteriorRecord, Recycled } from './recycle.ts';
import type { IterationStats } from './stats.ts';

export type ThetaProposal = 'langevin' | 'random-walk';
export type Correction = 'metropolis' | 'weight';
export type LKernel = 'gaussian' | 'forward';

export interface Smc2Options {
  model: StateSpaceModel;
  data: Columns;
  /** M, theta-particles: a population that one workgroup can survey, up to 16384. */
  thetas: number;
  /** State particles per filter. A model without noise needs one. */
  particles: number;
  proposal: ThetaProposal;
  /** Accept or reject moves, or keep all and correct the weight. */
  correction: Correction;
  /** Backward kernel when the weight corrects. */
  l_kernel: LKernel;
  /** Fixed step size; absent: found while running. */
  step?: number;
  /** Raise the likelihood step by step? If not, every iteration targets the full posterior, as in the papers. */
  tempering: boolean;
  /** Moves at lambda = 1. */
  iterations: number;
  /** Scale proposals by the population's covariance? */
  preconditioned: boolean;
  filter_proposal?: Proposal;
  /** Gradient estimator of the filter: 1 carried … 0 fixed-ancestor. */
  blend: number;
  /** `fresh` noise for every evaluation, or one buffer `shared` by all. */
  noise: 'fresh' | 'shared';
  seed: number;
  shape?: Shape;
  /** The run goes on when it resolves, so who watches can hold it, and can take a checkpoint meanwhile. */
  on_iteration?: (
    iteration: Iteration,
    view: PopulationView,
    checkpoint: () => Promise<Smc2Checkpoint>,
  ) => void | Promise<void>;
  /** Of a run with the same options: this one goes on from there, on any device, to the same numbers. */
  resumed?: Smc2Checkpoint;
  /** Stops after the iteration under way; what is finished is kept. */
  signal?: AbortSignal;
}

/** The population on the device, as an iteration left it. */
export interface PopulationView {
  thetas: number;
  /** [row][theta]: the first D rows are the unconstrained parameters. */
  population: GPUBuffer;
  log_weights: GPUBuffer;
}

export interface Iteration extends IterationStats {
  k: number;
  phase: 'tempering' | 'posterior';
  step: number;
  /** Log-evidence so far: of the tempered posterior while tempering. */
  log_evidence: number;
}

export interface Smc2Result extends Recycled {
  iterations: Iteration[];
  log_evidence: { value: number; se: number };
  records: PosteriorRecord[];
  /** Sd of one filter's log-likelihood at the posterior mean: the noise that moves are accepted in spite of. About 1 is good, above 2 is costly. */
  likelihood_sd: number;
  interrupted: boolean;
}

/** For the same reason as `most_particles` in src/filter/bank.ts. */
export const most_thetas = 16384;

/** Throws UserError for what cannot be run. */
export function check_options({ model, thetas, particles, step }: Smc2Options) {
  if (!Number.isInteger(thetas) || thetas < 8 || thetas > most_thetas) {
    throw new UserError(`thetas must be a whole number from 8 to ${most_thetas}, not ${thetas}.`);
  }
  if (!Number.isInteger(particles) || particles < 1 || particles > most_particles) {
    throw new UserError(`particles must be a whole number from 1 to ${most_particles}, not ${particles}.`);
  }
  const fewest = 2 * (model.scalars.length + 1);
  if (thetas < fewest) {
    throw new UserError(
      `${thetas} thetas are too few for ${model.scalars.length} parameters: their covariance would mean nothing. Use at least ${fewest}.`,
    );
  }
  if (step !== undefined && !(step > 0)) throw new UserError(`the step size must be positive, not ${step}.`);
  const improper = model.scalars.find((s) => !is_proper(s.prior));
  if (improper) {
    throw new UserError(
      `Parameter ${improper.name} has a flat prior, and SMC² starts by drawing from the prior.\nGive it one, e.g. --prior ${improper.name}=normal:0,10`,
    );
  }
}

/** Where the search for the step size starts, in population sds: a fitted backward kernel allows moves as wide as the posterior. */
export function first_step({ proposal, correction, l_kernel }: Smc2Options): number {
  if (correction === 'metropolis') return proposal === 'langevin' ? 0.8 : 0.7;
  if (l_kernel === 'gaussian') return proposal === 'langevin' ? 1 : 0.7;
  return proposal === 'langevin' ? 0.5 : 0.2;
}
