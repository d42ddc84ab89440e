/** Draws from the files of a command line, and what the run that made them has cost. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { combine_draws, type DrawsFile, equal_weights, type MergedDraws } from '../data/draws_file.ts';
import { type Cost, spent } from '../data/draws_summary.ts';
import { is_hdf5 } from '../data/is_hdf5.ts';
import { read_draws } from '../data/read_draws.ts';
import { UserError } from '../model/user_error.ts';
import { reason } from './output.ts';
import { read_run_file } from './read_run_file.ts';

/** Chains of all files side by side. What a file holds is seen from its bytes. */
export async function load_draws(paths: readonly string[]): Promise<DrawsFile> {
  const places = paths.map((path) => resolve(path));
  const twice = places.findIndex((place, i) => places.indexOf(place) < i);
  if (twice >= 0) {
    throw new UserError(
      `${paths[twice]} is given twice.\nThe same chains twice would agree with themselves; leave one out.`,
    );
  }
  const files: { path: string; draws: DrawsFile }[] = [];
  for (const path of paths) files.push({ path, draws: await load_file(path) });
  return combine_draws(files);
}

async function load_file(path: string): Promise<DrawsFile> {
  const content = read_content(path);
  const draws = typeof content === 'string' ? read_draws(content, path) : await read_hdf5(content, path);
  if (!['draws.csv', 'posterior.nc'].includes(basename(path))) return draws;
  const beside = summary_beside([path]);
  // The last population of SMC² may have equal weights, and is no chain for that; draws of a merge are none either.
  const population = beside?.smc2 !== undefined || beside?.merge !== undefined;
  const merged = beside && merged_draws(beside);
  return {
    ...(population ? { weights: equal_weights(draws) } : {}),
    ...draws,
    ...(merged === undefined ? {} : { merged }),
  };
}

function merged_draws({ merge, parameters = {} }: v.InferOutput<typeof run_schema>): MergedDraws | undefined {
  if (merge === undefined) return undefined;
  const { method, shards, verdict } = merge;
  const mcse = new Map(Object.entries(parameters).map(([name, p]) => [name, p.mcse]));
  return { method, shards: shards.length, headline: verdict.headline, mcse };
}

/** Bytes of an HDF5 file; text of any other, whose bytes, as many again, are free when this returns. */
function read_content(path: string): Buffer | string {
  const help = "Give draws.csv, posterior.nc or Stan's CSV files.";
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const inside = existsSync(join(path, 'draws.csv')) ? `Give ${join(path, 'draws.csv')}.` : help;
    throw new UserError(`${path} cannot be read: ${reason(error)}.\n${inside}`);
  }
  if (is_hdf5(bytes)) return bytes;
  if (bytes.includes(0)) throw new UserError(`${path} is neither CSV nor netCDF-4.\n${help}`);
  try {
    return bytes.toString('utf8');
  } catch {
    throw new UserError(
      `${path} is too large to read as text (${(bytes.length / 2 ** 20).toFixed(0)} MiB).\nGive the posterior.nc, or fewer draws.`,
    );
  }
}

const number = v.pipe(v.number(), v.finite(), v.minValue(0));
const phases = v.looseObject({ warm_up: number, learning: number, sampling: number });

/** The fields of a run's summary.json that are of use here; the others may be anything. */
const run_schema = v.looseObject({
  seconds: v.exactOptional(v.looseObject({ total: v.pipe(v.number(), v.finite(), v.gtValue(0)) })),
  sample: v.exactOptional(v.looseObject({ gradients: v.exactOptional(phases), seconds: v.exactOptional(phases) })),
  smc2: v.exactOptional(v.unknown()),
  merge: v.exactOptional(
    v.looseObject({
      method: v.string(),
      shards: v.array(v.unknown()),
      verdict: v.looseObject({ headline: v.string() }),
    }),
  ),
  parameters: v.exactOptional(v.record(v.string(), v.looseObject({ mcse: number }))),
});

/**
 * What the options say; else the summary.json that lies beside the files, where all lie in one folder; else what the
 * files themselves say, for gradients the sampler's count of its steps.
 */
export function find_cost(
  given: { gradients: number | undefined; seconds: number | undefined },
  paths: readonly string[],
  { sampler, seconds }: DrawsFile,
): Cost {
  const cost: Cost = {};
  const beside = summary_beside(paths);
  const { gradients: counted, seconds: timed } = beside?.sample ?? {};
  const steps = sampler.n_steps?.reduce((total, chain) => total + chain.reduce((a, b) => a + b, 0), 0) ?? 0;
  if (given.gradients !== undefined) cost.gradients = { value: given.gradients, source: '--gradients' };
  else if (counted !== undefined) cost.gradients = spent(counted, 'summary.json');
  else if (steps > 0) cost.gradients = { value: steps, source: 'steps of these draws, without warm-up' };
  if (given.seconds !== undefined) cost.seconds = { value: given.seconds, source: '--seconds' };
  else if (timed !== undefined) cost.seconds = spent(timed, 'summary.json');
  else if (beside?.seconds !== undefined) cost.seconds = { value: beside.seconds.total, source: 'summary.json' };
  else if (seconds !== undefined) cost.seconds = { value: seconds, source: 'told by the files, warm-up included' };
  return cost;
}

function summary_beside(paths: readonly string[]): v.InferOutput<typeof run_schema> | undefined {
  const folders = new Set(paths.map((path) => dirname(resolve(path))));
  const [folder] = folders;
  if (folder === undefined || folders.size > 1) return undefined;
  return read_run_file(folder, run_schema);
}

/** The library is loaded only here, since it takes as long as all else that a command loads. */
async function read_hdf5(bytes: Uint8Array, path: string): Promise<DrawsFile> {
  const { read_posterior } = await import('../data/read_netcdf.ts');
  return read_posterior(bytes, path);
}
