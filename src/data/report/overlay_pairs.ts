/** Pairs of parameters: draws of the merge and of what is exact as points, everything else as ellipses. */
import { lower_factor } from '../../diagnostics/linear_algebra.ts';
import { column, type Points, points_covariance, points_mean } from '../../diagnostics/points.ts';
import { few, MOST, type Overlay, other_class, shown_range } from './overlay.ts';
import { chart, dots, line, type Scale } from './svg.ts';

/** Points of a cloud, and parameters that are paired. */
const MOST_SHOWN = { dots: 800, parameters: 4 };

type Pair = readonly [x: Float64Array, y: Float64Array];

/** One panel for each pair of the first parameters. */
export function overlay_pairs({ names, parts, merged, others, exact }: Overlay): string[] {
  const shown = names.slice(0, MOST_SHOWN.parameters);
  return shown.flatMap((vertical, k) =>
    shown.slice(0, k).map((horizontal, j) => {
      const pair = (points: Points, most: number): Pair => {
        const some = few(points, most);
        return [column(some, j), column(some, k)];
      };
      const clouds = [
        ...(exact === undefined ? [] : [{ cloud: pair(exact, MOST_SHOWN.dots), kind: 'draw exact' }]),
        { cloud: pair(merged, MOST_SHOWN.dots), kind: 'draw' },
      ];
      const ellipses = [
        ...parts.slice(0, MOST.parts).map((points) => ({ points, kind: 'line faint colour5' })),
        ...others.map(({ points }, o) => ({ points, kind: `line ${other_class(o)}` })),
        { points: merged, kind: 'line now' },
        ...(exact === undefined ? [] : [{ points: exact, kind: 'line exact' }]),
      ].map(({ points, kind }) => ({ one: ellipse(pair(points, MOST.draws)), kind }));
      const [x, y] = [range_of_axis(ellipses, clouds, 0), range_of_axis(ellipses, clouds, 1)];
      const description = `${vertical} against ${horizontal}, ${parts.length > 0 ? 'shards and merge' : 'merges'}.`;
      return chart(
        { width: 330, height: 300, x, y, title: `${vertical} against ${horizontal}`, x_label: horizontal, description },
        (scale) =>
          [
            ...clouds.map(({ cloud, kind }) => cloud_dots(cloud, scale, kind)),
            ...ellipses.map(({ one: [xs, ys], kind }) => line(xs, ys, scale, kind)),
          ].join(''),
      );
    }),
  );
}

export const cloud_dots = ([x, y]: Pair, scale: Scale, kind: string) => dots(Array.from(x), Array.from(y), scale, kind);

const range_of_axis = (
  ellipses: readonly { one: readonly [number[], number[]] }[],
  clouds: readonly { cloud: Pair }[],
  axis: 0 | 1,
) =>
  shown_range(
    ellipses.map(({ one }) => Float64Array.from(one[axis])),
    clouds.map(({ cloud }) => cloud[axis]),
  ).range;

/** Two standard deviations about the mean. */
function ellipse([x, y]: Pair): [number[], number[]] {
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
