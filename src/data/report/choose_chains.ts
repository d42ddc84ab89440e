/** Which of many chains are drawn: half of them those that lie farthest from the rest, since those are what one looks for, the others evenly spaced. */
import { mean, variance } from '../../diagnostics/moments.ts';
import type { ChainPlot } from './chain_plots.ts';

/** Chains that can be told apart by colour. */
export const SHOWN_CHAINS = 6;

/** Numbers of at most `most` chains, increasing; the same for all plots, so that a colour means one chain throughout. */
export function choose_chains(plots: readonly Pick<ChainPlot, 'chains'>[], most = SHOWN_CHAINS): number[] {
  const count = plots[0]?.chains.length ?? 0;
  const all = Array.from({ length: count }, (_, c) => c);
  if (count <= most) return all;
  const remote = plots.map(({ chains }) => remoteness(chains));
  const worst = (c: number) => remote.reduce((largest, of_plot) => Math.max(largest, of_plot[c] as number), 0);
  const distances = all.map(worst);
  const far = all.toSorted((a, b) => (distances[b] as number) - (distances[a] as number)).slice(0, most >> 1);
  const others = all.filter((c) => !far.includes(c));
  const even = most - far.length;
  const spaced = Array.from({ length: even }, (_, i) => others[Math.floor((i * others.length) / even)] as number);
  return [...far, ...spaced].sort((a, b) => a - b);
}

/** A chain without a width is as far away as anything. */
const STUCK = 50;

/** Of every chain: distance of its mean from the usual one in usual standard deviations, plus how many times wider or narrower it is, as a logarithm. */
function remoteness(chains: readonly Float64Array[]): number[] {
  const means = chains.map((chain) => mean(chain));
  const widths = chains.map((chain, c) => Math.sqrt(chain.length > 1 ? variance(chain, means[c]) : 0));
  const center = median(means);
  const usual = median(widths);
  if (!(usual > 0)) return widths.map((width) => (width > 0 ? STUCK : 0));
  return chains.map((_, c) => {
    const width = widths[c] as number;
    const apart = Math.abs((means[c] as number) - center) / usual;
    const found = apart + (width > 0 ? Math.abs(Math.log(width / usual)) : STUCK);
    return Number.isFinite(found) ? found : STUCK;
  });
}

/** Of the finite ones. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
