/** Values of a model's parameters from the command line: `--set beta=1.7`, `--set b[0]=1`, `--set b=1,2,3`. */

import { nearest_name } from '../model/nearest_name.ts';
import type { Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';

const how = 'Write --set name=value, without spaces around the sign.';

/** The value of every scalar parameter, in the model's order. Each must be given once and lie within its support. */
export function parse_settings(settings: readonly string[], model: Model): number[] {
  const values = new Map<string, number>();
  for (const setting of settings) {
    for (const [name, text] of assignments(setting, model)) {
      if (values.has(name)) throw new UserError(`--set ${setting}: ${name} is given twice.\nLeave one out.`);
      values.set(name, read_value(setting, text));
    }
  }
  const names = model.scalars.map((s) => s.name);
  const missing = names.filter((name) => !values.has(name));
  if (missing.length > 0) {
    throw new UserError(
      `The model needs a value for ${missing.join(', ')}.\nAdd ${missing.map((n) => `--set ${n}=…`).join(' ')}`,
    );
  }
  return model.scalars.map((scalar) => {
    const value = values.get(scalar.name) as number;
    check_support(scalar, value);
    return value;
  });
}

/** One setting as names of scalars with their texts: several for an array given whole. */
function assignments(setting: string, model: Model): [name: string, text: string][] {
  const [, given, text] = /^([^=]*)=(.*)$/s.exec(setting) ?? [];
  if (given === undefined || text === undefined || given.trim() === '')
    throw new UserError(`--set ${setting}: there is no ${given === undefined ? '"="' : 'name'} in it.\n${how}`);
  const name = given.trim();
  const field = model.fields.find((f) => f.name === name && f.size > 0);
  if (field) {
    const parts = text.split(',');
    if (parts.length !== field.size) {
      throw new UserError(
        `--set ${setting}: ${name} has ${field.size} elements, not ${parts.length}.\nWrite them with commas, --set ${name}=${'1,'.repeat(field.size).slice(0, -1)}, or one by one, --set ${name}[0]=1.`,
      );
    }
    return parts.map((part, i) => [`${name}[${i}]`, part]);
  }
  const names = model.scalars.map((s) => s.name);
  if (names.includes(name)) return [[name, text]];
  const near = nearest_name(name, names);
  throw new UserError(
    `--set ${setting}: there is no parameter "${name}".${near ? ` Did you mean ${near}?` : ''}\nThe model has: ${names.join(', ')}.`,
  );
}

function read_value(setting: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UserError(`--set ${setting}: "${text}" is not a number.\n${how}`);
  if (!Number.isFinite(Math.fround(value)))
    throw new UserError(`--set ${setting}: ${text.trim()} does not fit a 32-bit float, which ends at 3.4e38.`);
  return value;
}

function check_support({ name, prior }: Model['scalars'][number], value: number): void {
  const { lower, upper } = prior;
  if (value >= lower && value <= upper) return;
  const bounds = [
    ...(lower > Number.NEGATIVE_INFINITY ? [`at least ${lower}`] : []),
    ...(upper < Number.POSITIVE_INFINITY ? [`at most ${upper}`] : []),
  ];
  throw new UserError(
    `--set ${name}=${value} is outside the support of ${name}, which must be ${bounds.join(' and ')}.`,
  );
}
