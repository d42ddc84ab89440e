/**
 * ESS as arXiv 1810.04449 counts it: in every chain of 20 000 draws by batch means (Flegal & Jones 2010, batches of √n draws, as R's mcmcse), the smallest over the coordinates, over that chain's leapfrog
 * steps; then the mean over chains. A smallest one of 25 noisy numbers is too small on average, so a figure made otherwise does not compare.
 */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import { mean, variance } from '../../src/diagnostics/moments.ts';

/** Draws of a published chain. */
export const published_draws = 20_000;

/** n·λ²/σ², λ² the variance of the draws and σ² that of batch means times the batches' size. */
export function batch_means_ess(chain: Float64Array): number {
  const size = Math.floor(Math.sqrt(chain.length));
  const batches = Math.floor(chain.length / size);
  const means = Float64Array.from({ length: batches }, (_, b) => mean(chain.subarray(b * size, (b + 1) * size)));
  return (chain.length * variance(chain)) / (size * variance(means));
}

/** The smallest of a single chain is good to 8 % or so; of fewer than this many the mean would decide nothing. */
const fewest = 4;

/**
 * Chains are laid end to end until they are as long as the published ones: a joint in some hundred draws hardly changes a batch. Undefined where the draws do not make `fewest` of them.
 * @param draws with `n_steps`
 */
export function published_efficiency(draws: DrawsFile): { value: number; standard_error: number } | undefined {
  const per_chain = Math.ceil(published_draws / draws.draws);
  const count = Math.floor(draws.chains / per_chain);
  const steps = draws.sampler.n_steps;
  if (count < fewest || !steps) return undefined;
  const joined = (chains: readonly Float64Array[], k: number) => {
    const parts = chains.slice(k * per_chain, (k + 1) * per_chain);
    return Float64Array.from(parts.flatMap((part) => Array.from(part)));
  };
  const values = Float64Array.from({ length: count }, (_, k) => {
    const sizes = Array.from(draws.parameters.values(), (chains) => batch_means_ess(joined(chains, k)));
    return Math.min(...sizes) / joined(steps, k).reduce((sum, n) => sum + n, 0);
  });
  return { value: mean(values), standard_error: Math.sqrt(variance(values) / count) };
}
