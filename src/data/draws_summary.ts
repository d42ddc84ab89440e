/** What `langevin summarize` says of draws: statistics of every parameter, of the sampler, and what a draw has cost. */
import { type ChainStatistics, chain_statistics } from '../diagnostics/chain_statistics.ts';
import { pooled } from '../diagnostics/chains.ts';
import { energy_fraction } from '../diagnostics/efmi.ts';
import { nested_rhat, superchains_of } from '../diagnostics/nested_rhat.ts';
import { effective_sample_size, weighted_mean, weighted_quantiles, weighted_sd } from '../diagnostics/weighted.ts';
import type { DrawsFile } from './draws_file.ts';

/** Of weighted draws: chains do not apply, so what rests on their order is absent. */
export type WeightedStatistics = Pick<ChainStatistics, 'mean' | 'sd' | 'mcse' | 'q05' | 'q50' | 'q95'>;

/** `ess` is the bulk ESS of chains, and that of the weights for weighted draws. */
export type DrawsStatistics = WeightedStatistics & { ess: number; nested_rhat?: number } & Partial<ChainStatistics>;

/** What the run took, and who says so. */
export interface Cost {
  gradients?: Spent;
  seconds?: Spent;
}

export interface Spent {
  value: number;
  source: string;
  /** What `value` is the sum of, where that is known. */
  phases?: Phases;
}

export interface Phases {
  warm_up: number;
  learning: number;
  sampling: number;
}

/** What a run spent, in its three phases. */
export function spent(phases: Phases, source: string): Spent {
  const { warm_up, learning, sampling } = phases;
  return { value: warm_up + learning + sampling, source, phases: { warm_up, learning, sampling } };
}

/** The parameter that is estimated worst, and the effective sample size of its mean or mean square. */
export interface WorstEss {
  parameter: string;
  ess: number;
}

export interface DrawsSummary {
  /** Version of langevin. */
  langevin: string;
  command: string[];
  files: string[];
  chains: number;
  /** Per chain. */
  draws: number;
  /** Groups of neighbouring chains that started at one point each. */
  superchains?: number;
  /** Where quantiles are not those of all draws: what they are of. */
  quantiles?: string;
  /** By name, in the files' order. */
  parameters: Map<string, DrawsStatistics>;
  /** Present for a weighted population, of which the draws of a merge are one with equal weights. */
  weighted?: { ess: number };
  /** Present for the draws of a merge. */
  merged?: { method: string; shards: number; headline: string };
  sampler?: {
    /** Transitions whose integration failed; absent where the files do not say. */
    divergences?: number;
    /** Of so many; absent: one per draw. */
    transitions?: number;
    /** Per chain. */
    energy_fraction?: number[];
  };
  cost: Cost;
  /** Smallest over parameters; absent for weighted draws and where no parameter has an ESS. */
  worst?: {
    theta: WorstEss;
    square: WorstEss;
    per_gradient?: number;
    per_second?: number;
    /** Without warm-up and learning, as a longer run would tend to. */
    sampling?: { per_gradient?: number; per_second?: number };
  };
  warnings: string[];
}

/** Everything but the warnings, which are made from the rest (draws_warnings.ts). */
export function summarize_draws(
  draws: DrawsFile,
  run: Pick<DrawsSummary, 'langevin' | 'command' | 'files' | 'cost' | 'superchains'>,
): Omit<DrawsSummary, 'warnings'> {
  const base = { ...run, chains: draws.chains, draws: draws.draws };
  if (draws.weights !== undefined) return { ...base, ...weighted_part(draws, pooled(draws.weights)) };
  const parameters = new Map<string, DrawsStatistics>();
  for (const [name, chains] of draws.parameters) {
    const statistics = chain_statistics(chains);
    parameters.set(name, {
      ...statistics,
      ess: statistics.ess_bulk,
      ...(run.superchains === undefined ? {} : { nested_rhat: nested_rhat(superchains_of(chains, run.superchains)) }),
    });
  }
  const { diverging, energy } = draws.sampler;
  const sampler = {
    ...(diverging === undefined ? {} : { divergences: count_divergences(diverging) }),
    ...(energy === undefined ? {} : { energy_fraction: energy.map(energy_fraction) }),
  };
  const worst = find_worst(parameters, run.cost);
  return {
    ...base,
    parameters,
    ...(Object.keys(sampler).length === 0 ? {} : { sampler }),
    ...(worst === undefined ? {} : { worst }),
  };
}

/** The text of summary.json: the fields of DrawsSummary; null where a number is undefined or infinite. */
export function write_draws_summary(summary: DrawsSummary): string {
  return `${JSON.stringify({ ...summary, parameters: Object.fromEntries(summary.parameters) }, null, 2)}\n`;
}

function weighted_part(
  draws: DrawsFile,
  weights: Float64Array,
): Pick<DrawsSummary, 'parameters' | 'weighted' | 'merged'> {
  const ess = effective_sample_size(weights);
  const { merged } = draws;
  const parameters = new Map<string, DrawsStatistics>();
  for (const [name, chains] of draws.parameters) {
    const sample = { values: pooled(chains), weights };
    const mean = weighted_mean(sample);
    const sd = weighted_sd(sample);
    // NaN has no place in an order.
    const [q05 = Number.NaN, q50 = Number.NaN, q95 = Number.NaN] = Number.isFinite(mean)
      ? weighted_quantiles(sample, [0.05, 0.5, 0.95])
      : [];
    const mcse = merged?.mcse.get(name) ?? sd / Math.sqrt(ess);
    parameters.set(name, { mean, sd, mcse, q05, q50, q95, ess: merged === undefined ? ess : (sd / mcse) ** 2 });
  }
  if (merged === undefined) return { parameters, weighted: { ess } };
  const { method, shards, headline } = merged;
  return { parameters, weighted: { ess }, merged: { method, shards, headline } };
}

export function count_divergences(diverging: readonly Float64Array[]): number {
  return diverging.reduce((total, chain) => total + chain.reduce((sum, d) => sum + (d > 0 ? 1 : 0), 0), 0);
}

/** The parameter that is estimated worst, by θ and by θ², and the rate at which the worse of both comes. */
export function find_worst(parameters: ReadonlyMap<string, DrawsStatistics>, cost: Cost): DrawsSummary['worst'] {
  const smallest = (ess: (p: DrawsStatistics) => number | undefined) => {
    let found: WorstEss | undefined;
    for (const [parameter, statistics] of parameters) {
      const value = ess(statistics) ?? Number.NaN;
      if (value < (found?.ess ?? Number.POSITIVE_INFINITY)) found = { parameter, ess: value };
    }
    return found;
  };
  const theta = smallest((p) => p.ess_mean);
  const square = smallest((p) => p.ess_square);
  if (theta === undefined || square === undefined) return undefined;
  const worse = Math.min(theta.ess, square.ess);
  const { gradients, seconds } = cost;
  const rates = (of_gradients: number | undefined, of_seconds: number | undefined) => ({
    ...(of_gradients === undefined ? {} : { per_gradient: worse / of_gradients }),
    ...(of_seconds === undefined ? {} : { per_second: worse / of_seconds }),
  });
  const sampling = rates(gradients?.phases?.sampling, seconds?.phases?.sampling);
  return {
    theta,
    square,
    ...rates(gradients?.value, seconds?.value),
    ...(Object.keys(sampling).length === 0 ? {} : { sampling }),
  };
}
