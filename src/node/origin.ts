/** Where a shard's draws come from, as far as the files beside them tell: `summary.json` of the run, `shard.json` of the cut. */

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import type { Cut, Origin } from '../merge/shards/check_origins.ts';
import { parse_prior } from '../model/prior_text.ts';
import type { Model } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { with_prior } from '../model/with_prior.ts';
import { load_model } from './load_model.ts';
import { read_run_file } from './read_run_file.ts';
import { read_shard_file, SHARD_DRAWS, type ShardFile } from './shard_file.ts';

/** The fields of a run's summary.json that are of use here; the others may be anything. */
const run_schema = v.looseObject({
  model: v.string(),
  sample: v.looseObject({
    prior_power: v.exactOptional(v.pipe(v.number(), v.gtValue(0))),
    priors: v.exactOptional(v.record(v.string(), v.string())),
    source: v.exactOptional(
      v.looseObject({
        model: v.string(),
        fingerprint: v.exactOptional(v.string()),
        priors: v.array(v.string()),
        data: v.exactOptional(v.looseObject({ name: v.string(), rows: v.number(), fingerprint: v.string() })),
      }),
    ),
  }),
});

/** Of a run that can be asked again. */
export interface FileOrigin extends Origin {
  /** As the run was given it, with its --prior options. */
  source?: { model: string; fingerprint?: string; priors: string[]; data?: string };
}

/** The folder in which draws.csv of a given folder lies: itself, or `draws` of one that `langevin shard` wrote. Throws UserError for a shard that is not sampled. */
export function draws_folder(given: string): string {
  if (existsSync(join(given, 'draws.csv'))) return given;
  const inside = join(given, SHARD_DRAWS);
  if (existsSync(join(inside, 'draws.csv'))) return inside;
  const shard = read_shard_file(given);
  if (shard === undefined) return given;
  throw new UserError(
    `${given} is a shard that has not been sampled: there is no ${join(inside, 'draws.csv')}.\nRun: ${shell_words(shard.command)}`,
  );
}

/** @param given a folder or a file of a command line. Nothing is known of a file that lies alone. */
export function read_origin(given: string): FileOrigin {
  const is_folder = existsSync(given) && statSync(given).isDirectory();
  const folder = is_folder ? draws_folder(given) : dirname(resolve(given));
  // What else lies in the folder of a run is not of it.
  const is_of_run = is_folder || ['draws.csv', 'posterior.nc'].includes(basename(given));
  const run = is_of_run ? read_run_file(folder, run_schema) : undefined;
  const shard = read_shard_file(folder) ?? read_shard_file(dirname(resolve(folder)));
  if (run === undefined) return { name: given, ...(shard === undefined ? {} : { cut: cut_of(shard) }) };
  const { prior_power, priors, source } = run.sample;
  return {
    name: given,
    model: run.model,
    ...(prior_power === undefined ? {} : { prior_power }),
    ...(priors === undefined ? {} : { priors }),
    ...(source?.data === undefined ? {} : { data: source.data }),
    ...(shard === undefined ? {} : { cut: cut_of(shard) }),
    ...(source === undefined
      ? {}
      : {
          source: {
            ...{ model: source.model, priors: source.priors },
            ...(source.fingerprint === undefined ? {} : { fingerprint: source.fingerprint }),
            ...(source.data === undefined ? {} : { data: source.data.name }),
          },
        }),
  };
}

const cut_of = ({ cut, shard, shards, data, rows }: ShardFile): Cut => ({
  ...{ id: cut, shard, shards, rows: rows.length, all_rows: data.rows, data: data.name },
});

/** The model that was sampled. Throws UserError where it is not to be found from here. */
export async function load_origin_model({ name, source }: FileOrigin): Promise<Model> {
  if (source === undefined) {
    throw new UserError(
      `${name} does not tell which model was sampled.\nGive a folder that langevin sample wrote, with its summary.json.`,
    );
  }
  let model = await load_model(source.model);
  for (const given of source.priors) {
    const [parameter = '', prior = ''] = given.split(/=(.*)/s);
    model = with_prior(model, parameter.trim(), parse_prior(prior, `--prior ${given} of ${name}`));
  }
  return model;
}

/** A command as a shell takes it. */
export const shell_words = (words: readonly string[]) =>
  words.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
