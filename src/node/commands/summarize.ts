/** `langevin summarize`: how far draws can be trusted, from any sampler's files. */

import { dirname, resolve } from 'node:path';
import type { DrawsFile } from '../../data/draws_file.ts';
import { write_draws_report } from '../../data/draws_report.ts';
import { type DrawsSummary, summarize_draws, write_draws_summary } from '../../data/draws_summary.ts';
import { format_draws_table } from '../../data/draws_table.ts';
import { draws_warnings } from '../../data/draws_warnings.ts';
import { UserError } from '../../model/user_error.ts';
import { adapter_option, type Command } from '../command.ts';
import { find_cost, load_draws } from '../load_draws.ts';
import type { Options } from '../options.ts';
import { prepare_output } from '../output.ts';
import { version } from '../version.ts';

export const summarize: Command = {
  usage: 'FILE… [--superchains K] [--gradients N] [--seconds T] [--out DIR] [--json]',
  summary: 'judges draws: R-hat, effective sample sizes, Monte Carlo errors, divergences, energy',
  options: {
    superchains: {
      kind: 'text',
      value: 'K',
      help: 'chains started in K groups, neighbours at one point each: nested R-hat',
    },
    gradients: { kind: 'text', value: 'N', help: 'gradient evaluations of the run, for ESS per gradient' },
    seconds: { kind: 'text', value: 'T', help: 'seconds that the run took, for ESS per second' },
    out: { kind: 'text', value: 'DIR', help: 'folder for summary.json and report.html (default: none)' },
    json: { kind: 'flag', help: 'print summary.json on standard output, and nothing else there' },
    ...adapter_option,
  },
  examples: [
    'runs/mine/draws.csv',
    'chain_1.csv chain_2.csv chain_3.csv chain_4.csv --out runs/judged',
    'posterior.nc --gradients 1200000 --seconds 35',
  ],
  async run({ options, args }) {
    const files = options.positionals;
    if (files.length === 0) {
      throw new UserError("Which draws? Give draws.csv, posterior.nc, or one of Stan's CSV files per chain.");
    }
    const given = { gradients: positive(options, 'gradients'), seconds: positive(options, 'seconds') };
    const out = options.text('out');
    const here = files.find((file) => out !== undefined && dirname(resolve(file)) === resolve(out));
    if (here !== undefined) {
      // A folder holds one run: what this command does not write would be taken away, the draws themselves among it.
      throw new UserError(`--out ${out} is the folder of ${here}.\nGive another folder.`);
    }
    const output = out === undefined ? undefined : prepare_output(out);
    try {
      const draws = await load_draws(files);
      const run = { langevin: version, command: ['langevin', 'summarize', ...args], files };
      const found = summarize_draws(draws, {
        ...run,
        ...superchains_option(options, draws),
        cost: find_cost(given, files, draws),
      });
      const summary: DrawsSummary = { ...found, warnings: draws_warnings(found, draws) };
      const json = write_draws_summary(summary);
      output?.commit({ 'summary.json': json, 'report.html': write_draws_report(summary, draws) });
      process.stdout.write(options.flag('json') ? json : format_draws_table(summary));
      if (output !== undefined && !options.flag('json')) process.stdout.write(`\n${output.path}/report.html\n`);
      return 0;
    } catch (error) {
      output?.discard();
      throw error;
    }
  },
};

function superchains_option(options: Options, { chains, weights }: DrawsFile): { superchains?: number } {
  if (options.text('superchains') === undefined) return {};
  if (weights !== undefined)
    throw new UserError('--superchains is for chains, and these draws are a weighted population.\nLeave it out.');
  const superchains = options.whole('superchains', 2, 2, 1_000_000);
  if (chains % superchains !== 0) {
    throw new UserError(
      `${chains} chains cannot form ${superchains} superchains of equal size.\nGive at least 2, and a number that divides the chains.`,
    );
  }
  return { superchains };
}

function positive(options: Options, name: string): number | undefined {
  const value = options.number(name);
  if (value !== undefined && !(value > 0)) throw new UserError(`--${name} must be greater than 0, not ${value}.`);
  return value;
}
