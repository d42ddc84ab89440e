/** Chains with their columns, as the files of draws take them. */

import type { Draws } from './draws.ts';
import type { DrawsFile } from './draws_file.ts';

/** [chain][draw][name], in f32: the device computes no more. */
export function as_draws({ chains, draws, parameters, sampler }: DrawsFile): Draws {
  const names = [...parameters.keys()];
  const values = new Float32Array(chains * draws * names.length);
  names.forEach((name, n) => {
    parameters.get(name)?.forEach((chain, c) => {
      for (let t = 0; t < draws; t++) values[(c * draws + t) * names.length + n] = chain[t] as number;
    });
  });
  const told = Object.entries(sampler).map(([name, column]) => {
    const flat = new Float32Array(chains * draws);
    column.forEach((chain, c) => {
      flat.set(chain, c * draws);
    });
    return [name, flat] as const;
  });
  return { names, chains, draws, values, sampler: Object.fromEntries(told) };
}
