/**
 * Medians with 50 % and 90 % intervals of every chain. Elements of one array share an axis, because they are compared with
 * each other; other parameters have one of their own.
 */
import { quantile, sorted_draws } from '../../diagnostics/quantiles.ts';
import { LARGEST_RHAT } from '../draws_warnings.ts';
import type { ChainPlot } from './chain_plots.ts';
import { choose_chains, SHOWN_CHAINS } from './choose_chains.ts';
import { chart, escape_text, fix, pad_range, range_of, type Scale } from './svg.ts';

/** Rows of one panel, and rows in all. */
const LARGEST = { panel: 30, all: 120 };
/** Lines of one row. */
const LARGEST_CHAINS = 16;
/** Lines of one panel: in arrays with more, one line stands for all chains of an element that agree. */
const LARGEST_LINES = 120;
/** Draws of a chain from which it has quantiles of its own. */
const SHORTEST_CHAIN = 4;
/** Heights, in units of one line. */
const BETWEEN = 2;
const LABEL_WIDTH = 6.6;

export interface Forest {
  /** One-parameter panels, narrow. */
  single: string[];
  /** Panels of arrays, wide. */
  arrays: string[];
  /** Parameters that found no room. */
  omitted: number;
}

export function forest_panels(plots: readonly ChainPlot[]): Forest {
  const shown = plots.slice(0, LARGEST.all);
  const groups = new Map<string, ChainPlot[]>();
  for (const plot of shown) {
    const base = array_name(plot.name);
    groups.set(base, [...(groups.get(base) ?? []), plot]);
  }
  const forest: Forest = { single: [], arrays: [], omitted: plots.length - shown.length };
  for (const [base, members] of groups) {
    if (members.length === 1) forest.single.push(panel(members, 330, members[0]?.name ?? base));
    for (let from = 0; members.length > 1 && from < members.length; from += LARGEST.panel) {
      forest.arrays.push(panel(members.slice(from, from + LARGEST.panel), 980, base));
    }
  }
  return forest;
}

/** `theta` of `theta[3]`, `theta[1,2]` and Stan's `theta.3`; a plain name is its own. */
function array_name(name: string): string {
  return name.replace(/(\[[\d,]+\]|(\.\d+)+)$/, '');
}

type Interval = readonly [q05: number, q25: number, q50: number, q75: number, q95: number];

interface Row {
  name: string;
  intervals: Interval[];
  /** Where the row begins, in lines from the top. */
  from: number;
}

function panel(members: readonly ChainPlot[], width: number, title: string): string {
  const rows = stack(members);
  const lines = rows.reduce((total, { intervals: of_row }) => total + of_row.length + BETWEEN, 0);
  const line_height = lines > 2 * rows.length * BETWEEN ? 5 : 7;
  const labels = members.length > 1;
  // Room for the labels, left of the plot, in units of the axis.
  const data = pad_range(range_of(rows.flatMap(({ intervals: of_row }) => of_row.flat())));
  const room = labels ? 14 + LABEL_WIDTH * Math.max(...rows.map(({ name }) => name.length)) : 0;
  const share = room / (width - room);
  return chart(
    {
      width,
      height: 64 + line_height * lines,
      x: [data[0] - share * (data[1] - data[0]), data[1]],
      y: [lines, 0],
      y_ticks: 0,
      title,
      description: `Medians and intervals of ${title} by chain.`,
    },
    (scale) =>
      rows
        .map(({ name, intervals: of_row, from }) => {
          const middle = from + (of_row.length + BETWEEN) / 2;
          const label = labels
            ? `<text class="tick" x="0" y="${fix(scale.y(middle))}" dy=".33em">${escape_text(name)}</text>`
            : '';
          const first = from + (1 + BETWEEN) / 2;
          return label + of_row.map((interval, i) => mark(interval, first + i, i, scale)).join('');
        })
        .join(''),
  );
}

/** By chain where chains are few or do not agree; in wide arrays only where they do not agree. */
function stack(members: readonly ChainPlot[]): Row[] {
  const few = (count: number) => count <= LARGEST_CHAINS && count * members.length <= LARGEST_LINES;
  let from = 0;
  return members.map((plot) => {
    const { name, chains, statistics } = plot;
    const apart = (statistics.rhat ?? 1) > LARGEST_RHAT;
    const long = (chains[0]?.length ?? 0) >= SHORTEST_CHAIN;
    const numbers = long && (few(chains.length) || apart) ? choose_chains([{ chains }], LARGEST_CHAINS) : undefined;
    const lines = numbers?.map((c) => [chains[c] as Float64Array]) ?? [chains];
    const row = { name, intervals: lines.map(interval_of), from };
    from += lines.length + BETWEEN;
    return row;
  });
}

function interval_of(chains: readonly Float64Array[]): Interval {
  const sorted = sorted_draws(chains);
  const q = (p: number) => quantile(sorted, p);
  return [q(0.05), q(0.25), q(0.5), q(0.75), q(0.95)];
}

function mark([q05, q25, q50, q75, q95]: Interval, at: number, line: number, scale: Scale): string {
  if (![q05, q95].every(Number.isFinite)) return '';
  const y = fix(scale.y(at));
  const colour = `colour${line % SHOWN_CHAINS}`;
  const span = (from: number, to: number, kind: string) =>
    `<path class="${kind} ${colour}" d="M${fix(scale.x(from))} ${y}H${fix(scale.x(to))}"/>`;
  return `${span(q05, q95, 'forest90')}${span(q25, q75, 'forest50')}<path class="forest_median ${colour}" d="M${fix(scale.x(q50))} ${y}h0"/>`;
}
