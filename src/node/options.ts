/** The command line's options: parsed strictly, every mistake one clear message. */

import { parseArgs } from 'node:util';
import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';

export interface OptionSpec {
  /** `flag` takes no value; `list` may be repeated. */
  kind: 'flag' | 'text' | 'list';
  /** Placeholder in the help, e.g. `N`. */
  value?: string;
  help: string;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface Options {
  positionals: string[];
  text(name: string): string | undefined;
  list(name: string): string[];
  flag(name: string): boolean;
  /** A whole number within [least, most]. */
  whole(name: string, fallback: number, least: number, most: number): number;
  /** A finite number. */
  number(name: string): number | undefined;
  /** One of the given words. */
  choice<T extends string>(name: string, fallback: T, words: readonly T[]): T;
}

export function parse_options(args: readonly string[], specs: OptionSpecs): Options {
  const known = Object.fromEntries(
    Object.entries(specs).map(([name, { kind }]) => [
      name,
      kind === 'flag' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: kind === 'list' },
    ]),
  );
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = specs[token.name];
    if (!spec || !token.rawName.startsWith('--')) {
      const near = nearest_name(token.name, Object.keys(specs));
      throw new UserError(
        `Unknown option ${token.rawName}.${near ? ` Did you mean --${near}?` : ''}\n"--help" lists the options.`,
      );
    }
    if (spec.kind === 'flag') {
      if (token.value !== undefined) throw new UserError(`--${token.name} takes no value.`);
    } else if (
      token.value === undefined ||
      token.value === '' ||
      (!token.inlineValue && /^--[a-z]/.test(token.value))
    ) {
      throw new UserError(`--${token.name} needs a value: --${token.name} ${spec.value ?? 'VALUE'}.`);
    }
    const before = values.get(token.name) ?? [];
    if (before.length > 0 && spec.kind !== 'list')
      throw new UserError(`--${token.name} is given twice.\nLeave one out.`);
    values.set(token.name, [...before, token.value ?? '']);
  }
  const text = (name: string) => values.get(name)?.at(-1);
  const number = (name: string) => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = given.trim() === '' ? Number.NaN : Number(given);
    if (!Number.isFinite(value)) throw new UserError(`--${name} ${given}: "${given}" is not a number.`);
    return value;
  };
  return {
    positionals,
    text,
    list: (name) => values.get(name) ?? [],
    flag: (name) => values.has(name),
    number,
    whole(name, fallback, least, most) {
      const value = number(name) ?? fallback;
      if (!Number.isInteger(value) || value < least || value > most) {
        throw new UserError(`--${name} must be a whole number from ${least} to ${most}, not ${text(name)}.`);
      }
      return value;
    },
    choice(name, fallback, words) {
      const given = text(name) ?? fallback;
      const word = words.find((w) => w === given);
      if (!word) throw new UserError(`--${name} must be one of ${words.join(', ')}, not "${given}".`);
      return word;
    },
  };
}
