/** Marginal densities of all sets of draws, one panel per parameter. */
import { kernel_density } from '../../diagnostics/distances/kernel_density.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import { few, MOST, type Overlay, other_class, type ShownRange, shown_range } from './overlay.ts';
import { chart, fix, line, type Range, type Scale } from './svg.ts';

const MOST_PANELS = 24;
const GRID_POINTS = 240;

/** One panel per parameter; the first of very many. */
export function overlay_marginals({ names, parts, merged, others, exact }: Overlay): string[] {
  return names.slice(0, MOST_PANELS).map((name, j) => {
    const of = (points: Points) => column(few(points, MOST.draws), j);
    const all = parts.slice(0, MOST.parts).map(of);
    const of_merge = of(merged);
    const whole = [of_merge, ...(exact === undefined ? [] : [of(exact)])];
    const shown = shown_range(all, whole);
    const sets = [
      ...all.map((values) => ({ values, kind: 'line faint colour5' })),
      ...others.map(({ points }, k) => ({ values: of(points), kind: `line thin ${other_class(k)}` })),
      { values: of_merge, kind: 'line now' },
      ...(exact === undefined ? [] : [{ values: of(exact), kind: 'line exact' }]),
    ];
    const title = { title: name, description: `Densities of ${name}. Merge: mean ${mean(of_merge)}.` };
    return density_panel(sets, shown.range, title, (scale) => outside(shown, all.length, scale));
  });
}

/** Normal kernel estimates with Scott's bandwidth, each set its own. */
export function density_panel(
  sets: readonly { values: Float64Array; kind: string }[],
  x: Range,
  titles: { title: string; description: string },
  more: (scale: Scale) => string = () => '',
): string {
  const grid = { start: x[0], step: (x[1] - x[0]) / (GRID_POINTS - 1), points: GRID_POINTS };
  const at = Array.from({ length: GRID_POINTS }, (_, g) => grid.start + g * grid.step);
  const lines = sets.map(({ values, kind }) => {
    const bandwidth = Math.sqrt(variance(values)) * values.length ** -0.2;
    return { y: Array.from(kernel_density(values, bandwidth, grid)), kind };
  });
  const highest = Math.max(...lines.flatMap(({ y }) => y).filter(Number.isFinite));
  return chart(
    { width: 330, height: 200, x, y: [0, highest * 1.1], y_ticks: 0, ...titles },
    (scale) => lines.map(({ y, kind }) => line(at, y, scale, kind)).join('') + more(scale),
  );
}

/** Which way to look for the parts that the axis does not reach. */
function outside({ below, above }: ShownRange, all: number, scale: Scale): string {
  const text = (x: number, anchor: string, words: string) =>
    `<text class="tick" x="${fix(x)}" y="11" text-anchor="${anchor}">${words}</text>`;
  return [
    ...(below > 0 ? [text(0, 'start', `← ${below} of ${all} shards`)] : []),
    ...(above > 0 ? [text(scale.width, 'end', `${above} of ${all} shards →`)] : []),
  ].join('');
}
