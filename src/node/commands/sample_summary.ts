/** What `langevin sample` says of its run: the summary of its draws, and summary.json. */

import { type DrawsStatistics, type DrawsSummary, summarize_draws } from '../../data/draws_summary.ts';
import { draws_warnings } from '../../data/draws_warnings.ts';
import type { Summary } from '../../data/summary.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { format_prior } from '../../model/prior_text.ts';
import type { Cost, SampleOptions, SampleResult } from '../../sample/options.ts';
import { version } from '../version.ts';
import { summarize_moments } from './moments_summary.ts';

interface SummaryInput {
  settings: SampleOptions;
  result: SampleResult;
  command: string[];
  adapter: AdapterDescription;
  /** `performance.now()` when the run began. */
  started: number;
}

const total = ({ warm_up, learning, sampling }: Cost) => warm_up + learning + sampling;

export function sample_draws_summary({
  settings,
  result,
  command,
}: Omit<SummaryInput, 'adapter' | 'started'>): DrawsSummary {
  const run = {
    langevin: version,
    command,
    files: [],
    cost: {
      gradients: { value: total(result.evaluations), source: 'warm-up and learning included' },
      seconds: { value: total(result.seconds), source: 'warm-up and learning included' },
    },
  };
  if (result.moments) {
    const found = summarize_moments(result, settings.superchains, run);
    return { ...found, warnings: [...found.warnings, ...run_warnings(settings, result)] };
  }
  const found = summarize_draws(result.draws, run);
  return { ...found, warnings: [...draws_warnings(found, result.draws, 'sample'), ...run_warnings(settings, result)] };
}

function run_warnings({ draws, thinning }: SampleOptions, result: SampleResult): string[] {
  const list: string[] = [];
  const unfinished = result.learned?.unfinished ?? 0;
  if (unfinished > 0) {
    list.push(
      `${unfinished} trajectories diverged while their lengths were learned; the law says nothing of where they were. A higher --target-acceptance helps.`,
    );
  }
  if (result.interrupted) {
    list.push(`interrupted after ${result.kept} of ${Math.floor(draws / thinning)} draws per chain.`);
  }
  return list;
}

export function sample_summary(input: SummaryInput, draws: DrawsSummary): Summary {
  const { settings, result, command, adapter, started } = input;
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
      priors: Object.fromEntries(model.scalars.map(({ name, prior }) => [name, format_prior(prior)])),
      step_size: result.step,
      mean_steps: result.mean_steps,
      /** Joint evaluations of log density and gradient, all chains together. */
      gradients: { ...result.evaluations },
      seconds: { ...result.seconds },
      shape: result.shape,
      divergences: result.divergences,
      energy_fraction: (draws.sampler?.energy_fraction ?? []).filter(Number.isFinite),
      ...(draws.worst === undefined ? {} : { worst_ess: { ...draws.worst } }),
      ...(result.learned?.lengths ? { longest_batches: quantiles_of(result.learned.lengths) } : {}),
      ...(result.learned?.time === undefined ? {} : { trajectory_time: result.learned.time }),
    },
  };
}

/** JSON has no NaN: what is undefined (R-hat of a constant) is left out; the fields that must be there are 0 then. */
function finite(p: DrawsStatistics): Summary['parameters'][string] {
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
