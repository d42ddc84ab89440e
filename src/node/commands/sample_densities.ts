/** What `langevin sample --keep-gradients` writes beside draws.csv: the log density and its gradient at every draw there. */

import type { DrawsFile } from '../../data/draws_file.ts';
import { write_npy } from '../../data/npy.ts';
import type { Device } from '../../gpu/device.ts';
import { type Evaluated, evaluate_densities } from '../../sample/evaluate.ts';
import type { SampleOptions } from '../../sample/options.ts';
import { sample_key } from '../../sample/sample.ts';
import { GRADIENTS_FILE, LOG_DENSITY_FILE } from '../density_files.ts';
import type { FileContent } from '../output.ts';

/** prior^power × likelihood, as a density of the parameters in draws.csv: [chain·draw], in the order of its rows. */
export async function densities_of_draws(
  device: Device,
  { model, data, prior_power = 1, seed }: SampleOptions,
  { chains, draws, parameters }: DrawsFile,
): Promise<Evaluated> {
  const dimension = parameters.size;
  const count = chains * draws;
  const values = new Float64Array(count * dimension);
  let p = 0;
  for (const columns of parameters.values()) {
    columns.forEach((chain, c) => {
      for (let t = 0; t < draws; t++) values[(c * draws + t) * dimension + p] = chain[t] as number;
    });
    p += 1;
  }
  const options = { prior_power, key: sample_key(seed), where: 'draws' };
  return evaluate_densities(device, model, data, { count, dimension, values }, options);
}

export function density_files({ log_densities, gradients }: Evaluated): Record<string, FileContent> {
  const count = log_densities.length;
  return {
    [LOG_DENSITY_FILE]: write_npy([count], log_densities),
    [GRADIENTS_FILE]: write_npy([count, gradients.length / count], gradients),
  };
}
