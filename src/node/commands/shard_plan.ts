/** What `langevin shard` is going to write: the rows of every shard, and how to sample it. Everything is checked before anything is written. */

import { join } from 'node:path';
import { quote } from '../../data/draws.ts';
import { nearest_name } from '../../model/nearest_name.ts';
import { is_proper_to_power } from '../../model/prior.ts';
import type { LogDensityModel, Model } from '../../model/types.ts';
import { UserError } from '../../model/user_error.ts';
import { cut_by_values, cut_shuffled, type RowCut } from '../cut_rows.ts';
import { fingerprint } from '../fingerprint.ts';
import { load_cells, load_rows } from '../load_data.ts';
import { load_model_option } from '../model_option.ts';
import { type Options, parse_options } from '../options.ts';
import { new_folder } from '../output.ts';
import { format_prior_power } from '../prior_power.ts';
import { default_folder, most_seed, seed_of } from '../run_options.ts';
import { SHARD_DATA, SHARD_DRAWS, type ShardFile } from '../shard_file.ts';
import { version } from '../version.ts';
import { merge_options, read_merge_options } from './merge_options.ts';
import { read_sample_options, sample_options } from './sample_options.ts';
import { merge_words, sample_words } from './shard_options.ts';

export interface PlannedShard {
  /** In the folder of all. */
  folder: string;
  csv: string;
  file: ShardFile;
}

export interface ShardPlan {
  model: Model;
  out: string;
  shards: PlannedShard[];
  /** What a person should know before sampling. */
  notes: string[];
  /** Arguments of `langevin merge` behind the shards. */
  merge: string[];
}

const most_shards = 1024;

/** Throws UserError for whatever cannot be cut, or could not be sampled or merged afterwards. */
export async function plan_shards(options: Options): Promise<ShardPlan> {
  const model = await load_model_option(options);
  refuse_uncuttable(model);
  const name = options.text('data');
  const { columns, values, count } = load_rows(name, model);
  const shards = shard_count(options, count, name as string);
  if (options.text('keep') === 'moments') {
    throw new UserError(
      '--keep moments keeps no draws, and a merge needs those of every shard.\nLeave it out, or thin with --keep every:K.',
    );
  }
  const seed = seed_of(options);
  const cells = load_cells(name);
  const by = options.text('by') ?? 'rows';
  const cut = by === 'rows' ? cut_shuffled(count, shards, seed) : cut_by_column(by, cells, shards, name as string);
  const out = new_folder(options.text('out') ?? default_folder(`${model.name}-shards`));
  const merge = [...merge_words(options), '--seed', String(seed), '--out', join(out, 'merged')];
  read_merge_options(parse_options(merge, merge_options));
  const id = fingerprint([...columns, by, String(seed), String(shards)], values);
  const planned = cut.rows.map((rows, s): PlannedShard => {
    const folder = `shard_${s + 1}`;
    const command = sample_command(options, join(out, folder), { shards, seed: (seed + s) % (most_seed + 1) });
    read_sample_options(parse_options(command.slice(2), sample_options), model);
    return {
      folder,
      csv: csv_text(cells, rows),
      file: {
        langevin: version,
        ...{ model: options.positionals[0] as string, priors: options.list('prior') },
        data: { name: name as string, rows: count },
        ...{ shard: s + 1, shards, prior_power: format_prior_power(1 / shards), by },
        ...(cut.values === undefined ? {} : { values: cut.values[s] as string[] }),
        ...{ seed, cut: id, command, rows: rows.map((row) => row + 1) },
      },
    };
  });
  return { model, out, shards: planned, notes: notes_of(model, cut, shards), merge };
}

/** Rows can be cut where the likelihood is a product over them. */
function refuse_uncuttable(model: Model): asserts model is LogDensityModel {
  if (model.kind === 'state-space') {
    throw new UserError(
      `${model.name} is a state-space model: the rows of a series hang together, and a part of them is no shard.\nUse langevin sample or smc2 on all of it, or cut at places where the series begins anew and sample the parts with --prior-power.`,
    );
  }
  if (model.row.length === 0) {
    throw new UserError(`The model ${model.name} reads no data, so there are no rows to cut.`);
  }
  const text = model.wgsl.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  if (model.entry === 'log_density' || /\b(data|data_length)\b/.test(text)) {
    throw new UserError(
      `${model.name} reads all rows at once (${model.entry === 'log_density' ? 'fn log_density' : 'data'}), so that its likelihood is no product over rows.\nWrite it as fn log_likelihood(row: Row, theta: Theta) without data, or cut by hand and sample the parts with --prior-power.`,
    );
  }
}

function shard_count(options: Options, rows: number, name: string): number {
  if (options.text('shards') === undefined) throw new UserError('Into how many? --shards S, 2 or more.');
  const shards = options.whole('shards', 2, 2, most_shards);
  if (shards > rows) {
    throw new UserError(
      `${name} has ${rows} row${rows === 1 ? '' : 's'}, too few for ${shards} shards.\nUse ${rows < 2 ? 'langevin sample' : `--shards ${rows} or fewer`}.`,
    );
  }
  return shards;
}

function cut_by_column(
  by: string,
  { names, rows }: ReturnType<typeof load_cells>,
  shards: number,
  data: string,
): RowCut {
  const at = names.indexOf(by);
  if (at < 0) {
    const near = nearest_name(by, names);
    throw new UserError(
      `${data} has no column ${by}, which --by names; it has ${names.join(', ')}.${near ? `\nDid you mean ${near}?` : ''}`,
    );
  }
  return cut_by_values(
    rows.map((cells) => cells[at] as string),
    shards,
    `${data}, column ${by}`,
  );
}

function sample_command(
  options: Options,
  folder: string,
  { shards, seed }: { shards: number; seed: number },
): string[] {
  return [
    ...['langevin', 'sample', options.positionals[0] as string, '--data', join(folder, SHARD_DATA)],
    ...['--prior-power', format_prior_power(1 / shards), '--keep-gradients', ...sample_words(options)],
    ...['--seed', String(seed), '--out', join(folder, SHARD_DRAWS)],
  ];
}

function csv_text({ names, rows }: ReturnType<typeof load_cells>, wanted: readonly number[]): string {
  const line = (cells: readonly string[]) => cells.map(quote).join(',');
  return `${[names, ...wanted.map((row) => rows[row] as string[])].map(line).join('\n')}\n`;
}

function notes_of(model: Model, { rows }: RowCut, shards: number): string[] {
  const improper = model.scalars.filter(({ prior }) => !is_proper_to_power(prior, 1 / shards)).map(({ name }) => name);
  const least = rows.reduce((n, of) => Math.min(n, of.length), Number.POSITIVE_INFINITY);
  const NAMED = 4;
  const listed =
    improper.slice(0, NAMED).join(', ') + (improper.length > NAMED ? ` and ${improper.length - NAMED} more` : '');
  return [
    ...(improper.length === 0
      ? []
      : [
          `the prior of ${listed} to the power 1/${shards} has no finite mass: the rows of every shard must determine ${improper.length === 1 ? 'it' : 'them'} by themselves.`,
        ]),
    ...(least < 10 * model.dimension
      ? [
          `the smallest shard has ${least} row${least === 1 ? '' : 's'} for ${model.dimension} unknowns: posteriors of so little are far from normal and hard to merge. Fewer shards are better.`,
        ]
      : []),
  ];
}
