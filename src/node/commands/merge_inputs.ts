/** What `langevin merge` reads: shards with where they come from, exact draws, and the coordinates to merge in. */

import type { Points } from '../../diagnostics/points.ts';
import { check_densities } from '../../merge/shards/assemble.ts';
import { check_origins } from '../../merge/shards/check_origins.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import { type MergeSpace, plain_space, unconstrained_space } from '../../merge/shards/space.ts';
import { find_walls } from '../../merge/shards/walls.ts';
import { bound_findings } from '../../merge/verdict/bound_words.ts';
import { load_model } from '../load_model.ts';
import { check_given_model, load_reachable, type ReachableShard } from '../load_oracles.ts';
import { load_exact, load_shards } from '../load_shards.ts';
import { read_origin } from '../origin.ts';
import { sampled_bounds } from '../sampled_bounds.ts';
import { sampled_model } from '../sampled_model.ts';
import { type AskedOptions, type MergeOptions, with_method } from './merge_options.ts';

export interface MergeInputs {
  chosen: MergeOptions;
  /** As people see them. */
  set: ShardSet;
  space: MergeSpace;
  exact?: Points;
  /** Shards that can be asked, where rounds are wanted. */
  reachable: ReachableShard[];
  /** Whether the shards belong together, in sentences. */
  belongs: string[];
  /** What to say of bounds that the merge does not know, for draws of it. */
  bounds(merged: Points): string[];
}

/** Throws UserError for what cannot be read, or merged. */
export async function load_merge_inputs(files: readonly string[], asked: AskedOptions): Promise<MergeInputs> {
  const origins = files.map(read_origin);
  const belongs = check_origins(origins);
  const sampled = asked.model === undefined ? await sampled_model(origins) : undefined;
  const wanted = sampled === undefined ? asked : { ...asked, model: sampled.given };
  const known_bounds = wanted.model === undefined ? sampled_bounds(files) : undefined;
  // Where densities end at bounds that the merge cannot undo, those found beside the draws are of no use to it.
  const loaded = await load_shards({ shards: files, ...wanted, find_densities: known_bounds === undefined });
  const chosen = with_method(wanted, loaded);
  const reachable = chosen.rounds > 0 ? await load_reachable(origins) : [];
  const model = sampled?.model ?? (chosen.model === undefined ? reachable[0]?.model : await load_model(chosen.model));
  if (chosen.model !== undefined && model && reachable.length > 0) check_given_model(chosen.model, model, reachable);
  const space = model ? unconstrained_space(loaded, model, loaded.named) : plain_space(loaded);
  check_densities(space.set);
  const set: ShardSet = { ...loaded, names: space.set.names };
  return {
    ...{ chosen, set, space, reachable, belongs },
    ...(chosen.exact === undefined ? {} : { exact: (await load_exact(chosen.exact, set)).points }),
    bounds: (merged) => (model ? [] : bound_findings(known_bounds, find_walls(set), merged)),
  };
}
