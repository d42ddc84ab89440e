/** Pairs of parameters: a lower triangle of scatter plots with correlations, drawn from equally weighted draws. */
import { resample_indices, weighted_quantiles } from '../../diagnostics/weighted.ts';
import { format_fixed } from '../format_number.ts';
import type { Posterior } from './input.ts';
import { dots, escape_text, fix, pad_range, type Range, type Scale, tick_labels, ticks } from './svg.ts';

/** More would not be legible on a page. */
export const LARGEST_PAIRS = 8;
/** Points over the whole figure are bounded too, so that the page stays small. */
const POINTS = { panel: 2000, figure: 24_000 };
/** Points of one path do not darken where they overlap; points of different paths do. */
const POINTS_PER_PATH = 50;
/** Of one digit of a tick label, in pixels, and the room that a label keeps to the edge of its cell: neighbouring cells have ticks of their own. */
const LABEL_WIDTH = 6.3;
const LABEL_MARGIN = 4;
/** Cells below this side, in pixels, have room for two ticks, others for four. */
const SMALL_CELL = 160;

interface Column {
  name: string;
  values: number[];
  /** Drawn on top, in another colour. */
  divergent: number[];
  range: Range;
}

/** One figure for the first LARGEST_PAIRS parameters; empty for fewer than two. */
export function pairs_figure(posterior: Posterior): string {
  const columns = read_columns(posterior);
  const cells = columns.length - 1;
  if (cells < 1) return '';
  const size = Math.min(230, 880 / cells);
  const longest = Math.max(
    ...columns
      .slice(1)
      .flatMap((column) => fitting_ticks(column.range, size - 10, () => 11).map(({ label }) => label.length)),
  );
  const margin = { left: 38 + LABEL_WIDTH * longest, top: 8, bottom: 44, right: 10 };
  const width = margin.left + cells * size + margin.right;
  const height = margin.top + cells * size + margin.bottom;
  const parts = [
    // Scrolled rather than shrunk until its labels cannot be read.
    `<div class="scroll"><svg viewBox="0 0 ${fix(width)} ${fix(height)}" style="max-width:${fix(width)}px;min-width:${fix(0.9 * width)}px" role="img"`,
    ` aria-label="Scatter plots of pairs of parameters.">`,
  ];
  for (let row = 1; row < columns.length; row++) {
    for (let column = 0; column < row; column++) {
      const left = margin.left + column * size;
      const top = margin.top + (row - 1) * size;
      parts.push(`<g transform="translate(${fix(left)} ${fix(top)})">`);
      parts.push(cell(columns[column] as Column, columns[row] as Column, size - 10));
      if (column === 0) parts.push(left_axis(columns[row] as Column, size - 10, 14 - margin.left));
      if (row === columns.length - 1) parts.push(bottom_axis(columns[column] as Column, size - 10));
      parts.push('</g>');
    }
  }
  parts.push('</svg></div>');
  return parts.join('');
}

function read_columns({ marginals, weights }: Posterior): Column[] {
  const shown = marginals.slice(0, LARGEST_PAIRS);
  const draws = shown[0]?.values.length ?? 0;
  const panels = (shown.length * (shown.length - 1)) / 2;
  const count = Math.min(draws, POINTS.panel, Math.floor(POINTS.figure / Math.max(1, panels)));
  const equal = weights ?? new Float64Array(draws).fill(1);
  const indices = Array.from(resample_indices(equal, count, 0.5));
  return shown.map(({ name, values, divergent = [] }) => {
    const [low = 0, high = 1] = weighted_quantiles({ values, weights }, [0.001, 0.999]);
    const range = pad_range(low < high ? [low, high] : [low - 0.5, low + 0.5], 0.06);
    return { name, values: indices.map((i) => values[i] ?? Number.NaN), divergent: Array.from(divergent), range };
  });
}

function cell(horizontal: Column, vertical: Column, side: number): string {
  const scale = square(horizontal.range, vertical.range, side);
  const parts = [`<rect class="cell" width="${fix(side)}" height="${fix(side)}"/>`];
  parts.push(`<svg width="${fix(side)}" height="${fix(side)}">`);
  // Neighbouring draws may be copies; a stride spreads them over the paths.
  const paths = Math.max(1, Math.ceil(horizontal.values.length / POINTS_PER_PATH));
  for (let p = 0; p < paths; p++) {
    const mine = (_: number, i: number) => i % paths === p;
    parts.push(dots(horizontal.values.filter(mine), vertical.values.filter(mine), scale, 'draw'));
  }
  parts.push(dots(horizontal.divergent, vertical.divergent, scale, 'divergent'));
  const r = format_fixed(correlation(horizontal.values, vertical.values), 2).replace('-', '−');
  parts.push('</svg>');
  parts.push(`<text class="tick halo" x="${fix(side - 6)}" y="15" text-anchor="end">r = ${r}</text>`);
  return parts.join('');
}

function left_axis({ name, range }: Column, side: number, name_at: number): string {
  const parts = fitting_ticks(range, side, () => 11).map(({ value, label }) => {
    const at = fix(square(range, range, side).y(value));
    return `<path class="axis" d="M-4 ${at}h4"/><text class="tick" x="-7" y="${at}" dy=".33em" text-anchor="end">${label}</text>`;
  });
  parts.push(
    `<text class="title" transform="translate(${fix(name_at)} ${fix(side / 2)}) rotate(-90)" text-anchor="middle">`,
  );
  return `${parts.join('')}${escape_text(name)}</text>`;
}

function bottom_axis({ name, range }: Column, side: number): string {
  const parts = fitting_ticks(range, side, ({ length }) => LABEL_WIDTH * length).map(({ value, label }) => {
    const at = fix(square(range, range, side).x(value));
    return `<path class="axis" d="M${at} ${fix(side)}v4"/><text class="tick" x="${at}" y="${fix(side + 16)}" text-anchor="middle">${label}</text>`;
  });
  parts.push(
    `<text class="title" x="${fix(side / 2)}" y="${fix(side + 36)}" text-anchor="middle">${escape_text(name)}</text>`,
  );
  return parts.join('');
}

/** As many ticks as have room for their labels side by side inside the cell. @param extent of a label along the axis */
function fitting_ticks(
  range: Range,
  side: number,
  extent: (label: string) => number,
): { value: number; label: string }[] {
  const { x } = square(range, range, side);
  const most = side < SMALL_CELL ? 2 : 4;
  for (let count = 4; ; count--) {
    const values = ticks(range, count);
    const labelled = tick_labels(values).map((label, i) => ({ value: values[i] ?? 0, label }));
    const inside = labelled.filter(({ value, label }) => {
      const half = extent(label) / 2 + LABEL_MARGIN;
      return x(value) >= half && x(value) <= side - half;
    });
    const kept = inside.length <= most ? inside : outer(inside);
    const needed = kept.reduce((sum, { label }) => sum + extent(label) + 2 * LABEL_MARGIN, 0);
    if (needed <= side || count === 1) return kept;
  }
}

/** The first and the last tell the scale. */
const outer = <T>(all: readonly T[]): T[] => [all[0] as T, all.at(-1) as T];

function square(x: Range, y: Range, side: number): Scale {
  return {
    width: side,
    height: side,
    x: (value) => ((value - x[0]) / (x[1] - x[0])) * side,
    y: (value) => (1 - (value - y[0]) / (y[1] - y[0])) * side,
  };
}

/** Pearson's; 0 where a column is constant. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mean_a, mean_b] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [da, db] = [value - mean_a, (b[i] ?? 0) - mean_b];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
