/** Effective sample size of the first part of the draws: it grows in proportion where the sampler explores steadily. */
import { pooled } from '../../diagnostics/chains.ts';
import { ess, ess_tail } from '../../diagnostics/ess.ts';
import { split_scores } from '../../diagnostics/ranks.ts';
import { sort } from '../../diagnostics/sort.ts';
import type { ChainPlot } from './chain_plots.ts';
import { chart, dots, fix, line } from './svg.ts';

const PARTS = 12;
/** Draws beyond which a point takes long enough to wait for, and points then. */
const MANY = { draws: 200_000, parts: 5 };

/** Draws beyond which a part of the chains shows how ESS grows as well, and the whole would take minutes. */
const LARGEST = 2_000_000;

/** Every so many chains, so that their draws are not too many. */
export function evolving_chains({ name, chains, statistics }: ChainPlot): ChainPlot {
  const stride = Math.ceil((chains.length * (chains[0]?.length ?? 0)) / LARGEST);
  if (stride <= 1) return { name, chains, statistics };
  // What the table says is of all chains.
  const { ess_bulk: _, ess_tail: __, ...others } = statistics;
  return { name, chains: chains.filter((_, c) => c % stride === 0), statistics: others };
}

/** Bulk in the first colour, tail in the second; dotted: `needed`. */
export function evolution_panel({ name, chains, statistics }: ChainPlot, needed: number): string {
  const draws = chains[0]?.length ?? 0;
  const count = draws * chains.length > MANY.draws ? MANY.parts : PARTS;
  const parts = Array.from({ length: count }, (_, k) => Math.floor((draws * (k + 1)) / count));
  const found = parts.map((length) => {
    const { ess_bulk: bulk, ess_tail: tail } = statistics;
    if (length === draws && bulk !== undefined && tail !== undefined) return { bulk, tail };
    const part = chains.map((chain) => chain.subarray(0, length));
    const sorted = sort(pooled(part));
    return { bulk: ess(split_scores(part, sorted)), tail: ess_tail(part, sorted.values) };
  });
  const bulk = found.map((part) => part.bulk);
  const tail = found.map((part) => part.tail);
  const x = parts.map((length) => length * chains.length);
  const highest = Math.max(needed, ...[...bulk, ...tail].filter(Number.isFinite));
  return chart(
    {
      width: 330,
      height: 190,
      x: [0, draws * chains.length],
      y: [0, highest * 1.08],
      title: name,
      description: `Effective sample size of ${name} over the number of draws.`,
      x_label: 'draws of all chains',
    },
    (scale) => {
      const rule = `<path class="rule" d="M0 ${fix(scale.y(needed))}H${fix(scale.width)}"/>`;
      const series = (values: number[], colour: string) =>
        line(x, values, scale, `line ${colour}`) + dots(x, values, scale, `knot ${colour}`);
      return rule + series(bulk, 'now') + series(tail, 'later');
    },
  );
}
