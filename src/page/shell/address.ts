/** The address of a run: scene, seed, the names of one's own data, and every setting. Opened again it is the same run, once the data are there. All of it stands behind the #, which browsers send to nobody: a person may have written a model into it. */

import { read_values, type Setting, type Values, write_values } from './settings.ts';

export interface Asked {
  seed: number;
  /** Names of files that the run was of. */
  data: string[];
  values: Values;
  /** What could not be understood, in words. */
  problems: string[];
}

/** What stands behind the ?, as other parts of the page have it, is understood as well. */
export const asked_for = ({ hash, search }: Pick<Location, 'hash' | 'search'>) =>
  new URLSearchParams(hash.length > 1 ? hash.slice(1) : search);

/** @param settings of the scene; which there are may depend on some of their values */
export function read_address(asked: URLSearchParams, settings: (values: Values) => Setting[]): Asked {
  const rest = new URLSearchParams(asked);
  for (const name of ['scene', 'seed', 'data']) rest.delete(name);
  const text = asked.get('seed');
  const seed = text === null ? first_seed : read_seed(text);
  const first = read_values(settings({}), new URLSearchParams());
  const { values, problems } = read_values(settings(Object.fromEntries(rest)), rest);
  return {
    seed: seed ?? first_seed,
    data: asked.getAll('data'),
    values: { ...first.values, ...values },
    problems: [...(seed === undefined ? [`${seed_words} It is ${first_seed} here.`] : []), ...problems],
  };
}

export function write_address(
  scene: string,
  { seed, data, values }: Pick<Asked, 'seed' | 'data' | 'values'>,
  settings: readonly Setting[],
): string {
  const query = new URLSearchParams({ scene, seed: String(seed) });
  for (const name of data) query.append('data', name);
  for (const [name, value] of write_values(settings, values)) query.set(name, value);
  history.replaceState(null, '', `${location.pathname}#${query}`);
  return location.href;
}

const most_seed = 2 ** 32 - 1;

const first_seed = 1;
export const seed_words = `The seed must be a whole number from 0 to ${most_seed}.`;

/** Undefined for what is no seed. */
export function read_seed(text: string): number | undefined {
  const seed = Number(text);
  return text.trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed <= most_seed ? seed : undefined;
}

/** What to do with a link to a run of somebody's data. */
export const wanted_words = (names: readonly string[]) =>
  `This link is of a run on ${names.join(', ')}. Drop ${names.length === 1 ? 'that file' : 'those files, all at once,'} on the page to get it again; they are not in the link. “Run” goes on without.`;
