/** How far merges are from exact draws; where there are none, from the merge that was asked for. */

import type { DistanceRow } from '../../../diagnostics/distances/table.ts';
import type { Points } from '../../../diagnostics/points.ts';
import type { MergeMethod } from '../../../merge/methods.ts';
import type { Words } from '../../../random/threefry.ts';
import { aside } from '../../aside/aside.ts';

export function create_measure(asked: MergeMethod, exact: Points | undefined, key: Words, signal: AbortSignal) {
  const merges = new Map<MergeMethod, Points>();
  const measured = new Map<MergeMethod, readonly DistanceRow[]>();
  return {
    /** By method, as far as they are known. */
    measured,
    /** @param by_network draws of every network, where several have learned the same */
    async add(method: MergeMethod, points: Points, by_network: readonly Points[] = []): Promise<void> {
      merges.set(method, points);
      const center = merges.get(asked);
      const pairs: [MergeMethod, Points][][] =
        exact !== undefined
          ? [[[method, points]]]
          : center === undefined
            ? []
            : [[[asked, center], ...[...merges].filter(([name]) => name !== asked && !measured.has(name))]];
      for (const pair of pairs) {
        const { methods } = await aside(signal, 'compare_merges', new Map(pair), exact, by_network, key);
        for (const [name, rows] of methods) measured.set(name, rows);
      }
    },
  };
}
