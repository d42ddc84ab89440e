/** Draws chain by chain: read back from files, several files made one, or as a sampler holds them. */
import { UserError } from '../model/user_error.ts';
import type { SamplerColumn } from './draw_columns.ts';

/** What `langevin merge` says of the draws that it wrote. */
export interface MergedDraws {
  method: string;
  shards: number;
  /** Its verdict in one sentence. */
  headline: string;
  /** By parameter: standard error of the mean, that of the shards' draws included. */
  mcse: ReadonlyMap<string, number>;
}

export interface DrawsFile {
  chains: number;
  /** Per chain. */
  draws: number;
  /** By name, in the file's order: [chain][draw]. A Map, because an object would sort names that are numbers. */
  parameters: ReadonlyMap<string, readonly Float64Array[]>;
  /** What the sampler says of each transition: [chain][draw]. */
  sampler: Partial<Record<SamplerColumn, readonly Float64Array[]>>;
  /** [chain][draw], not normalised. Present where the draws are a weighted population; absent for chains. */
  weights?: readonly Float64Array[];
  /** Present where the draws are those of a merge, whose weights are equal. */
  merged?: MergedDraws;
  /** What the run took, warm-up included, where the file says so; those of several files are added. */
  seconds?: number;
  /** Draws of the warm-up that the file holds and that are left out. */
  warmup: number;
}

/** Chains of all files side by side. Throws UserError where the files do not belong together. */
export function combine_draws(files: readonly { path: string; draws: DrawsFile }[]): DrawsFile {
  const [first, ...others] = files;
  if (first === undefined) throw new Error('combine_draws: no file.');
  for (const other of others) check_alike(first, other);
  const parameters = new Map(
    Array.from(first.draws.parameters.keys(), (name) => [
      name,
      files.flatMap(({ draws }) => draws.parameters.get(name) ?? []),
    ]),
  );
  const sampler: DrawsFile['sampler'] = {};
  for (const column of Object.keys(first.draws.sampler) as SamplerColumn[]) {
    const chains = files.map(({ draws }) => draws.sampler[column]);
    if (chains.every((c) => c !== undefined)) sampler[column] = chains.flat();
  }
  const weighted = files.some(({ draws }) => draws.weights !== undefined);
  return {
    chains: files.reduce((total, { draws }) => total + draws.chains, 0),
    draws: first.draws.draws,
    parameters,
    sampler,
    ...(weighted ? { weights: files.flatMap(({ draws }) => normalised_weights(draws)) } : {}),
    ...(files.length === 1 && first.draws.merged !== undefined ? { merged: first.draws.merged } : {}),
    ...(files.every(({ draws }) => draws.seconds !== undefined)
      ? { seconds: files.reduce((total, { draws }) => total + (draws.seconds ?? 0), 0) }
      : {}),
    warmup: files.reduce((total, { draws }) => total + draws.warmup, 0),
  };
}

type Named = { path: string; draws: DrawsFile };

function check_alike(first: Named, other: Named): void {
  const help = 'Files given together must be chains of the same model.';
  for (const [a, b] of [
    [first, other],
    [other, first],
  ] as const) {
    const missing = Array.from(a.draws.parameters.keys()).find((name) => !b.draws.parameters.has(name));
    if (missing !== undefined) {
      throw new UserError(`${b.path} has no column ${missing}, which ${a.path} has.\n${help}`);
    }
  }
  if (first.draws.draws !== other.draws.draws) {
    throw new UserError(
      `${first.path} has ${first.draws.draws} draws per chain, ${other.path} has ${other.draws.draws}.\n` +
        'All chains must be equally long; cut the longer ones or leave one out.',
    );
  }
}

export function equal_weights({ chains, draws }: Pick<DrawsFile, 'chains' | 'draws'>): Float64Array[] {
  return Array.from({ length: chains }, () => new Float64Array(draws).fill(1 / (chains * draws)));
}

/** Every file counts the same, as independent runs do. */
function normalised_weights({ chains, draws, weights }: DrawsFile): Float64Array[] {
  if (weights === undefined) return equal_weights({ chains, draws });
  const total = weights.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0);
  return weights.map((chain) => chain.map((w) => w / total));
}
