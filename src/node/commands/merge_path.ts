/** The path of a learned merge, made ready for a picture. */

import type { MergePath } from '../../data/report/merge_path.ts';
import { few } from '../../data/report/overlay.ts';
import { column, type Points, points_mean } from '../../diagnostics/points.ts';
import { type ShardMoments, shard_moments } from '../../merge/baselines/shards.ts';
import { noised_draws } from '../../merge/noised.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { site, type Words, words_at } from '../../random/threefry.ts';

/** Draws of all shards together at one time, and of one at least. */
const SHOWN = { all: 1200, least: 20 };

/** @param path particles at some times, in the coordinates of the merge */
export function merge_path(
  { set, log_jacobian, coordinate }: MergeSpace,
  path: readonly { time: number; points: Points }[],
  key: Words,
): MergePath {
  const shards = set.shards.map(({ points }) => points);
  const moments = shard_moments(shards);
  const shown = farthest_coordinates(moments, path.at(-1)?.points as Points);
  const most = Math.max(SHOWN.least, Math.floor(SHOWN.all / shards.length));
  const some = shards.map((shard) => few(shard, most));
  return {
    names: shown.map((j) => set.names.find((_, scalar) => coordinate(scalar) === j) ?? `coordinate ${j + 1}`),
    unconstrained: log_jacobian !== undefined,
    snapshots: path.map(({ time, points }, n) => ({
      time,
      merged: only(points, shown),
      parts: some.map((shard, b) =>
        only(noised_draws(shard, moments[b] as ShardMoments, time, words_at(key, site.state_draw, n, b)), shown),
      ),
    })),
  };
}

/** The two in which some shard lies farthest from the merge, in its standard deviations: there the path has the longest way. */
function farthest_coordinates(moments: readonly ShardMoments[], merged: Points): number[] {
  const center = points_mean(merged);
  const size = center.length;
  const distance = (j: number) =>
    Math.max(
      ...moments.map(
        ({ mean, covariance }) =>
          Math.abs((mean[j] as number) - (center[j] as number)) / Math.sqrt(covariance[j * (size + 1)] as number),
      ),
    );
  const order = Array.from(center, (_, j) => j).sort((a, b) => distance(b) - distance(a));
  return order.slice(0, 2).sort((a, b) => a - b);
}

function only(points: Points, shown: readonly number[]): Points {
  const columns = shown.map((j) => column(points, j));
  const values = Float64Array.from(
    { length: points.count * shown.length },
    (_, at) => (columns[at % shown.length] as Float64Array)[Math.floor(at / shown.length)] as number,
  );
  return { count: points.count, dimension: shown.length, values };
}
