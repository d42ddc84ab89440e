/** Distances of merges from exact draws, or from the merge that was asked for. */
import { type DistanceRow, distance_table } from '../diagnostics/distances/table.ts';
import type { Points } from '../diagnostics/points.ts';
import type { Words } from '../random/threefry.ts';
import type { MergeMethod } from './methods.ts';

export interface Comparison {
  from: 'exact' | 'merge';
  /** By method, the one that was asked for first; from itself nothing is measured. */
  methods: Map<MergeMethod, DistanceRow[]>;
}

/** @param merges of every method, the one that was asked for first; all in the coordinates that people see */
export function compare_merges(
  merges: ReadonlyMap<MergeMethod, Points>,
  exact: Points | undefined,
  key: Words,
): Comparison {
  const [[asked, merge]] = merges as unknown as [[MergeMethod, Points]];
  const reference = exact ?? merge;
  const methods = new Map<MergeMethod, DistanceRow[]>();
  for (const [method, points] of merges) {
    if (exact === undefined && method === asked) continue;
    methods.set(method, distance_table([points], reference, { key }));
  }
  return { from: exact === undefined ? 'merge' : 'exact', methods };
}
