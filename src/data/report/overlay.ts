/** Sets of draws over each other: marginal densities as lines, pairs as points and ellipses. */
import { kernel_density } from '../../diagnostics/distances/kernel_density.ts';
import { lower_factor } from '../../diagnostics/linear_algebra.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { column, type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import { quantile } from '../../diagnostics/quantiles.ts';
import { chart, dots, line, pad_range, type Range, range_of, type Scale } from './svg.ts';

export interface Overlay {
  names: readonly string[];
  /** What is merged. */
  parts: readonly Points[];
  merged: Points;
  /** What the merge should be, where it is known. */
  exact?: Points;
}

/** Lines of parts, draws behind one line, points of a pair: more could not be told apart. */
const MOST = { parts: 40, draws: 4000, dots: 800, marginals: 24, pairs: 4 };
const GRID_POINTS = 160;

/** One panel per parameter; the first of very many. */
export function overlay_marginals({ names, parts, merged, exact }: Overlay): string[] {
  return names.slice(0, MOST.marginals).map((name, j) => {
    const of = (points: Points) => column(few(points, MOST.draws), j);
    const all = parts.slice(0, MOST.parts).map(of);
    const x = shown_range(all, [of(merged), ...(exact === undefined ? [] : [of(exact)])]);
    const grid = { start: x[0], step: (x[1] - x[0]) / (GRID_POINTS - 1), points: GRID_POINTS };
    const at = Array.from({ length: GRID_POINTS }, (_, g) => grid.start + g * grid.step);
    const density = (values: Float64Array) =>
      Array.from(kernel_density(values, Math.sqrt(variance(values)) * values.length ** -0.2, grid));
    const lines = [
      ...all.map((values) => [density(values), 'line faint colour5'] as const),
      [density(of(merged)), 'line now'] as const,
      ...(exact === undefined ? [] : [[density(of(exact)), 'prior'] as const]),
    ];
    const highest = Math.max(...lines.flatMap(([y]) => y).filter(Number.isFinite));
    return chart(
      {
        width: 330,
        height: 200,
        x,
        y: [0, highest * 1.06],
        y_ticks: 0,
        title: name,
        description: `Densities of ${name}: ${all.length} shards, merge${exact === undefined ? '' : ', exact'}. Merge: mean ${mean(of(merged))}.`,
      },
      (scale) => lines.map(([y, kind]) => line(at, y, scale, kind)).join(''),
    );
  });
}

/** Panels for all pairs of the first parameters: ellipses of two standard deviations for the parts, points for the rest. */
export function overlay_pairs({ names, parts, merged, exact }: Overlay): string[] {
  const shown = names.slice(0, MOST.pairs);
  return shown.flatMap((vertical, k) =>
    shown.slice(0, k).map((horizontal, j) => {
      const pair = (points: Points, most: number) => {
        const some = few(points, most);
        return [column(some, j), column(some, k)] as const;
      };
      const ellipses = parts.slice(0, MOST.parts).map((points) => ellipse(pair(points, MOST.draws)));
      const clouds = [
        [pair(merged, MOST.dots), 'draw'] as const,
        ...(exact === undefined ? [] : [[pair(exact, MOST.dots), 'line later faint'] as const]),
      ];
      const range = (axis: 0 | 1) =>
        shown_range(
          ellipses.map((one) => Float64Array.from(one[axis])),
          clouds.map(([cloud]) => cloud[axis]),
        );
      return chart(
        {
          width: 330,
          height: 300,
          x: range(0),
          y: range(1),
          title: vertical,
          x_label: horizontal,
          description: `${vertical} against ${horizontal}: shards, merge${exact === undefined ? '' : ', exact'}.`,
        },
        (scale) =>
          [
            ...ellipses.map((one) => drawn(one, scale)),
            ...clouds.map(([[x, y], kind]) => dots(Array.from(x), Array.from(y), scale, kind)),
          ].join(''),
      );
    }),
  );
}

const drawn = ([x, y]: readonly [number[], number[]], scale: Scale) => line(x, y, scale, 'line faint colour5');

/** Two standard deviations about the mean. */
function ellipse([x, y]: readonly [Float64Array, Float64Array]): [number[], number[]] {
  const values = new Float64Array(2 * x.length);
  x.forEach((value, i) => {
    values[2 * i] = value;
    values[2 * i + 1] = y[i] as number;
  });
  const points = { count: x.length, dimension: 2, values };
  const [center_x = 0, center_y = 0] = points_mean(points);
  const [a = 0, , b = 0, c = 0] = lower_factor(points_covariance(points), 2);
  const angles = Array.from({ length: 49 }, (_, i) => (2 * Math.PI * i) / 48);
  return [
    angles.map((t) => center_x + 2 * a * Math.cos(t)),
    angles.map((t) => center_y + 2 * (b * Math.cos(t) + c * Math.sin(t))),
  ];
}

/** Widths of the merge that the parts are followed to on either side: they may be many times as wide. */
const REACH = 1.2;

/** All of the merge and of what is exact, and the middle of every part as far as the merge is still seen. */
function shown_range(parts: readonly Float64Array[], whole: readonly Float64Array[]): Range {
  const between = (values: Float64Array, low: number) => {
    const sorted = values.toSorted();
    return [quantile(sorted, low), quantile(sorted, 1 - low)];
  };
  const [low, high] = range_of(whole.flatMap((values) => between(values, 0.001)));
  const room = REACH * (high - low);
  const around = parts
    .flatMap((values) => between(values, 0.1))
    .map((x) => Math.min(Math.max(x, low - room), high + room));
  return pad_range(range_of([low, high, ...around]));
}

/** Evenly spread draws. */
function few(points: Points, most: number): Points {
  const { count, dimension, values } = points;
  if (count <= most) return points;
  const kept = new Float64Array(most * dimension);
  for (let i = 0; i < most; i++) {
    const at = Math.floor((i * count) / most) * dimension;
    kept.set(values.subarray(at, at + dimension), i * dimension);
  }
  return { count: most, dimension, values: kept };
}
