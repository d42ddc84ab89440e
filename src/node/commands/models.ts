/** `langevin models`: the built-in models and data sets. */

import { built_in_data } from '../../model/catalog/data/index.ts';
import { catalog } from '../../model/catalog/index.ts';
import { format_prior } from '../../model/prior_text.ts';
import { validate_model } from '../../model/validate.ts';
import { adapter_option, type Command } from '../command.ts';

export const models: Command = {
  usage: '',
  summary: 'lists the built-in models with their parameters and priors, and the built-in data',
  options: { ...adapter_option },
  examples: [''],
  async run() {
    for (const source of Object.values(catalog)) {
      const model = validate_model(source);
      process.stdout.write(`${model.name}\n    ${source.description ?? ''}\n`);
      for (const { name, prior } of model.scalars)
        process.stdout.write(`    ${name.padEnd(14)} ${format_prior(prior)}\n`);
      process.stdout.write(
        `    observes ${model.observation.join(', ')}; state ${model.state.map((s) => s.name).join(', ')}\n`,
      );
    }
    process.stdout.write('\nData:\n');
    for (const [name, { description }] of Object.entries(built_in_data))
      process.stdout.write(`${name}\n    ${description}\n`);
    process.stdout.write(
      '\nYour own model: a .js, .mjs or .ts file, given by path in place of the name (README, "Bring your own model").\n',
    );
    return 0;
  },
};
