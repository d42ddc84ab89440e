/**
 * How the ranks of each chain's draws spread over the ranks of all: evenly, where chains explore the same distribution
 * (Vehtari et al. 2021, arXiv 1903.08008). A slope is a shift of the chain, a hump or a valley another scale.
 */
import { average_ranks } from '../../diagnostics/ranks.ts';
import { type ChainPlot, drawn_chains, panel_title, steps } from './chain_plots.ts';
import { chart, fix } from './svg.ts';

const LARGEST_BINS = 20;

export function rank_panel(plot: ChainPlot, numbers: readonly number[]): string {
  const draws = plot.chains[0]?.length ?? 0;
  const total = draws * plot.chains.length;
  const bins = Math.max(2, Math.min(LARGEST_BINS, Math.floor(draws / 10)));
  const shares = drawn_chains(average_ranks(plot.chains), numbers).map(({ chain, colour }) => ({
    share: rank_shares(chain, total, bins),
    colour,
  }));
  const top = Math.max(1.5, ...shares.flatMap(({ share }) => share)) * 1.05;
  return chart(
    {
      width: 330,
      height: 190,
      x: [0, total],
      y: [0, top],
      title: panel_title(plot),
      description: `Rank histogram of ${plot.name} by chain.`,
      x_label: 'rank',
    },
    (scale) => {
      const even = fix(scale.y(1));
      const rule = `<path class="rule" d="M0 ${even}H${fix(scale.width)}"/>`;
      return rule + shares.map(({ share, colour }) => steps(share, [0, total], scale, colour)).join('');
    },
  );
}

/** [bin] how many of a chain's ranks fall in it, relative to an even spread. Ranks run from 1 to `total`. */
export function rank_shares(ranks: Float64Array, total: number, bins: number): number[] {
  const share = new Array<number>(bins).fill(0);
  for (const rank of ranks) {
    const bin = Math.min(bins - 1, Math.floor(((rank - 0.5) / total) * bins));
    share[bin] = (share[bin] as number) + bins / ranks.length;
  }
  return share;
}
