/** The second form of `langevin network`: what the draws of runs predict for the rows that were held out, side by side. */

import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { quote } from '../../data/draws.ts';
import type { DrawsFile } from '../../data/draws_file.ts';
import { format_significant } from '../../data/format_number.ts';
import { write_summary } from '../../data/summary.ts';
import { align } from '../../data/table.ts';
import {
  apart,
  coverage_levels,
  type Predicted,
  type PredictiveScores,
  predicted,
  predictive_scores,
} from '../../diagnostics/predictive.ts';
import { network_mean, parameters_of } from '../../model/neural_regression.ts';
import { UserError } from '../../model/user_error.ts';
import { load_columns } from '../load_data.ts';
import { load_draws } from '../load_draws.ts';
import { type NetworkFile, read_network_file, TEST_ROWS } from '../network_file.ts';
import type { Options } from '../options.ts';
import { prepare_output } from '../output.ts';
import { default_folder } from '../run_options.ts';
import { version } from '../version.ts';

interface Scored {
  /** As given. */
  run: string;
  draws: number;
  rows: Predicted[];
  scores: PredictiveScores;
  /** From the first run; absent of itself. */
  apart?: ReturnType<typeof apart>;
}

/** @returns the table, or with --json summary.json */
export async function score_network(options: Options, folder: string, args: readonly string[]): Promise<string> {
  const started = performance.now();
  const network = read_network_file(folder);
  if (options.positionals.length === 0)
    throw new UserError(`Which runs? --score ${folder} RUN…: folders of langevin sample or population, or draws.csv.`);
  const columns = [...network.inputs, network.target].map(({ name }) => name);
  const path = join(folder, TEST_ROWS);
  const test = load_columns(path, columns, 'of the network');
  if (test[network.target.name]?.length !== network.test.length)
    throw new UserError(
      `${path} has other rows than ${network.test.length} that were held out.\nMake the network again: what was written cannot be changed by hand.`,
    );
  const output = prepare_output(options.text('out') ?? default_folder(`${basename(resolve(folder))}-scores`));
  try {
    const runs: Scored[] = [];
    for (const run of options.positionals) {
      const rows = predict(network, test, await draws_of(run, network));
      const first = runs[0]?.rows;
      runs.push({
        ...{ run, draws: rows.draws, rows: rows.predicted, scores: predictive_scores(rows.predicted) },
        ...(first === undefined ? {} : { apart: apart(rows.predicted, first) }),
      });
    }
    const summary = write_summary({
      ...{ langevin: version, command: ['langevin', 'network', ...args], model: basename(resolve(folder)) },
      ...{ adapter: { kind: 'none', name: 'the CPU alone, in float64' }, seed: network.seed },
      ...{ seconds: { total: (performance.now() - started) / 1000 }, parameters: {}, warnings: [] },
      network: {
        ...{ folder, target: network.target.name, test_rows: network.test.length, levels: coverage_levels },
        runs: runs.map(({ run, draws, scores, apart: from }) => ({ run, draws, ...scores, ...from })),
      },
    });
    output.commit({ 'summary.json': summary, 'predictions.csv': predictions_csv(network, runs) });
    return options.flag('json') ? summary : `${table(network, runs)}\n\n${output.path}/predictions.csv\n`;
  } catch (error) {
    output.discard();
    throw error;
  }
}

async function draws_of(run: string, network: NetworkFile): Promise<{ names: string[]; file: DrawsFile }> {
  const is_folder = existsSync(run) && statSync(run).isDirectory();
  const path = is_folder ? join(run, 'draws.csv') : run;
  const file = await load_draws([path]);
  const names = parameter_names(network);
  const missing = names.find((name) => !file.parameters.has(name));
  const other = Array.from(file.parameters.keys()).find((name) => !names.includes(name));
  if (missing === undefined && other === undefined) return { names, file };
  throw new UserError(
    `${path} ${missing === undefined ? `has a column ${other}, which this network has not` : `has no column ${missing}`}: it is of another model.\nGive runs of the network's own model.mjs.`,
  );
}

/** Of draws.csv, in the model's order. */
function parameter_names({ inputs, hidden }: NetworkFile): string[] {
  const numbered = (name: string, size: number) => Array.from({ length: size }, (_, i) => `${name}[${i}]`);
  return [
    ...numbered('w1', hidden * inputs.length),
    ...numbered('b1', hidden),
    ...numbered('w2', hidden),
    ...['b2', 'sigma'],
  ];
}

/** In the units of the data. */
function predict(
  { inputs, target, hidden }: NetworkFile,
  test: Readonly<Record<string, Float64Array>>,
  { names, file }: { names: readonly string[]; file: DrawsFile },
): { draws: number; predicted: Predicted[] } {
  const flat = (chains: readonly Float64Array[]) => chains.flatMap((chain) => Array.from(chain));
  const columns = names.map((name) => flat(file.parameters.get(name) ?? []));
  const size = parameters_of({ inputs: inputs.map(({ name }) => name), target: target.name, hidden });
  const draws = file.chains * file.draws;
  const given = file.weights === undefined ? new Array<number>(draws).fill(1) : flat(file.weights);
  const total = given.reduce((sum, w) => sum + w, 0);
  const thetas = Array.from({ length: draws }, (_, s) =>
    Float64Array.from({ length: size }, (_, p) => columns[p]?.[s] as number),
  );
  const sds = thetas.map((theta) => target.sd * (theta[size - 1] as number));
  const weights = given.map((w) => w / total);
  const observed = test[target.name] as Float64Array;
  return {
    draws,
    predicted: Array.from(observed, (z, row) => {
      const x = inputs.map(({ name }) => test[name]?.[row] as number);
      const means = thetas.map((theta) => target.mean + target.sd * network_mean(theta, x, hidden));
      return predicted(target.mean + target.sd * z, means, sds, weights);
    }),
  };
}

function table(network: NetworkFile, runs: readonly Scored[]): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const header = [
    ...['', 'NLL', '±', 'RMSE'],
    ...coverage_levels.map((level) => `in ${100 * level} %`),
    ...['ECE', 'draws', ...(runs.length > 1 ? ['mean apart', 'sd ratio'] : [])],
  ];
  const line = ({ run, draws, scores, apart: from }: Scored) => [
    ...[run, scores.nll.toFixed(3), scores.nll_se.toFixed(3), format_significant(scores.rmse, 4)],
    ...[...scores.coverage.map(percent), percent(scores.ece), String(draws)],
    ...(from === undefined ? [] : [from.mean_apart.toFixed(3), from.sd_ratio.toFixed(3)]),
  ];
  const { target, test } = network;
  return [
    `${target.name}: ${test.length} rows held out, in the units of the data (sd ${format_significant(target.sd, 4)}). NLL in nats per row; coverage of central intervals, ECE its mean error.`,
    ...(runs.length > 1 ? [`mean apart and sd ratio: from ${runs[0]?.run}, means in its predictive sds.`] : []),
    '',
    align([header, ...runs.map(line)]),
  ].join('\n');
}

/** A line per run and row: what was predicted for it. */
function predictions_csv({ test }: NetworkFile, runs: readonly Scored[]): string {
  const lines = runs.flatMap(({ run, rows }) =>
    rows.map(({ observed, mean, sd, below, log_density }, n) =>
      [quote(run), test[n], ...[observed, mean, sd, below, log_density].map((x) => Number(x.toPrecision(9)))].join(','),
    ),
  );
  return `run,row,observed,mean,sd,below,log_density\n${lines.join('\n')}\n`;
}
