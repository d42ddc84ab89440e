/**
 * What is said of chains that kept only their moments: the error of a mean from the spread of the chains' own means, which needs no autocorrelations, and nested R-hat where chains
 * started in groups (arXiv 2110.13017).
 */

import { type DrawsStatistics, type DrawsSummary, find_worst } from '../../data/draws_summary.ts';
import { chain_statistics } from '../../diagnostics/chain_statistics.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { type ChainMoments, nested_rhat_of_moments } from '../../diagnostics/nested_rhat.ts';
import type { SampleResult } from '../../sample/options.ts';

type Run = Pick<DrawsSummary, 'langevin' | 'command' | 'files' | 'cost'>;

/** Above this, chains that started apart do not agree. */
const largest_rhat = 1.01;

export function summarize_moments(
  { moments = new Map(), draws, kept, divergences }: SampleResult,
  superchains: number | undefined,
  run: Run,
): DrawsSummary {
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
      rhat: superchains === undefined ? basic_rhat(theta, kept) : nested_rhat_of_moments(grouped(theta, superchains)),
    });
  }
  const worst = find_worst(parameters, run.cost);
  const apart = Array.from(parameters).filter(([, { rhat = 1 }]) => rhat > largest_rhat);
  return {
    ...run,
    chains: draws.chains,
    draws: kept,
    parameters,
    sampler: { divergences },
    ...(worst === undefined ? {} : { worst }),
    warnings: [
      ...(apart.length > 0
        ? [
            `${superchains === undefined ? 'R-hat' : 'nested R-hat'} is above ${largest_rhat} for ${apart.map(([name]) => name).join(', ')}: the chains do not agree yet, or are too short for the figure to say so (with M chains in a superchain and N effective draws of each it is about √(1 + 1/(M·N))). Run longer.`,
          ]
        : []),
      ...(divergences > 0
        ? [
            `${divergences} of ${kept * draws.chains} transitions diverged: ask for a higher acceptance (--target-acceptance), or reparametrise.`,
          ]
        : []),
    ],
  };
}

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

/** Neighbouring chains form a superchain. */
function grouped(chains: readonly ChainMoments[], superchains: number): ChainMoments[][] {
  const size = chains.length / superchains;
  return Array.from({ length: superchains }, (_, k) => chains.slice(k * size, (k + 1) * size));
}
