/** What the panels about chains share: which parameters and chains are shown, and in which colour. */
import type { DrawsStatistics } from '../draws_summary.ts';
import { format_fixed } from '../format_number.ts';
import { line, type Scale } from './svg.ts';

/** One parameter's chains and what the table says of it. */
export interface ChainPlot {
  name: string;
  /** [chain][draw] */
  chains: readonly Float64Array[];
  statistics: DrawsStatistics;
}

/** Parameters with panels of their own; more would not be looked at. */
const SHOWN_PARAMETERS = 8;
/** Chains that can be told apart by colour. */
const SHOWN_CHAINS = 6;

/**
 * The parameters to look at: all where they are few, otherwise those with the largest R-hat, in their own order. Those
 * that do not vary are left out.
 */
export function choose_parameters(all: readonly ChainPlot[]): ChainPlot[] {
  const rhat = ({ statistics }: ChainPlot) => statistics.rhat ?? Number.NaN;
  return all
    .map((plot, at) => ({ plot, at }))
    .filter(({ plot }) => !Number.isNaN(rhat(plot)))
    .sort((a, b) => (rhat(a.plot) === rhat(b.plot) ? a.at - b.at : rhat(b.plot) - rhat(a.plot)))
    .slice(0, SHOWN_PARAMETERS)
    .sort((a, b) => a.at - b.at)
    .map(({ plot }) => plot);
}

/** Said once where not all parameters have panels. */
export function shown_parameters_text(shown: readonly ChainPlot[], all: readonly ChainPlot[]): string {
  if (shown.length === SHOWN_PARAMETERS && all.length > SHOWN_PARAMETERS) {
    return ` The ${shown.length} of ${all.length} parameters with the largest R-hat.`;
  }
  return shown.length < all.length ? ' Parameters without an R-hat are left out.' : '';
}

/** Chains to draw, evenly spaced among all, with the class of their colour. */
export function choose_chains(chains: readonly Float64Array[]): { chain: Float64Array; colour: string }[] {
  const shown = Math.min(SHOWN_CHAINS, chains.length);
  return Array.from({ length: shown }, (_, i) => ({
    chain: chains[Math.floor((i * chains.length) / shown)] as Float64Array,
    colour: `line colour${i}`,
  }));
}

/** Said once where not all chains are drawn. */
export function shown_chains_text(count: number): string {
  return count > SHOWN_CHAINS ? ` ${SHOWN_CHAINS} of ${count} chains are drawn.` : '';
}

/** `mu, R-hat 1.003` */
export function panel_title({ name, statistics }: ChainPlot): string {
  return `${name}, R-hat ${format_fixed(statistics.rhat ?? Number.NaN, 3)}`;
}

/** A step line over bins of equal width; values may be any height per bin. */
export function steps(
  values: readonly number[],
  [low, high]: readonly [number, number],
  scale: Scale,
  class_name: string,
): string {
  const width = (high - low) / values.length;
  const x = values.flatMap((_, b) => [low + b * width, low + (b + 1) * width]);
  const y = values.flatMap((value) => [value, value]);
  return line(x, y, scale, class_name);
}
