/** Draws in their order, chain over chain: chains that mix look like one band of noise. */
import { variance } from '../../diagnostics/moments.ts';
import { type ChainPlot, drawn_chains, panel_title } from './chain_plots.ts';
import { chart, dots, line, pad_range, range_of } from './svg.ts';

/** Points per chain; more than the panel has pixels hides as much as it shows. */
const LARGEST_POINTS = 450;
/** Marks of divergences in a panel. */
const LARGEST_MARKS = 400;
/** A chain narrower than this share of the widest is drawn heavier: a still line on the axis is easily overlooked. */
const STILL = 0.02;

/** @param numbers of the chains to draw @param diverging [chain][draw], not 0 where a transition diverged */
export function trace_panel(
  plot: ChainPlot,
  numbers: readonly number[],
  diverging: readonly Float64Array[] = [],
): string {
  const draws = plot.chains[0]?.length ?? 0;
  const stride = Math.ceil(draws / LARGEST_POINTS);
  const at = Array.from({ length: Math.ceil(draws / stride) }, (_, i) => i * stride);
  const shown = drawn_chains(plot.chains, numbers);
  const widths = shown.map(({ chain }) => Math.sqrt(variance(chain)));
  const widest = Math.max(...widths);
  const lines = shown.map(({ chain, colour }, i) => ({
    values: at.map((t) => chain[t] as number),
    colour: (widths[i] as number) < STILL * widest ? colour : `${colour} thin`,
  }));
  const diverged = shown.flatMap(({ chain, number }) =>
    Array.from(diverging[number] ?? []).flatMap((d, t) => (d > 0 ? [{ t, value: chain[t] as number }] : [])),
  );
  const every = Math.ceil(diverged.length / LARGEST_MARKS);
  const marks = diverged.filter((_, i) => i % every === 0);
  return chart(
    {
      width: 980,
      height: 170,
      x: [0, Math.max(1, draws - 1)],
      y: pad_range(range_of([...lines.flatMap(({ values }) => values), ...marks.map(({ value }) => value)]), 0.08),
      title: panel_title(plot),
      description: `Trace of ${plot.name}.`,
      x_label: 'draw',
      whole_x: true,
    },
    (scale) =>
      lines.map(({ values, colour }) => line(at, values, scale, colour)).join('') +
      dots(
        marks.map(({ t }) => t),
        marks.map(({ value }) => value),
        scale,
        'divergent small',
      ),
  );
}
