/** The model of a run, with priors overridden from the command line. */

import { nearest_name } from '../model/nearest_name.ts';
import { parse_prior } from '../model/prior_text.ts';
import type { Model } from '../model/types.ts';
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
  if (more.length > 0) throw new UserError(`One model at a time: "${more.join(' ')}" is left over.`);
  let model = await load_model(name);
  for (const given of options.list('prior')) {
    const [, parameter, prior] = /^([^=]+)=(.+)$/.exec(given) ?? [];
    if (parameter === undefined || prior === undefined)
      throw new UserError(`--prior ${given}: write --prior name=family:numbers.`);
    const names = model.fields.map((f) => f.name);
    if (!names.includes(parameter)) {
      const near = nearest_name(parameter, names);
      throw new UserError(
        `--prior ${given}: there is no parameter "${parameter}".${near ? ` Did you mean ${near}?` : ''}\nThe model has: ${names.join(', ')}.`,
      );
    }
    model = with_prior(model, parameter, parse_prior(prior));
  }
  return model;
}

/** Throws when a value lies outside its parameter's support. */
export function check_support(model: Model, values: readonly number[]) {
  model.scalars.forEach(({ name, prior }, i) => {
    const value = values[i] as number;
    if (value < prior.lower || value > prior.upper) {
      throw new UserError(`--set ${name}=${value}: ${name} must lie between ${prior.lower} and ${prior.upper}.`);
    }
  });
}
