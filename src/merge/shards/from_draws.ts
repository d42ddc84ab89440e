/** A shard from a file of draws with named columns: draws.csv, posterior.nc, Stan's CSV. */
import type { DrawsFile, MergedDraws } from '../../data/draws_file.ts';
import { pooled } from '../../diagnostics/chains.ts';
import { variance } from '../../diagnostics/moments.ts';
import { effective_sample_size, resample_indices } from '../../diagnostics/weighted.ts';
import { UserError } from '../../model/user_error.ts';
import type { Shard } from './shard.ts';

/** The column that holds the shard's log density at its draws. */
const LOG_DENSITY = 'log_density';

/** A shard whose parameters have names, and whose draws may be a choice of the file's rows. */
export interface FileShard extends Shard {
  names?: readonly string[];
  /** [draw] the row of the file that it is, chain after chain; absent: the same. */
  rows?: Uint32Array;
}

/**
 * Weighted draws are resampled, systematically (Kitagawa 1996) and to as many as there are, so that resampling adds little to the error that
 * their weights have. Throws UserError naming the file where no parameter is left.
 */
export function shard_from_draws({ chains, draws, parameters, weights, merged }: DrawsFile, path: string): FileShard {
  const names = Array.from(parameters.keys()).filter((name) => name !== LOG_DENSITY);
  if (names.length === 0) throw new UserError(`${path}: no column holds a parameter.`);
  const all_weights = weights === undefined ? undefined : pooled(weights);
  const count = chains * draws;
  const rows = all_weights === undefined ? undefined : resample_indices(all_weights, count, 0.5);
  const take = (flat: Float64Array) =>
    rows === undefined ? flat : Float64Array.from(rows, (row) => flat[row] as number);
  const column = (name: string) => take(pooled(parameters.get(name) as readonly Float64Array[]));
  const values = new Float64Array(count * names.length);
  names.forEach((name, j) => {
    column(name).forEach((x, i) => {
      values[i * names.length + j] = x;
    });
  });
  return {
    name: path,
    names,
    points: { count, dimension: names.length, values },
    chains: rows === undefined ? chains : 1,
    ...(all_weights === undefined || rows === undefined
      ? {}
      : {
          weights_ess: merged === undefined ? effective_sample_size(all_weights) : merged_ess(merged, parameters),
          rows,
        }),
    ...(parameters.has(LOG_DENSITY) ? { log_densities: column(LOG_DENSITY) } : {}),
  };
}

/** A merge is a shard of its own rows to a later one; its draws are worth what its errors say, of the parameter that is known worst. */
function merged_ess({ mcse }: MergedDraws, parameters: DrawsFile['parameters']): number {
  const found = Array.from(parameters, ([name, chains]) => {
    const values = pooled(chains);
    return Math.min(values.length, variance(values) / (mcse.get(name) ?? 0) ** 2);
  });
  return Math.min(...found);
}
