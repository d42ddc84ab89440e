/** The path of a learned merge from noise to the product, as small multiples on one pair of axes. */
import { column, type Points } from '../../diagnostics/points.ts';
import { shown_range } from './overlay.ts';
import { density_panel } from './overlay_marginals.ts';
import { cloud_dots } from './overlay_pairs.ts';
import { chart } from './svg.ts';

/** One time of the path. All points have the coordinates that are shown, one or two. */
export interface Snapshot {
  time: number;
  merged: Points;
  /** Draws of each shard with the noise of this time. */
  parts: readonly Points[];
}

export interface MergePath {
  /** Of the coordinates that are shown. */
  names: readonly string[];
  /** They are not those that people see. */
  unconstrained: boolean;
  snapshots: readonly Snapshot[];
}

/** One panel per time. */
export function path_panels({ names, snapshots }: MergePath): string[] {
  const [horizontal = '', vertical] = names;
  const range = (j: number) =>
    shown_range(
      snapshots.flatMap(({ parts }) => parts.map((points) => column(points, j))),
      snapshots.map(({ merged }) => column(merged, j)),
    ).range;
  const x = range(0);
  const y = vertical === undefined ? undefined : range(1);
  return snapshots.map(({ time, merged, parts }) => {
    const title = `t = ${format_time(time)}`;
    if (y === undefined || vertical === undefined) {
      const sets = [
        ...parts.map((points) => ({ values: column(points, 0), kind: 'line faint colour5' })),
        { values: column(merged, 0), kind: 'line now' },
      ];
      return density_panel(sets, x, { title, description: `Densities of ${horizontal} at ${title}.` });
    }
    const cloud = (points: Points) => [column(points, 0), column(points, 1)] as const;
    return chart(
      {
        ...{ width: 330, height: 260, x, y, title, x_label: `${vertical} against ${horizontal}` },
        description: `${vertical} against ${horizontal} at ${title}.`,
      },
      (scale) =>
        [
          ...parts.map((points) => cloud_dots(cloud(points), scale, 'draw part')),
          cloud_dots(cloud(merged), scale, 'draw'),
        ].join(''),
    );
  });
}

const format_time = (time: number) => String(Number(time.toPrecision(2)));
