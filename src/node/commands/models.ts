/** `langevin models`: the built-in models and data sets. */

import { built_in_data } from '../../model/catalog/data/index.ts';
import { catalog } from '../../model/catalog/index.ts';
import { format_prior } from '../../model/prior_text.ts';
import type { Model, ParameterField } from '../../model/types.ts';
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
      process.stdout.write(`${model.name}\n    ${model.description}\n`);
      for (const [name, prior] of model.fields.flatMap((field) => parameter_lines(model, field)))
        process.stdout.write(`    ${name.padEnd(14)} ${prior}\n`);
      process.stdout.write(`    ${what_it_reads(model)}\n`);
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

/** Name and prior: one line for a parameter whose elements have one prior, else one line for each. */
function parameter_lines(model: Model, { name, size, offset, constraint }: ParameterField): [string, string][] {
  const scalars = model.scalars.slice(offset, offset + Math.max(1, size));
  const lines = scalars.map((scalar): [string, string] => [scalar.name, format_prior(scalar.prior)]);
  const priors = new Set(lines.map(([, prior]) => prior));
  const [prior = ''] = priors;
  if (size === 0 || priors.size > 1) return lines;
  return [[`${name}[0…${size - 1}]`, constraint === 'ordered' ? `${prior}, ordered` : prior]];
}

function what_it_reads(model: Model): string {
  if (model.kind === 'state-space')
    return `observes ${model.observation.join(', ')}; state ${model.state.map((s) => s.name).join(', ')}`;
  const columns = model.row.flatMap((field) => field.columns);
  return columns.length === 0 ? 'log density; needs no data' : `log density; reads ${columns.join(', ')}`;
}
