/** The end of a merge: what the verdict says, errors, distances, and the command line that makes the same merge of the same files. */

import { type Draws, draws_text } from '../../../data/draws.ts';
import { type DrawsFile, equal_weights } from '../../../data/draws_file.ts';
import { write_npy } from '../../../data/npy.ts';
import type { DistanceRow } from '../../../diagnostics/distances/table.ts';
import { variance } from '../../../diagnostics/moments.ts';
import { column } from '../../../diagnostics/points.ts';
import type { Learned } from '../../../merge/learned.ts';
import { type Merged, type MergeMethod, worth_of_merged } from '../../../merge/methods.ts';
import { find_walls } from '../../../merge/shards/walls.ts';
import { bound_findings } from '../../../merge/verdict/bound_words.ts';
import { kernel_findings } from '../../../merge/verdict/kernel_words.ts';
import { learned_findings } from '../../../merge/verdict/learned_words.ts';
import { held_findings } from '../../../merge/verdict/round_words.ts';
import { verdict } from '../../../merge/verdict/words.ts';
import { aside } from '../../aside/aside.ts';
import { summarize_aside } from '../../aside/summarize.ts';
import type { ScenePlace, SceneResult } from '../../shell/scene.ts';
import type { Task } from './shards.ts';

export interface MergeDone {
  task: Task;
  method: MergeMethod;
  merged: Merged;
  /** By method: from the exact draws. */
  measured: ReadonlyMap<MergeMethod, readonly DistanceRow[]>;
  learned?: Learned;
}

export async function result_of(place: ScenePlace, done: MergeDone): Promise<SceneResult> {
  const { task, method, measured } = done;
  const command = command_of(place, done);
  const { file, headline, findings } = await judged_draws(place.signal, done);
  const files = task.given ? {} : { files: files_of(task) };
  const found = await summarize_aside(place.signal, file, {
    ...{ langevin: 'page', command: ['langevin', ...command], files: [], cost: {} },
  });
  const warnings = [...(findings.length === 0 ? [] : [headline]), ...findings, ...rough_words(place, done)];
  const numbers = Array.from(measured, ([name, rows]) =>
    rows.map(({ name: distance, value }): [string, number] => [`${name}.${distance}`, value]),
  ).flat();
  const parameters = Array.from(found.parameters, ([name, { mean, sd }]): [string, number][] => [
    [`${name}.mean`, mean],
    [`${name}.sd`, sd],
  ]).flat();
  return {
    ...{ command, model: `merge of ${task.set.shards.length} shards by ${method}`, warnings },
    draws: { file, judged: { ...found, warnings } },
    ...files,
    numbers: Object.fromEntries([...numbers, ...parameters]),
  };
}

async function judged_draws(signal: AbortSignal, { task: { set, given }, method, merged, learned }: MergeDone) {
  const { points, acceptance, held } = merged;
  const judgement = await aside(signal, 'judge_merge', set, points);
  const found = verdict(judgement, method, [
    ...(given ? bound_findings(undefined, find_walls(set), points) : []),
    ...(acceptance === undefined ? [] : kernel_findings(points, acceptance)),
    ...(learned === undefined ? [] : learned_findings(learned)),
    ...held_findings(held ?? 0),
  ]);
  const columns = set.names.map((name, j) => {
    const values = column(points, j);
    const own = Math.sqrt(variance(values) / worth_of_merged(values, method));
    return { name, values, mcse: Math.hypot(own, judgement.mean_error[j] as number) };
  });
  const size = { chains: 1, draws: points.count };
  const file: DrawsFile = {
    ...size,
    parameters: new Map(columns.map(({ name, values }) => [name, [values]])),
    ...{ sampler: {}, warmup: 0, weights: equal_weights(size) },
    merged: {
      ...{ method, shards: set.shards.length, headline: found.headline },
      mcse: new Map(columns.map(({ name, mcse }) => [name, mcse])),
    },
  };
  return { file, headline: found.headline, findings: found.findings };
}

/** Sizes that the command has by itself. */
const usual = { updates: 20_000, draws: 10_000 };

function rough_words({ device, values }: ScenePlace, { learned }: MergeDone): string[] {
  if (device.adapter.kind !== 'software' || learned === undefined) return [];
  return [
    `On this software adapter networks make ${values.updates} updates and ${values.draws} draws are merged, where the command makes ${usual.updates} and ${usual.draws} by itself: the distances above are rough.`,
  ];
}

const exact_file = 'exact.csv';
const gradients_file = 'gradients.npy';
const shard_file = (b: number) => `shard_${b + 1}.csv`;

function command_of({ values, seed }: ScenePlace, { task, method }: MergeDone): string[] {
  return [
    ...['merge', ...(task.given ?? own_words(task)), '--method', method, '--draws', String(values.draws)],
    ...(method === 'diffusion' ? ['--updates', String(values.updates), '--networks', String(values.networks)] : []),
    ...['--seed', String(seed)],
  ];
}

const own_words = ({ set: { shards } }: Task) => [
  ...shards.map((_, b) => shard_file(b)),
  ...['--gradients', gradients_file, '--exact', exact_file],
];

function files_of({ set: { names, shards }, exact }: Task): NonNullable<SceneResult['files']> {
  const csv = (draws: Omit<Draws, 'chains'>) => Array.from(draws_text({ ...draws, chains: 1 })).join('');
  const first = shards[0] as Task['set']['shards'][number];
  const gradients = new Float64Array(shards.length * first.points.values.length);
  const texts = shards.map(({ points: { count, values }, log_densities, gradients: own }, b) => {
    gradients.set(own as Float64Array, b * values.length);
    const rows = Float64Array.from({ length: 3 * count }, (_, at) => {
      const [row, j] = [Math.floor(at / 3), at % 3];
      return (j === 2 ? log_densities?.[row] : values[2 * row + j]) as number;
    });
    return [shard_file(b), csv({ names: [...names, 'log_density'], draws: count, values: rows })] as const;
  });
  return {
    ...Object.fromEntries(texts),
    [gradients_file]: write_npy([shards.length, first.points.count, 2], gradients),
    ...(exact ? { [exact_file]: csv({ names, draws: exact.count, values: exact.values }) } : {}),
  };
}
