/** Sets of draws over each other in one panel: what is merged, what came of it by every method, and what it should be. */
import type { Points } from '../../diagnostics/points.ts';
import { quantile } from '../../diagnostics/quantiles.ts';
import { escape_text, pad_range, type Range, range_of } from './svg.ts';

export interface Overlay {
  names: readonly string[];
  /** What is merged. */
  parts: readonly Points[];
  merged: Points;
  /** The same by other methods. */
  others: readonly { name: string; points: Points }[];
  /** What the merge should be, where it is known. */
  exact?: Points;
}

/** Parts that are drawn, and draws behind one line: more could not be told apart. */
export const MOST = { parts: 40, draws: 4000 };

/** Classes of the other methods: four colours, dashed where they come a second time. */
export const other_class = (which: number) => `colour${1 + (which % 4)}${which < 4 ? '' : ' dashed'}`;

/** HTML: what each colour is. */
export function overlay_key({ parts, others, exact }: Pick<Overlay, 'parts' | 'others' | 'exact'>): string {
  const keys = [
    ...(parts.length === 0 ? [] : [['colour5', 'shards']]),
    ['now', 'merge'],
    ...(exact === undefined ? [] : [['exact', 'exact']]),
    ...others.map(({ name }, k) => [other_class(k), name]),
  ] as [string, string][];
  const list = keys.map(([kind, label]) => `<span class="key ${kind}">${escape_text(label)}</span>`);
  return `<span class="keys">${list.join(' ')}</span>`;
}

/** What an axis shows, and the parts that have most of their draws below it and above it. */
export interface ShownRange {
  range: Range;
  below: number;
  above: number;
}

/** Of the whole and of the parts, and how many times as wide as the whole the axis may become to hold the parts. */
const SHARES = { whole: 0.005, part: 0.05 };
const MOST_WIDENED = 4;

/** The central 99 % of the merge and of what is exact, widened to the central 90 % of the parts, the nearest first, while the merge can still be seen. */
export function shown_range(parts: readonly Float64Array[], whole: readonly Float64Array[]): ShownRange {
  const [low, high] = range_of(whole.flatMap((values) => between(values, SHARES.whole)));
  let range: Range = [low, high];
  const around = parts.map((values) => between(values, SHARES.part));
  const width = ([from, to]: Range) => Math.max(high, to) - Math.min(low, from);
  for (const [from, to] of around.toSorted((a, b) => width(a) - width(b))) {
    const wider: Range = [Math.min(range[0], from), Math.max(range[1], to)];
    if (wider[1] - wider[0] <= MOST_WIDENED * (high - low)) range = wider;
  }
  range = pad_range(range);
  const most = (is: (x: number) => boolean) => parts.filter((values) => 2 * count(values, is) > values.length).length;
  return { range, below: most((x) => x < range[0]), above: most((x) => x > range[1]) };
}

function between(values: Float64Array, share: number): Range {
  const sorted = values.toSorted();
  return [quantile(sorted, share), quantile(sorted, 1 - share)];
}

const count = (values: Float64Array, is: (x: number) => boolean) => values.reduce((n, x) => n + Number(is(x)), 0);

/** Evenly spread draws. */
export function few(points: Points, most: number): Points {
  const { count: all, dimension, values } = points;
  if (all <= most) return points;
  const kept = new Float64Array(most * dimension);
  for (let i = 0; i < most; i++) {
    const at = Math.floor((i * all) / most) * dimension;
    kept.set(values.subarray(at, at + dimension), i * dimension);
  }
  return { count: most, dimension, values: kept };
}
