/** `langevin network`: a Bayesian neural network for the columns of a CSV, as a model for `sample` and `population`, and how well the draws of either predict rows that were held out. */

import { UserError } from '../../model/user_error.ts';
import { adapter_option, type Command } from '../command.ts';
import type { Options } from '../options.ts';
import { run_options } from '../run_options.ts';
import { make_network } from './network_make.ts';
import { score_network } from './network_score.ts';

const { seed, json } = run_options;

const options = {
  data: { kind: 'text', value: 'FILE', help: 'CSV with a header; every column that is used holds numbers' },
  target: { kind: 'text', value: 'COLUMN', help: 'what to predict' },
  inputs: { kind: 'text', value: 'A,B,…', help: 'columns to predict it from (default: all others)' },
  hidden: { kind: 'text', value: 'H', help: 'tanh units of the hidden layer (default 50)' },
  test: { kind: 'text', value: 'P', help: 'part of the rows that is held out, drawn by the seed (default 0.1)' },
  score: { kind: 'text', value: 'DIR', help: 'folder of a network: judge the predictions of RUN… on its test.csv' },
  out: { kind: 'text', value: 'DIR', help: 'a new folder for the network, or for the scores (default runs/NAME-…)' },
  seed,
  json: { ...json, help: '--score: print summary.json on standard output, and nothing else there' },
  ...adapter_option,
} as const;

/** Options of one of the two forms only. */
const of_making = ['data', 'target', 'inputs', 'hidden', 'test', 'seed'] as const;

export const network: Command = {
  usage: '--data y.csv --target COLUMN [--hidden H] [--out DIR], or --score DIR RUN…',
  summary: 'a Bayesian neural network for the columns of a CSV, and scores of its predictions',
  options,
  examples: [
    '--data concrete.csv --target strength --out concrete',
    '--data energy.csv --target heating --inputs area,height --hidden 20 --test 0.2 --seed 3 --out energy',
    '--score concrete concrete/hmc concrete/sgld --out concrete/scores',
  ],
  async run({ options: given, args }) {
    const folder = given.text('score');
    refuse_mixed(given, folder !== undefined);
    const text = folder === undefined ? make_network(given) : await score_network(given, folder, args);
    process.stdout.write(text);
    return 0;
  },
};

function refuse_mixed(given: Options, scores: boolean): void {
  if (scores) {
    const other = of_making.find((name) => given.text(name) !== undefined);
    if (other !== undefined)
      throw new UserError(`--${other} is for making a network, and --score judges one.\nLeave --${other} out.`);
    return;
  }
  const [run] = given.positionals;
  if (run !== undefined)
    throw new UserError(
      `"${run}" is left over.\nTo make a network give --data FILE --target COLUMN; to judge runs, --score DIR ${run}.`,
    );
  if (given.flag('json')) throw new UserError('--json prints the scores, which --score makes.\nLeave it out.');
}
