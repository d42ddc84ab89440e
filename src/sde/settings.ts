/** From what a person chose, and the data, to all that a fit needs: the defaults. */

import { UserError } from '../model/user_error.ts';
import type { SdeConfig } from './config.ts';
import type { OwnDrift } from './own_drift.ts';
import type { Estimator, Hidden, LikelihoodName, MlpDrift, SdeModel } from './problem.ts';
import { is_exact, kernel_limits } from './problem.ts';
import type { Schedule } from './run_params.ts';
import type { Series, SeriesOptions } from './series.ts';
import type { KnownNumbers } from './start.ts';
import type { Units } from './units.ts';

export interface SdeSettings {
  model: SdeModel;
  estimator: Estimator;
  schedule: Schedule;
  /** Steps in which the weight of the divergences rises to 1. */
  ramp: number;
  /** Observations from one node to the next, and those that the encoder sees around a node. */
  every: number;
  sees: number;
  /** Prior of log D, in the model's units. */
  diffusion: { mean: number; sd: number };
  /** What the model does not learn. */
  known: KnownNumbers;
}

/** With so many channels or fewer the state is what is observed, where nothing else is said. */
const most_identity = 8;

/** Nodes in the time that a channel takes to move by its sd. */
const nodes_per_move = 10;

export const is_real = (likelihood: LikelihoodName) => likelihood === 'gaussian' || likelihood === 'student_t';

/** How its tables are made. */
export function table_options_of({ model, estimator, every, sees }: SdeSettings): SeriesOptions {
  const { latent, observed, likelihood } = model;
  const link = likelihood === 'poisson' ? 'log' : likelihood === 'bernoulli' ? 'logit' : undefined;
  return {
    ...{ latent, observed, every, sees, nodes: estimator.nodes, is_identity: model.decoder === 'identity' },
    ...(link === undefined ? {} : { link }),
  };
}

/** @param series that check_series.ts accepts. Throws UserError for settings that contradict each other or the data. */
export function settings_of(config: SdeConfig, series: readonly Series[], units: Units): SdeSettings {
  const observed = units.mean.length;
  const likelihood = config.likelihood ?? 'gaussian';
  const drift = drift_of(config);
  const latent = latent_of(config, drift, observed);
  const decoder = decoder_of(config, latent, observed);
  const { diffusion = {}, estimator = {}, training = {} } = config;
  const model: SdeModel = {
    ...{ latent, observed, drift, decoder, likelihood },
    encoder: hidden(config.encoder, [64]),
    ...(config.interpolation === 'deep_kernel' ? { interpolation: config.interpolation } : {}),
    rotation: config.rotation ?? (latent > 1 && latent <= most_identity),
    diffusion_knots: diffusion.knots ?? 1,
    learns: {
      diffusion: diffusion.known === undefined,
      noise: is_real(likelihood) && config.noise === undefined,
      start: config.start === undefined,
    },
  };
  const { frame } = config;
  if (frame !== undefined && frame.width * frame.height !== observed) {
    throw new UserError(`frame has ${frame.width} × ${frame.height} pixels, and there are ${observed} channels.`);
  }
  const known = known_of(config, model);
  const every = config.every ?? default_every(series, units);
  const steps = training.steps ?? 4000;
  const nodes = estimator.nodes ?? 32;
  refuse_large_kernel(model, nodes);
  return {
    ...{ model, known, every },
    sees: config.encoder?.sees ?? Math.max(9, 2 * every + 1),
    estimator: {
      nets: config.networks ?? 1,
      windows: estimator.windows ?? default_windows(series, every, nodes),
      ...{ nodes, pairs: estimator.pairs ?? 64, paths: estimator.paths ?? 2 },
      repeats: repeats_of(estimator.repeats, model),
    },
    schedule: {
      ...{ steps, warm_up: training.warm_up ?? Math.min(100, steps >> 2), last_rate: 0.01 },
      ...{ learning_rate: training.learning_rate ?? 3e-3, most_slope: 10, average: 0.99 },
    },
    ramp: training.ramp ?? default_ramp(steps, decoder),
    diffusion: { mean: 0, sd: diffusion.prior_sd ?? 3 },
  };
}

function refuse_large_kernel({ interpolation, latent }: SdeModel, nodes: number): void {
  if (interpolation === undefined || (latent <= kernel_limits.latent && nodes === kernel_limits.nodes)) return;
  throw new UserError(
    `interpolation deep_kernel is for windows of ${kernel_limits.nodes} nodes and up to ${kernel_limits.latent} components of the state, not ${nodes} and ${latent}.`,
  );
}

function hidden(given: { hidden?: number[]; activation?: Hidden['activation'] } | undefined, units: number[]): Hidden {
  return { hidden: given?.hidden ?? units, activation: given?.activation ?? 'tanh' };
}

function drift_of({ drift = {} }: SdeConfig): MlpDrift | OwnDrift {
  if (!('wgsl' in drift)) return { ...hidden(drift, [64, 64]), moves_in_time: drift.time ?? false };
  const parameters = Object.entries(drift.parameters ?? {}).map(([name, given]) =>
    typeof given === 'number' ? { name, start: given, learns: true } : { name, start: given.known, learns: false },
  );
  return { wgsl: drift.wgsl, states: drift.states, parameters };
}

function latent_of({ latent }: SdeConfig, drift: MlpDrift | OwnDrift, observed: number): number {
  if (!('wgsl' in drift)) return latent ?? Math.min(observed, most_identity);
  const { length } = drift.states;
  if (latent !== undefined && latent !== length)
    throw new UserError(`latent is ${latent}, and the drift has ${length} states.\nLeave out latent.`);
  return length;
}

function decoder_of({ decoder }: SdeConfig, latent: number, observed: number): SdeModel['decoder'] {
  if (decoder === undefined) return latent >= observed ? 'identity' : { hidden: [32], activation: 'tanh' };
  if (decoder !== 'identity') return hidden(decoder, [32]);
  if (latent >= observed) return decoder;
  throw new UserError(
    `decoder "identity" needs a component of the state for each of the ${observed} channels, and latent is ${latent}.\nGive a larger latent, or decoder: { hidden: [] } for a linear one.`,
  );
}

function known_of(
  { noise, diffusion, start }: SdeConfig,
  { latent, observed, likelihood, diffusion_knots: knots }: SdeModel,
): KnownNumbers {
  const counted = (name: string, given: readonly number[] | undefined, count: number, what: string) => {
    if (given !== undefined && given.length !== count)
      throw new UserError(`${name} has ${given.length} numbers, and there are ${count} ${what}.`);
  };
  if (noise !== undefined && !is_real(likelihood))
    throw new UserError(`likelihood ${likelihood} has no noise to be known.\nLeave noise out.`);
  if (diffusion?.known !== undefined && knots > 1)
    throw new UserError('diffusion.known is constant in time.\nLeave out diffusion.knots.');
  const sds = typeof noise === 'number' ? new Array<number>(observed).fill(noise) : noise;
  counted('noise', sds, observed, 'channels');
  counted('diffusion.known', diffusion?.known, latent, 'components of the state');
  counted('start.mean', start?.mean, latent, 'components of the state');
  counted('start.sd', start?.sd, latent, 'components of the state');
  return {
    ...(sds === undefined ? {} : { noise: sds.map((sd) => sd ** 2) }),
    ...(diffusion?.known === undefined ? {} : { diffusion: diffusion.known }),
    ...(start === undefined ? {} : { start: { mean: start.mean, variance: start.sd.map((sd) => sd ** 2) } }),
  };
}

/** So that what a channel does between two nodes is a small part of what it does. */
function default_every(series: readonly Series[], { time }: Units): number {
  return Math.max(1, Math.min(16, Math.floor(time / nodes_per_move / spacing(series))));
}

/** Mean time between two observations. */
function spacing(series: readonly Series[]): number {
  const spans = series.map(({ times }) => (times.at(-1) as number) - (times[0] as number));
  const gaps = series.reduce((sum, { times }) => sum + times.length - 1, 0);
  return spans.reduce((sum, span) => sum + span, 0) / gaps;
}

/** A decoder has to learn what states mean before it costs to have any: else all stay what the prior says, and it learns the mean of the data. */
const default_ramp = (steps: number, decoder: SdeModel['decoder']) =>
  Math.max(1, decoder === 'identity' ? Math.min(500, steps >> 2) : steps >> 1);

/** Windows end with their series: of short ones a step takes several. */
function default_windows(series: readonly Series[], every: number, nodes: number): number {
  const intervals = series.map(({ times }) => Math.ceil((times.length - 1) / every));
  const most = intervals.reduce((sum, count) => sum + Math.ceil(count / (nodes - 1)), 0);
  const mean = intervals.reduce((sum, count) => sum + Math.min(count, nodes - 1), 0) / series.length;
  return Math.max(1, Math.min(8, most, Math.round((nodes - 1) / mean)));
}

function repeats_of(given: number | undefined, model: SdeModel): number {
  if (is_exact(model)) return 1;
  const repeats = given ?? 2;
  if (repeats % 2 === 1)
    throw new UserError(`estimator.repeats is ${repeats}: samples come in antithetic pairs.\nGive an even number.`);
  return repeats;
}
