/** Options of `langevin smc2`, and what the presets mean. */

import { max_tangent_width } from '../../autodiff/tangent.ts';
import { most_particles, type Proposal } from '../../filter/bank.ts';
import type { StateSpaceModel } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import {
  type Correction,
  type LKernel,
  most_thetas,
  type Smc2Options,
  type ThetaProposal,
} from '../../smc2/options.ts';
import { prior_option } from '../model_option.ts';
import type { OptionSpecs, Options } from '../options.ts';
import { blend_of, run_options, seed_of, shape_of } from '../run_options.ts';

export const smc2_options = {
  thetas: { kind: 'text', value: 'M', help: 'theta-particles (default 1024)' },
  particles: { kind: 'text', value: 'N', help: 'state particles per theta (default 256; 1 for a model without noise)' },
  iterations: { kind: 'text', value: 'K', help: 'moves at the full posterior, all of which count (default 16)' },
  proposal: { kind: 'text', value: 'KIND', help: 'langevin (default) or random-walk' },
  correction: {
    kind: 'text',
    value: 'KIND',
    help: 'metropolis (default): accept or reject moves; weight: keep all, as the papers do',
  },
  'l-kernel': {
    kind: 'text',
    value: 'KIND',
    help: 'backward kernel of the weight: forward (default) or gaussian (fitted); implies --correction weight',
  },
  step: { kind: 'text', value: 'E', help: 'step size in population sds (default: found while running)' },
  'filter-proposal': {
    kind: 'text',
    value: 'KIND',
    help: 'bootstrap or guided (default: guided where the model has it)',
  },
  'no-tempering': { kind: 'flag', help: 'target the full posterior from the first iteration' },
  'no-preconditioning': { kind: 'flag', help: 'do not scale proposals by the population’s covariance' },
  preset: { kind: 'text', value: 'paper', help: 'M 32, K 15, N 500, no tempering, forward kernel: arXiv 2507.07461' },
  ...prior_option,
  ...run_options,
} as const satisfies OptionSpecs;

/** Published setting (smc2.md §1.2): first-order proposals with step 0.03 and the fixed-ancestor gradient. */
const paper = {
  thetas: 32,
  iterations: 15,
  particles: 500,
  tempering: false,
  preconditioned: false,
  correction: 'weight',
  step: { langevin: 0.03, 'random-walk': 0.1 },
} as const;

/** Everything but the device: model and data come from the caller. */
export function read_smc2_options(options: Options, model: StateSpaceModel): Omit<Smc2Options, 'data'> {
  const preset = options.text('preset');
  if (preset !== undefined && preset !== 'paper') throw new UserError(`--preset must be paper, not "${preset}".`);
  const p = preset === 'paper' ? paper : undefined;
  const proposal = options.choice<ThetaProposal>('proposal', 'langevin', ['langevin', 'random-walk']);
  const particles = options.whole('particles', model.noise === 0 ? 1 : (p?.particles ?? 256), 1, most_particles);
  const blend = blend_of(options, 'fixed-ancestor');
  if (blend === undefined && proposal === 'langevin') {
    throw new UserError(
      '--gradient none leaves the Langevin proposal without a direction.\nAdd --proposal random-walk.',
    );
  }
  if (proposal === 'langevin' && model.scalars.length > max_tangent_width) {
    throw new UserError(
      `The model has ${model.scalars.length} parameters, and gradients carry at most ${max_tangent_width}.\nAdd --proposal random-walk, which needs none.`,
    );
  }
  const step = options.number('step') ?? p?.step[proposal];
  if (step !== undefined && !(step > 0))
    throw new UserError(
      `--step must be greater than 0, not ${step}.\nWithout it the step size is found while running.`,
    );
  return {
    model,
    thetas: options.whole('thetas', p?.thetas ?? 1024, 8, most_thetas),
    particles,
    iterations: options.whole('iterations', p?.iterations ?? 16, 1, 1000),
    proposal,
    correction: options.choice<Correction>(
      'correction',
      p?.correction ?? (options.text('l-kernel') ? 'weight' : 'metropolis'),
      ['metropolis', 'weight'],
    ),
    l_kernel: options.choice<LKernel>('l-kernel', 'forward', ['gaussian', 'forward']),
    ...(step !== undefined ? { step } : {}),
    tempering: !options.flag('no-tempering') && (p?.tempering ?? true),
    preconditioned: !options.flag('no-preconditioning') && (p?.preconditioned ?? true),
    filter_proposal: options.choice<Proposal>('filter-proposal', model.has_guided ? 'guided' : 'bootstrap', [
      'bootstrap',
      'guided',
    ]),
    blend: blend ?? 1,
    noise: options.choice('noise', 'fresh', ['fresh', 'shared']),
    seed: seed_of(options),
    ...shape_of(options),
  };
}
