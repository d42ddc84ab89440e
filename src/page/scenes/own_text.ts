/** What a person writes of a model in boxes on the page: parameters with their priors line by line, and lists of names. */

import { parse_prior } from '../../model/prior_text.ts';
import type { ModelSource } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';

/** `NAME = FAMILY:ARGUMENTS`, one per line. Throws UserError for lines that are none. */
export function read_parameters(text: string) {
  const entries = text
    .split('\n')
    .map((line, n) => ({ line: line.trim(), where: `Parameters, line ${n + 1}` }))
    .filter(({ line }) => line !== '')
    .map(({ line, where }) => {
      const match = /^(\w+)\s*=\s*(.+)$/.exec(line);
      if (!match) throw new UserError(`${where}: write NAME = FAMILY:ARGUMENTS, such as a = normal:0,3.`);
      return [match[1] as string, parse_prior(match[2] as string, where)] as const;
    });
  if (entries.length === 0)
    throw new UserError(
      'Parameters: give one or more, NAME = FAMILY:ARGUMENTS on a line each, such as a = normal:0,3.',
    );
  const names = entries.map(([name]) => name);
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) throw new UserError(`Parameters: two lines give ${twice}. Leave one of them out.`);
  return Object.fromEntries(entries);
}

/** Between commas. */
export const read_names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** A model as a module, as the command line reads it. */
export const module_text = (source: ModelSource): string => `export default ${JSON.stringify(source, null, 2)};\n`;
