/** A posterior in shards, with draws of the whole to judge merges by. */

import type { Points } from '../../src/diagnostics/points.ts';
import type { ShardOracle } from '../../src/merge/rounds/oracle.ts';
import type { MergeSpace } from '../../src/merge/shards/space.ts';
import type { Context } from '../subject.ts';
import type { MergeSizes } from './sizes.ts';

export interface MergeTask {
  /** In every label. */
  name: string;
  /** The shards, with gradients and log densities of every draw, in the coordinates of the merge. */
  space: MergeSpace;
  /** Draws of the full posterior, or of a grid of it, in the coordinates that people see; as many are merged unless `on_software` says less, so that kernel estimates of both smooth alike. */
  exact: Points;
  /** Where the exact draws come from. */
  truth: string;
  /** What is wanted of the learned merge, by distance. */
  wanted: readonly Wanted[];
  /** What fewer updates, networks or draws the learned merge has on a software adapter than elsewhere, so that it ends within minutes. */
  on_software?: Partial<Pick<MergeSizes, 'updates' | 'networks' | 'draws'>>;
  /** Shards that can be asked: merged in rounds of the Gaussian too. */
  in_rounds?: { oracles: ShardOracle[]; rounds: number; wanted: readonly Wanted[] };
  /** Whether the shards are so far from the merge that the verdict on the one that learned from their draws must warn. */
  must_warn?: true;
  /** What else is known of draws of the posterior. */
  facts?(merged: Points): Fact[];
}

export interface Wanted {
  distance: 'd_mah' | 'd_iad';
  /** A number, or a method's own distance. */
  at_most: number | 'consensus';
}

export interface Fact {
  label: string;
  value: number;
  /** Largest value that is good enough. */
  at_most: number;
}

export type MakeTask = (context: Pick<Context, 'device' | 'say' | 'quick'>, sizes: MergeSizes) => Promise<MergeTask>;
