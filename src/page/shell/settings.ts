/** What can be set of a scene, and how it stands in the address: a link holds all of it, so it repeats the run. */

import { nearest_name } from '../../model/nearest_name.ts';

interface Named {
  name: string;
  label: string;
  /** Of the command line, where it has another name there: by it the page knows what advice is about. */
  option?: string;
  /** One line beside it. */
  help?: string;
  /** Shown on request only. */
  expert?: boolean;
}

export type Setting = Named &
  (
    | { kind: 'choice'; options: readonly (readonly [value: string, label: string])[]; fallback: string }
    | { kind: 'number'; least: number; most: number; whole?: boolean; log?: boolean; fallback: number }
    | { kind: 'flag'; fallback: boolean }
    | { kind: 'text'; rows: number; fallback: string }
  );

export type Value = string | number | boolean;
export type Values = Readonly<Record<string, Value>>;

export const fallbacks = (settings: readonly Setting[]): Values =>
  Object.fromEntries(settings.map(({ name, fallback }) => [name, fallback]));

/** Those that differ from what they are by themselves. */
export const unusual = (settings: readonly Setting[], values: Values): Values =>
  Object.fromEntries(
    settings.flatMap(({ name, fallback }) => {
      const value = values[name];
      return value === undefined || value === fallback ? [] : [[name, value]];
    }),
  );

/** What an address says of the settings, and what in it could not be understood, in words. */
export function read_values(
  settings: readonly Setting[],
  asked: URLSearchParams,
): { values: Values; problems: string[] } {
  const values: Record<string, Value> = { ...fallbacks(settings) };
  const problems: string[] = [];
  for (const [name, text] of asked) {
    const setting = settings.find((one) => one.name === name);
    if (!setting) {
      const near = nearest_name(
        name,
        settings.map((one) => one.name),
      );
      problems.push(
        `The address has “${name}”, which this scene does not know.${near ? ` Did you mean ${near}?` : ''}`,
      );
      continue;
    }
    const value = read_value(setting, text);
    if (value === undefined) {
      const wanted = setting.kind === 'number' ? `, but ${range_words(setting)}` : '';
      problems.push(`${setting.label} cannot be “${text}”${wanted}; it is ${values[name]} here.`);
    } else values[name] = value;
  }
  return { values, problems };
}

export const range_words = ({ whole, least, most }: Extract<Setting, { kind: 'number' }>) =>
  `${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`;

/** Undefined for what the setting cannot be. */
export function read_value(setting: Setting, text: string): Value | undefined {
  switch (setting.kind) {
    case 'choice':
      return setting.options.some(([value]) => value === text) ? text : undefined;
    case 'flag':
      return text === '1' ? true : text === '0' ? false : undefined;
    case 'text':
      return text;
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || !Number.isFinite(value)) return undefined;
      if (value < setting.least || value > setting.most || (setting.whole && !Number.isInteger(value)))
        return undefined;
      return value;
    }
  }
}

/** All of them, so that a link says the same on an adapter whose defaults differ. */
export function write_values(settings: readonly Setting[], values: Values): URLSearchParams {
  const written = new URLSearchParams();
  for (const { name, kind, fallback } of settings) {
    const value = values[name] ?? fallback;
    // A text that is empty to begin with needs no place; one that was emptied does.
    if (kind === 'text' && value === '' && fallback === '') continue;
    written.set(name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
  }
  return written;
}
