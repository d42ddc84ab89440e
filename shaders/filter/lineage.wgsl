// The genealogy of a filter, for those who want to see it: of every slot and step the parent that resampling gave it, and the state that it moved to.
//
//   lineage  [filter][step 0…T][row][particle]   rows: the parent's index within the filter (at step 0 its own), then the bits of S components of the state
//
// It is written where the parent is found, by the filter itself; nothing that the filter computes depends on it.

import package::filter::bindings::{params, lineage, particle_count};
import package::model::State;
import package::model_access::{state_size, store_lineage_state};

fn remember(f: u32, step: u32, particle: u32, parent: u32, x: State) {
  let rows = 1u + state_size;
  let at = (f * (params.last + 1u) + step) * rows * particle_count + particle;
  lineage[at] = parent;
  store_lineage_state(at + particle_count, particle_count, x);
}
