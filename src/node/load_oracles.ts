/** Shards that can be asked: folders of `langevin sample` that tell of which model and data they are, both still there. */
import type { Points } from '../diagnostics/points.ts';
import type { Device } from '../gpu/device.ts';
import type { ShardOracle } from '../merge/rounds/oracle.ts';
import type { MergeSpace } from '../merge/shards/space.ts';
import { format_prior } from '../model/prior_text.ts';
import type { LogDensityModel, Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { evaluate_densities } from '../sample/evaluate.ts';
import { fingerprint, model_fingerprint } from './fingerprint.ts';
import { type LoadedRows, load_rows } from './load_data.ts';
import { type FileOrigin, load_origin_model } from './origin.ts';

/** One shard as a model with data. */
export interface ReachableShard {
  /** For messages. */
  name: string;
  model: LogDensityModel;
  rows: LoadedRows;
  prior_power: number;
}

/**
 * In the order of the origins. Throws UserError, naming the shard, where one does not say what it is of, is not a log-density model, has other parameters (or the same ones with other bounds) than the first, or
 * other data by now.
 */
export async function load_reachable(origins: readonly FileOrigin[]): Promise<ReachableShard[]> {
  const found: ReachableShard[] = [];
  for (const origin of origins) found.push(await load_one(origin));
  const [first] = found as [ReachableShard];
  for (const { name, model } of found) {
    const [own, wanted] = [model, first.model].map(parameter_text);
    if (own === wanted) continue;
    throw new UserError(
      `${name} is of a model with the parameters ${own}; ${first.name} of one with ${wanted}.\nGive shards of one model.`,
    );
  }
  return found;
}

/** The shards' own models are asked, and a --model beside them must have their coordinates. Throws UserError where it has not. */
export function check_given_model(given: string, model: Model, [first]: readonly ReachableShard[]): void {
  const [own, wanted] = [model, (first as ReachableShard).model].map(parameter_text);
  if (own === wanted) return;
  throw new UserError(
    `--model ${given} has the parameters ${own}; the shards were sampled from a model with ${wanted}, and --rounds asks that one.\nLeave --model out.`,
  );
}

/** Names with bounds and constraints: what decides the coordinates. */
function parameter_text(model: Model): string {
  const texts = model.fields.flatMap(({ constraint, offset, size }) =>
    model.scalars.slice(offset, offset + Math.max(1, size)).map(({ name, prior: { lower, upper } }) => {
      if (constraint !== 'none') return `${name} (${constraint})`;
      return lower === -Infinity && upper === Infinity ? name : `${name} on (${lower}, ${upper})`;
    }),
  );
  return texts.join(', ');
}

async function load_one(origin: FileOrigin): Promise<ReachableShard> {
  const { name, source, data, prior_power } = origin;
  if (source === undefined || prior_power === undefined) {
    throw new UserError(
      `${name} cannot be asked, as --rounds does: no summary.json of langevin sample beside it says of which model and data it is.\nGive the folders that langevin sample wrote, or merge without --rounds.`,
    );
  }
  const model = await load_origin_model(origin);
  if (model.kind !== 'log-density') {
    throw new UserError(
      `${name} is of ${model.name}, a state-space model, whose likelihood is known up to the noise of its filter only.\nMerge it without --rounds.`,
    );
  }
  refuse_changed(origin, model);
  const rows = load_rows(source.data, model);
  if (data !== undefined && fingerprint(rows.columns, rows.values) !== data.fingerprint) {
    throw new UserError(
      `${name} was sampled from ${source.data}, and that file holds other numbers now.\nSample the shard again, or merge without --rounds.`,
    );
  }
  return { name, model, rows, prior_power };
}

/** A file that was edited since is another model, and the merge would be of that. Throws UserError. */
function refuse_changed({ name, source, priors }: FileOrigin, model: Model): void {
  const other = model.scalars.find((scalar) => priors && priors[scalar.name] !== format_prior(scalar.prior));
  const is_other_text = source?.fingerprint !== undefined && source.fingerprint !== model_fingerprint(model);
  if (other === undefined && !is_other_text) return;
  const what = other ? `another prior for ${other.name} (${format_prior(other.prior)})` : 'another text';
  throw new UserError(
    `${name} was sampled from ${source?.model}, and that model has ${what} now.\nSample the shard again, or merge without --rounds.`,
  );
}

/** In the coordinates of the merge. */
export function oracle_of(device: Device, shard: ReachableShard, space: MergeSpace): ShardOracle {
  const { model, rows, prior_power, name } = shard;
  return async (points: Points) => {
    const answer = await evaluate_densities(device, model, { rows }, space.back(points), { prior_power, where: name });
    return space.density_at(points, answer);
  };
}
