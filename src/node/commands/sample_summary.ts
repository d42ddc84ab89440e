/** What `langevin sample` says of its run: the summary of its draws, and summary.json. */

import { type DrawsStatistics, type DrawsSummary, spent, summarize_draws } from '../../data/draws_summary.ts';
import { draws_warnings } from '../../data/draws_warnings.ts';
import type { Summary } from '../../data/summary.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { format_prior } from '../../model/prior_text.ts';
import type { SampleOptions, SampleResult } from '../../sample/options.ts';
import { version } from '../version.ts';
import { sampler_figures, summarize_moments } from './moments_summary.ts';
import { posterior_fits } from './sample_output.ts';

interface SummaryInput {
  settings: SampleOptions;
  result: SampleResult;
  command: string[];
  adapter: AdapterDescription;
  /** `performance.now()` when the run began. */
  started: number;
  source: RunSource;
}

/** What was sampled, as the command line has it. */
export interface RunSource {
  /** A name or a path. */
  model: string;
  /** Of its text. */
  fingerprint: string;
  /** Of `--prior`. */
  priors: string[];
  data?: { name: string; rows: number; fingerprint: string };
  keeps_gradients: boolean;
}

export function sample_draws_summary({
  settings,
  result,
  command,
}: Omit<SummaryInput, 'adapter' | 'started' | 'source'>): DrawsSummary {
  const run = {
    langevin: version,
    command,
    files: [],
    cost: {
      gradients: spent(result.evaluations, 'warm-up and learning included'),
      seconds: spent(result.seconds, 'warm-up and learning included'),
    },
    ...(settings.superchains === undefined ? {} : { superchains: settings.superchains }),
  };
  if (result.moments) {
    const found = summarize_moments(result, run);
    return { ...found, warnings: [...found.warnings, ...run_warnings(settings, result)] };
  }
  const found = { ...summarize_draws(result.draws, run), sampler: sampler_figures(result) };
  return { ...found, warnings: [...draws_warnings(found, result.draws, 'sample'), ...run_warnings(settings, result)] };
}

function run_warnings({ draws, thinning, most_depth }: SampleOptions, result: SampleResult): string[] {
  const list: string[] = [];
  const depths = result.draws.sampler.tree_depth ?? [];
  const deepest = depths.reduce(
    (sum, chain) => sum + chain.reduce((n, depth) => n + Number(depth >= most_depth), 0),
    0,
  );
  if (deepest > 0) {
    list.push(
      `${deepest} of ${depths.length * (depths[0]?.length ?? 0)} draws ended at the deepest tree (--max-depth ${most_depth}), before their trajectory turned: still correct, but slow to explore. Allow deeper trees, or reparametrise so that one step size suits all directions (--metric dense for correlated ones).`,
    );
  }
  const unfinished = result.learned?.unfinished ?? 0;
  if (unfinished > 0) {
    list.push(
      `${unfinished === 1 ? 'one trajectory' : `${unfinished} trajectories`} diverged while the lengths were learned; the law says nothing of where that was. A higher --target-acceptance helps.`,
    );
  }
  if (!posterior_fits(result.draws)) {
    list.push('posterior.nc is left out, because so many draws do not fit into one; draws.csv has them all.');
  }
  if (result.interrupted) {
    list.push(`interrupted after ${result.kept} of ${Math.floor(draws / thinning)} draws per chain.`);
  }
  return list;
}

export function sample_summary(input: SummaryInput, draws: DrawsSummary): Summary {
  const { settings, result, command, adapter, started, source } = input;
  const { sampler, chains, warm_up, thinning, metric, seed, model } = settings;
  return {
    langevin: version,
    command,
    model: model.name,
    adapter: { ...adapter },
    seed,
    seconds: { total: (performance.now() - started) / 1000 },
    parameters: Object.fromEntries(Array.from(draws.parameters, ([name, p]) => [name, finite(p)])),
    warnings: draws.warnings,
    sample: {
      sampler,
      chains,
      draws: result.kept,
      warm_up,
      thinning,
      metric,
      prior_power: settings.prior_power ?? 1,
      source,
      priors: Object.fromEntries(model.scalars.map(({ name, prior }) => [name, format_prior(prior)])),
      step_size: result.step,
      mean_steps: result.mean_steps,
      /** Joint evaluations of log density and gradient, all chains together. */
      gradients: { ...result.evaluations },
      seconds: { ...result.seconds },
      shape: result.shape,
      divergences: result.divergences,
      transitions: result.transitions,
      energy_fraction: (draws.sampler?.energy_fraction ?? []).filter(Number.isFinite),
      ...(settings.superchains === undefined ? {} : { superchains: settings.superchains }),
      ...(draws.quantiles === undefined ? {} : { quantiles: draws.quantiles }),
      ...(draws.worst === undefined ? {} : { worst_ess: { ...draws.worst } }),
      ...(result.learned?.lengths ? { longest_batches: quantiles_of(result.learned.lengths) } : {}),
      ...(result.learned?.time === undefined ? {} : { trajectory_time: result.learned.time }),
    },
  };
}

/** JSON has no NaN: what is undefined (R-hat of a constant) is left out; the fields that must be there are 0 then. */
export function finite(p: DrawsStatistics): Summary['parameters'][string] {
  const { mean, sd, mcse, q05, q50, q95, ess, ...others } = p;
  const or_zero = (x: number) => (Number.isFinite(x) ? x : 0);
  return {
    mean: or_zero(mean),
    sd: or_zero(sd),
    mcse: or_zero(mcse),
    q05: or_zero(q05),
    q50: or_zero(q50),
    q95: or_zero(q95),
    ess: or_zero(ess),
    ...Object.fromEntries(Object.entries(others).filter(([, x]) => Number.isFinite(x))),
  };
}

function quantiles_of(sorted: Uint32Array) {
  const at = (p: number) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] as number;
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  return { count: sorted.length, mean, q05: at(0.05), q50: at(0.5), q95: at(0.95) };
}
