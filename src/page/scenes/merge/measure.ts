/** How far merges are from exact draws; where there are none, from the merge that was asked for. */

import type { DistanceRow } from '../../../diagnostics/distances/table.ts';
import type { Points } from '../../../diagnostics/points.ts';
import { compare_merges } from '../../../merge/compare.ts';
import type { MergeMethod } from '../../../merge/methods.ts';
import type { Words } from '../../../random/threefry.ts';

export function create_measure(asked: MergeMethod, exact: Points | undefined, key: Words) {
  const merges = new Map<MergeMethod, Points>();
  const measured = new Map<MergeMethod, readonly DistanceRow[]>();
  return {
    /** By method, as far as they are known. */
    measured,
    /** @param by_network draws of every network, where several have learned the same */
    add(method: MergeMethod, points: Points, by_network: readonly Points[] = []): void {
      merges.set(method, points);
      const center = merges.get(asked);
      const pairs: [MergeMethod, Points][][] =
        exact !== undefined
          ? [[[method, points]]]
          : center === undefined
            ? []
            : [[[asked, center], ...[...merges].filter(([name]) => name !== asked && !measured.has(name))]];
      for (const pair of pairs) {
        for (const [name, rows] of compare_merges(new Map(pair), exact, by_network, key).methods) {
          measured.set(name, rows);
        }
      }
    },
  };
}
