/** Draws in their order, chain over chain: chains that mix look like one band of noise. */
import { type ChainPlot, choose_chains, panel_title } from './chain_plots.ts';
import { chart, line, pad_range, range_of } from './svg.ts';

/** Points per chain; more than the panel has pixels hides as much as it shows. */
const LARGEST_POINTS = 450;

export function trace_panel(plot: ChainPlot): string {
  const shown = choose_chains(plot.chains);
  const draws = plot.chains[0]?.length ?? 0;
  const stride = Math.ceil(draws / LARGEST_POINTS);
  const at = Array.from({ length: Math.ceil(draws / stride) }, (_, i) => i * stride);
  const lines = shown.map(({ chain, colour }) => ({ values: at.map((t) => chain[t] as number), colour }));
  return chart(
    {
      width: 980,
      height: 170,
      x: [0, Math.max(1, draws - 1)],
      y: pad_range(range_of(lines.flatMap(({ values }) => values))),
      title: panel_title(plot),
      description: `Trace of ${plot.name}.`,
      x_label: 'draw',
      whole_x: true,
    },
    (scale) => lines.map(({ values, colour }) => line(at, values, scale, `${colour} thin`)).join(''),
  );
}
