/** The model of a run, with priors overridden from the command line. */

import { parse_prior } from '../model/prior_text.ts';
import type { Model, StateSpaceModel } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { with_prior } from '../model/with_prior.ts';
import { load_model } from './load_model.ts';
import type { Options } from './options.ts';

export const prior_option = {
  prior: { kind: 'list', value: 'NAME=FAMILY:…', help: 'another prior, e.g. --prior beta=lognormal:0,1' },
} as const;

export async function load_model_option(options: Options): Promise<Model> {
  const [name, ...more] = options.positionals;
  if (name === undefined)
    throw new UserError('Which model? Give a name ("langevin models" lists them) or the path of a model file.');
  if (more.length > 0) {
    const settings = [...options.list('set'), ...options.list('prior')].length > 0;
    throw new UserError(
      `"${more.join(' ')}" is left over after the model ${name}.\n${settings ? 'Write --set name=value and --prior name=family:… without spaces.' : 'Give one model; everything else is an option, --name value.'}`,
    );
  }
  return with_priors(await load_model(name), options.list('prior'));
}

/** @param priors as they are given to `--prior` */
export function with_priors(loaded: Model, priors: readonly string[]): Model {
  let model = loaded;
  for (const given of priors) {
    const [, parameter, prior] = /^([^=]+)=(.+)$/.exec(given) ?? [];
    if (parameter === undefined || prior === undefined)
      throw new UserError(`--prior ${given}: write --prior name=family:numbers, e.g. --prior beta=lognormal:0,1.`);
    const changed = with_prior(model, parameter.trim(), parse_prior(prior, `--prior ${given}`));
    // Whoever writes bounds, empty ones too, has thought of them.
    if (!prior.includes('@')) refuse_lost_bounds(model, changed, given);
    model = changed;
  }
  return model;
}

/** Bounds that a family implies, as half_normal does, go with it: a scale would become negative without a word. */
function refuse_lost_bounds(before: Model, after: Model, given: string): void {
  for (const [i, { name, prior }] of before.scalars.entries()) {
    const { lower, upper } = (after.scalars[i] as Model['scalars'][number]).prior;
    if (lower >= prior.lower && upper <= prior.upper) continue;
    const bounds = [prior.lower, prior.upper].map((bound) => (Number.isFinite(bound) ? String(bound) : '')).join(',');
    throw new UserError(
      `--prior ${given}: ${name} has the bounds ${prior.lower} and ${prior.upper} by its ${prior.family} prior, and would lose them.\nWrite --prior ${given}@${bounds} to keep them, or ${given}@, to have none.`,
    );
  }
}

/** The same for a command that runs particle filters; `command` is its name, for the message. */
export async function load_state_space_option(options: Options, command: string): Promise<StateSpaceModel> {
  const model = await load_model_option(options);
  if (model.kind === 'state-space') return model;
  throw new UserError(
    `langevin ${command} runs particle filters, which take models of kind 'state-space'; ${model.name} is a log density.\nUse langevin sample ${options.positionals[0]}.`,
  );
}
