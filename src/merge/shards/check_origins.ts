/** Whether shards belong together: one model, rows that count once, no rows left out, the prior once in all. What is known of them is what their runs wrote. */

import { UserError } from '../../model/user_error.ts';

export interface Origin {
  /** For messages. */
  name: string;
  /** Its name. */
  model?: string;
  /** By parameter, as format_prior writes them. */
  priors?: Readonly<Record<string, string>>;
  prior_power?: number;
  /** The rows that were sampled; the same numbers have the same fingerprint. */
  data?: { name: string; rows: number; fingerprint: string };
  cut?: Cut;
}

/** Of which cut of which data it is which shard, counted from 1. */
export interface Cut {
  /** The same in all shards of one cut. */
  id: string;
  shard: number;
  shards: number;
  rows: number;
  /** Before the cut. */
  all_rows: number;
  data: string;
}

/** What to say of the shards together, in sentences; empty where nothing is wrong or nothing is known. Throws UserError for shards of different models, or of the same rows. */
export function check_origins(origins: readonly Origin[]): string[] {
  refuse_other_models(origins);
  refuse_same_shard(origins);
  const whole = whole_data(origins);
  // What is missing is in the run on all rows.
  const missing = whole.length > 0 ? [] : missing_shards(origins);
  // The shards that are missing have the rest of the prior.
  const prior = missing.length > 0 ? [] : prior_in_all(origins);
  return [...same_rows(origins), ...whole, ...missing, ...other_priors(origins), ...prior];
}

function refuse_other_models(origins: readonly Origin[]): void {
  const known = origins.filter(({ model }) => model !== undefined);
  const [first] = known;
  const other = known.find(({ model }) => model !== first?.model);
  if (first === undefined || other === undefined) return;
  throw new UserError(
    `${other.name} was sampled from the model ${other.model}, ${first.name} from ${first.model}.\nShards of one posterior have one model; leave the others out.`,
  );
}

function refuse_same_shard(origins: readonly Origin[]): void {
  origins.forEach((one, i) => {
    const before = origins.slice(0, i).find(({ cut }) => cut && cut.id === one.cut?.id && cut.shard === one.cut.shard);
    if (before === undefined || one.cut === undefined) return;
    throw new UserError(
      `${before.name} and ${one.name} are both shard ${one.cut.shard} of ${one.cut.shards} of ${one.cut.data}.\nIts rows would count twice; leave one out.`,
    );
  });
}

function same_rows(origins: readonly Origin[]): string[] {
  const cuts = new Set(origins.flatMap(({ cut }) => (cut === undefined ? [] : [cut.id])));
  const several =
    cuts.size > 1
      ? [
          `The shards come from ${cuts.size} cuts of data (${list(unique(origins.flatMap(({ cut }) => cut?.data ?? [])))}): rows that are in two of them count twice. Give the shards of one cut.`,
        ]
      : [];
  const twice = origins.flatMap((one, i) => {
    if (one.cut !== undefined) return [];
    const before = origins.slice(0, i).find(({ data }) => data && data.fingerprint === one.data?.fingerprint);
    return before === undefined ? [] : [`${before.name} and ${one.name}`];
  });
  if (twice.length === 0) return several;
  const [pair] = twice;
  return [
    ...several,
    `${pair}${twice.length > 1 ? ` (and ${twice.length - 1} more)` : ''} were sampled from the same numbers: rows that are given twice count twice. Runs of the same rows are chains of one posterior, for langevin summarize; for a merge give every row to one shard.`,
  ];
}

/** A run on all rows beside shards of them. */
function whole_data(origins: readonly Origin[]): string[] {
  const cuts = origins.flatMap(({ cut }) => cut ?? []);
  return origins.flatMap(({ name, data, cut }) => {
    if (cut !== undefined || data === undefined) return [];
    const of = cuts.find((one) => base_name(one.data) === base_name(data.name) && one.all_rows === data.rows);
    if (of === undefined) return [];
    return [
      `${name} was sampled from all ${data.rows} rows of ${data.name}, and those of the shards are among them: they count twice. Do not use this merge; give the shards alone, or take ${name} as it is.`,
    ];
  });
}

const base_name = (path: string) => path.split(/[\\/]/).at(-1);

function missing_shards(origins: readonly Origin[]): string[] {
  const by_cut = new Map<string, Cut[]>();
  const power = summed_power(origins);
  const prior =
    power === undefined || is_once(power) ? '' : `, and the prior to the power ${Number(power.toPrecision(3))}`;
  for (const { cut } of origins) {
    if (cut) by_cut.set(cut.id, [...(by_cut.get(cut.id) ?? []), cut]);
  }
  return Array.from(by_cut.values()).flatMap((given) => {
    const [{ shards, data, all_rows }] = given as [Cut];
    if (given.length === shards) return [];
    const rows = given.reduce((sum, cut) => sum + cut.rows, 0);
    const numbers = Array.from({ length: shards }, (_, s) => s + 1);
    const missing = numbers.filter((s) => !given.some(({ shard }) => shard === s)).map(String);
    return [
      `${given.length} of the ${shards} shards of ${data} are given; missing: ${list(missing)}. The merge knows ${rows} of ${all_rows} rows${prior}. Give all shards for the posterior of all rows.`,
    ];
  });
}

function other_priors(origins: readonly Origin[]): string[] {
  const known = origins.filter(({ priors }) => priors !== undefined);
  const [first] = known;
  for (const one of known) {
    const name = Object.keys(one.priors ?? {}).find((p) => one.priors?.[p] !== first?.priors?.[p]);
    if (name === undefined) continue;
    return [
      `${one.name} has the prior ${one.priors?.[name]} for ${name}, ${first?.name} has ${first?.priors?.[name]}: the merge has the product of such priors. Sample all shards with one prior.`,
    ];
  }
  return [];
}

/** A power of a flat density is the same density. */
const is_flat = (prior: string) => /^(flat|uniform)\b/.test(prior);

/** Of the prior in the product of all shards; undefined where it is not known, or does not matter. */
function summed_power(origins: readonly Origin[]): number | undefined {
  const powers = origins.flatMap(({ prior_power }) => prior_power ?? []);
  if (powers.length < origins.length) return undefined;
  if (origins.every(({ priors }) => priors && Object.values(priors).every(is_flat))) return undefined;
  return powers.reduce((sum, power) => sum + power, 0);
}

const is_once = (power: number) => Math.abs(power - 1) < 1e-6;

function prior_in_all(origins: readonly Origin[]): string[] {
  const total = summed_power(origins);
  if (total === undefined || is_once(total)) return [];
  const powers = origins.flatMap(({ prior_power }) => prior_power ?? []);
  const count = origins.length;
  const whole = powers.every((power) => power === 1);
  return [
    whole
      ? `The prior counts ${count} times: every shard was sampled with the whole of it. Sample each with --prior-power 1/${count}.`
      : `The prior counts to the power ${Number(total.toPrecision(3))} in all, and not once: the shards were sampled with ${list(unique(powers.map((p) => String(Number(p.toPrecision(3))))))}. Sample each of ${count} with --prior-power 1/${count}.`,
  ];
}

const unique = <T>(values: readonly T[]) => Array.from(new Set(values));

/** Named in one sentence. */
const NAMED = 8;
const list = (names: readonly string[]) =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ');
