// As gradient.wgsl, for models with a linear predictor: one invocation per tile of chains and block of rows, so that every number of the data that is loaded serves all chains
// of the tile. Chains of a tile are `tiles` apart, so that neighbouring invocations have neighbouring chains.
//
//   parts  [block][1 + T][chain]   log-likelihood, and its gradient with respect to the T constrained parameters

import package::sample::bindings::params;
import package::sample::chain::{waiting, load_u32};
import package::sample_target::{tile_size, evaluate_tile};

override lanes: u32 = 64u;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let index = (group.y * groups.x + group.x) * lanes + lane;
  let tiles = (params.chains + tile_size - 1u) / tile_size;
  let tile = index % tiles;
  let block = index / tiles;
  if (block >= params.blocks) {
    return;
  }
  var all_wait = true;
  for (var c = tile; c < params.chains; c += tiles) {
    all_wait = all_wait && load_u32(0u, c) == waiting;
  }
  if (!all_wait) {
    evaluate_tile(tile, tiles, block);
  }
}
