/** Distances of merges from exact draws, or from the merge that was asked for. */
import { type DistanceRow, distance_table } from '../diagnostics/distances/table.ts';
import { variance } from '../diagnostics/moments.ts';
import type { Points } from '../diagnostics/points.ts';
import type { Words } from '../random/threefry.ts';
import type { MergeMethod } from './methods.ts';

export interface Comparison {
  from: 'exact' | 'merge';
  /** By method, the one that was asked for first; from itself nothing is measured. */
  methods: Map<MergeMethod, DistanceRow[]>;
}

/**
 * All in the coordinates that people see.
 *
 * @param merges of every method, the one that was asked for first
 * @param by_network of the method that was asked for: [network] its own draws, by which its distances get a standard deviation, that of one network's figure; empty where nothing was learned twice
 */
export function compare_merges(
  merges: ReadonlyMap<MergeMethod, Points>,
  exact: Points | undefined,
  by_network: readonly Points[],
  key: Words,
): Comparison {
  const [[asked, merge]] = merges as unknown as [[MergeMethod, Points]];
  const methods = new Map<MergeMethod, DistanceRow[]>();
  for (const [method, points] of merges) {
    if (exact === undefined && method === asked) continue;
    const rows = distance_table([points], exact ?? merge, { key });
    const spread =
      exact === undefined
        ? by_network.map((own) => distance_table([points], own, { key }))
        : method === asked
          ? by_network.map((own) => distance_table([own], exact, { key }))
          : [];
    methods.set(method, spread.length < 2 ? rows : with_spread(rows, spread));
  }
  return { from: exact === undefined ? 'merge' : 'exact', methods };
}

function with_spread(rows: readonly DistanceRow[], by_network: readonly DistanceRow[][]): DistanceRow[] {
  return rows.map((row, k) => {
    const values = Float64Array.from(by_network, (own) => (own[k] as DistanceRow).value);
    return { ...row, sd: Math.sqrt(variance(values)) };
  });
}
