/** Some chains of many, for looks that must be quick. */

import type { DrawsFile } from '../../../data/draws_file.ts';

/** @param wanted at least two are taken */
export function first_chains(draws: DrawsFile, wanted: number): DrawsFile {
  const chains = Math.min(draws.chains, Math.max(2, wanted));
  const cut = (columns: readonly Float64Array[]) => columns.slice(0, chains);
  return {
    ...{ ...draws, chains },
    parameters: new Map(Array.from(draws.parameters, ([name, columns]) => [name, cut(columns)])),
    sampler: Object.fromEntries(Object.entries(draws.sampler).map(([name, columns]) => [name, cut(columns)])),
  };
}
