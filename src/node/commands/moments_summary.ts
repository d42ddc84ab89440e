/**
 * What is said of chains that kept only their moments: the error of a mean from the spread of the chains' own means, which needs no autocorrelations, and nested R-hat where chains
 * started in groups (arXiv 2110.13017).
 */

import { type DrawsStatistics, type DrawsSummary, find_worst } from '../../data/draws_summary.ts';
import { energy_warnings, nested_warnings } from '../../data/draws_warnings.ts';
import { chain_statistics } from '../../diagnostics/chain_statistics.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { type ChainMoments, nested_rhat_of_moments, superchains_of } from '../../diagnostics/nested_rhat.ts';
import type { MomentsOfChains, SampleResult } from '../../sample/options.ts';

type Run = Pick<DrawsSummary, 'langevin' | 'command' | 'files' | 'cost' | 'superchains'>;

/** Above this, chains that started apart do not agree. */
const largest_rhat = 1.01;

/** With fewer chains their spread, and so every error and ESS, is known to 14 % at best: √(1/(2·(C − 1))) of an error, twice that of an ESS. */
const steady_chains = 100;

export function summarize_moments(result: SampleResult, run: Run): DrawsSummary {
  const { superchains } = run;
  const { moments = new Map<string, MomentsOfChains>(), draws, kept, divergences, transitions } = result;
  const sampler = sampler_figures(result);
  const parameters = new Map<string, DrawsStatistics>();
  for (const [name, { theta, square }] of moments) {
    const { mean: center, variance: spread, error } = pooled(theta, kept);
    const squares = pooled(square, kept);
    // One draw of every chain: independent draws, from which quantiles are taken.
    const { q05, q50, q95 } = chain_statistics([
      Float64Array.from(draws.parameters.get(name) ?? [], ([x]) => x ?? Number.NaN),
    ]);
    const ess = spread / error ** 2;
    parameters.set(name, {
      mean: center,
      sd: Math.sqrt(spread),
      mcse: error,
      q05,
      q50,
      q95,
      ess,
      ess_mean: ess,
      ess_square: squares.variance / squares.error ** 2,
      ...(superchains === undefined
        ? { rhat: basic_rhat(theta, kept) }
        : { nested_rhat: nested_rhat_of_moments(superchains_of(theta, superchains)) }),
    });
  }
  const worst = find_worst(parameters, run.cost);
  const apart = Array.from(parameters).filter(([, { rhat = 1 }]) => rhat > largest_rhat);
  return {
    ...run,
    chains: draws.chains,
    draws: kept,
    quantiles: 'of the last draw of each chain',
    parameters,
    sampler,
    ...(worst === undefined ? {} : { worst }),
    warnings: [
      ...(apart.length > 0
        ? [
            `R-hat is above ${largest_rhat} for ${apart.map(([name]) => name).join(', ')}: the chains do not agree yet, or are too short for the figure to say so (with N effective draws of each it is about √(1 + 1/N)). Run longer, or give --superchains.`,
          ]
        : []),
      ...nested_warnings(parameters),
      ...(draws.chains < steady_chains ? [few_chains(draws.chains)] : []),
      ...(divergences > 0
        ? [
            `${divergences} of ${transitions} transitions diverged: ask for a higher acceptance (--target-acceptance), or reparametrise.`,
          ]
        : []),
      ...energy_warnings(sampler.energy_fraction),
    ],
  };
}

/** What the device counted over all transitions, whichever draws were kept. */
export const sampler_figures = ({ divergences, transitions, energy_fraction }: SampleResult) => ({
  divergences,
  transitions,
  energy_fraction: Array.from(energy_fraction),
});

/** Of all draws, and the error of their mean. */
function pooled(chains: readonly ChainMoments[], kept: number): { mean: number; variance: number; error: number } {
  const means = Float64Array.from(chains, (chain) => chain.mean);
  const within = mean(Float64Array.from(chains, (chain) => chain.variance));
  const between = variance(means);
  return {
    mean: mean(means),
    variance: (within * (kept - 1)) / kept + between,
    error: Math.sqrt(between / chains.length),
  };
}

/** Gelman & Rubin's, unsplit: √(((n − 1)/n·W + B)/W). */
function basic_rhat(chains: readonly ChainMoments[], kept: number): number {
  const within = mean(Float64Array.from(chains, (chain) => chain.variance));
  return Math.sqrt((kept - 1) / kept + variance(Float64Array.from(chains, (chain) => chain.mean)) / within);
}

const few_chains = (chains: number) =>
  `${chains} chains are few for moments: ESS, from the spread of the chains' means, is known to ±${(100 * Math.sqrt(2 / (chains - 1))).toFixed(0)} % and may come out above the number of draws; quantiles are those of ${chains} draws. Use --chains ${steady_chains} or more, or keep draws.`;
