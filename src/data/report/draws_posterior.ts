/** The part of a file's draws that histograms and scatter plots are drawn from. */
import { effective_sample_size, resample_indices } from '../../diagnostics/weighted.ts';
import type { DrawsFile } from '../draws_file.ts';
import type { ChainPlot } from './chain_plots.ts';
import type { Posterior } from './input.ts';
import { LARGEST_PAIRS } from './pairs.ts';

/** Draws, and divergences marked among them. */
const PLOTTED = { draws: 20_000, divergences: 500 };

/** Every so many draws of all chains, and the divergences among them apart. */
export function chain_posterior(shown: readonly ChainPlot[], { chains, draws, sampler }: DrawsFile): Posterior {
  const places = spread(chains * draws, PLOTTED.draws);
  const diverged: number[] = [];
  sampler.diverging?.forEach((chain, c) => {
    chain.forEach((d, t) => {
      if (d > 0) diverged.push(c * draws + t);
    });
  });
  const marked = spread(diverged.length, PLOTTED.divergences).map((i) => diverged[i] as number);
  return {
    marginals: shown.map(({ name, chains: of_name }) => {
      const at = (place: number) => of_name[Math.floor(place / draws)]?.[place % draws] as number;
      return { name, values: places.map(at), ...(marked.length === 0 ? {} : { divergent: marked.map(at) }) };
    }),
  };
}

/** The first parameters, with weights; large files are resampled to equal ones. */
export function weighted_posterior(plots: readonly ChainPlot[], { weights = [] }: DrawsFile): Posterior {
  const flat = (chains: readonly Float64Array[]) => chains.flatMap((chain) => Array.from(chain));
  const all = flat(weights);
  const varying = plots.filter(({ statistics }) => statistics.sd > 0).slice(0, LARGEST_PAIRS);
  if (all.length <= PLOTTED.draws) {
    return { marginals: varying.map(({ name, chains }) => ({ name, values: flat(chains) })), weights: all };
  }
  const kept = resample_indices(all, Math.min(PLOTTED.draws, Math.ceil(effective_sample_size(all))), 0.5);
  return {
    marginals: varying.map(({ name, chains }) => {
      const values = flat(chains);
      return { name, values: Array.from(kept, (i) => values[i] as number) };
    }),
  };
}

/** At most `most` indices below `count`, evenly spaced. */
function spread(count: number, most: number): number[] {
  const kept = Math.min(count, most);
  return Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
}
