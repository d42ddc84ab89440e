/** What the panels about chains share: which parameters and chains are shown, and in which colour. */
import type { DrawsStatistics } from '../draws_summary.ts';
import { format_fixed } from '../format_number.ts';
import { SHOWN_CHAINS } from './choose_chains.ts';
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

/** R-hat, or where chains kept their moments and started in groups, the nested one. */
const rhat_of = ({ rhat, nested_rhat }: DrawsStatistics) => rhat ?? nested_rhat ?? Number.NaN;

/** The parameters to look at: all where they are few, otherwise those with the largest R-hat, the worst first. Those that do not vary are left out. */
export function choose_parameters(all: readonly ChainPlot[]): ChainPlot[] {
  const varying = all
    .map((plot, at) => ({ plot, at, rhat: rhat_of(plot.statistics) }))
    .filter(({ rhat }) => !Number.isNaN(rhat));
  const shown =
    varying.length > SHOWN_PARAMETERS
      ? varying.sort((a, b) => (a.rhat === b.rhat ? a.at - b.at : b.rhat - a.rhat)).slice(0, SHOWN_PARAMETERS)
      : varying;
  // A copy each: chains may be made as they are asked for.
  return shown.map(({ plot: { name, chains, statistics } }) => ({ name, chains, statistics }));
}

/** Said once where not all parameters have panels. */
export function shown_parameters_text(shown: readonly ChainPlot[], all: readonly ChainPlot[]): string {
  if (shown.length === SHOWN_PARAMETERS && all.length > SHOWN_PARAMETERS) {
    return ` The ${shown.length} of ${all.length} parameters with the largest R-hat, the worst first.`;
  }
  return shown.length < all.length ? ' Parameters without an R-hat are left out.' : '';
}

/** Of one quantity, the chains that are drawn, each with the class of its colour. */
export function drawn_chains(
  chains: readonly Float64Array[],
  numbers: readonly number[],
): { chain: Float64Array; number: number; colour: string }[] {
  return numbers.map((number, i) => ({
    chain: chains[number] as Float64Array,
    number,
    colour: `line colour${i % SHOWN_CHAINS}`,
  }));
}

/** Said once where not all chains are drawn. */
export function shown_chains_text(drawn: readonly number[], chains: number): string {
  return drawn.length < chains
    ? ` ${drawn.length} of ${chains} chains are drawn, those that lie farthest from the rest among them.`
    : '';
}

/** `mu, R-hat 1.003` */
export function panel_title({ name, statistics }: ChainPlot): string {
  return `${name}, R-hat ${format_fixed(rhat_of(statistics), 3)}`;
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
