// How many leapfrog steps a transition takes: a law that does not look at the chain's state, so every kernel is a mixture of HMC kernels and leaves the target invariant.
//
//   cycle        iteration n takes law[n mod length]: a fixed number, or a sequence prepared by the host (Halton)
//   draw         one of the list, uniformly: jitter, eHMC (its list of longest batches), eHMCq (1 … its 0.95 quantile)
//   draw_below   one of the list, then uniformly 1 … that: eHMCu
//
// Counter (trajectory | iteration, chain), or chain 0 for all where the length is shared: then no chain waits for another, and chains stay correct each by itself
// while they share the randomness of the length. Word mod length is uniform to length/2³². Twin: src/sample/trajectory.ts.

import package::sample::bindings::{params, law};
import package::lib::threefry::threefry;
import package::lib::site::{at_step, site_trajectory};

const law_cycle = 0u;
const law_draw_below = 2u;

fn trajectory_length(c: u32, iteration: u32) -> u32 {
  if (params.law_kind == law_cycle) {
    return law[iteration % params.law_length];
  }
  let words = threefry(params.key, vec2<u32>(at_step(site_trajectory, iteration), select(c, 0u, params.shared_length == 1u)));
  let length = law[words.x % params.law_length];
  return select(length, 1u + words.y % length, params.law_kind == law_draw_below);
}
