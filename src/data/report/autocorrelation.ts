/** How long each chain remembers: its autocorrelation by lag. */
import { autocorrelation } from '../../diagnostics/autocovariance.ts';
import { type ChainPlot, drawn_chains, panel_title } from './chain_plots.ts';
import { chart, fix, line } from './svg.ts';

const LARGEST_LAG = 60;

export function autocorrelation_panel(plot: ChainPlot, numbers: readonly number[]): string {
  const draws = plot.chains[0]?.length ?? 0;
  const lags = Math.min(LARGEST_LAG + 1, Math.max(2, draws >> 1));
  const lines = drawn_chains(plot.chains, numbers).map(({ chain, colour }) => ({
    values: Array.from(autocorrelation(chain, lags)),
    colour,
  }));
  const lag = Array.from({ length: lags }, (_, k) => k);
  const lowest = Math.min(-0.1, ...lines.flatMap(({ values }) => values.filter(Number.isFinite)));
  return chart(
    {
      width: 330,
      height: 190,
      x: [0, lags - 1],
      y: [lowest * 1.05, 1.05],
      title: panel_title(plot),
      description: `Autocorrelation of ${plot.name} by chain.`,
      x_label: 'lag',
      whole_x: true,
    },
    (scale) => {
      const zero = fix(scale.y(0));
      const rule = `<path class="rule" d="M0 ${zero}H${fix(scale.width)}"/>`;
      return rule + lines.map(({ values, colour }) => line(lag, values, scale, colour)).join('');
    },
  );
}
