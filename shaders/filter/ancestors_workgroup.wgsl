// Who is the parent of a slot, in the workgroup-per-filter shape: a prefix sum of the fixed-point weights, made once, then bisection by every slot.
//
// Everything is integers, so the result is the same for any workgroup size, and the same as the merge walk of bank_lane.wgsl. Between `prefix_sum` and
// `parent_of` stands the storage barrier that ends the former.

import package::filter::bindings::{weights, particle_count};
import package::filter::layout_workgroup::fixed_at;
import package::lib::reduce::{width, exclusive_sum};

/// The first particle whose inclusive prefix sum exceeds the wanted point.
fn parent_of(f: u32, wanted: u32) -> u32 {
  var low = 0u;
  var high = particle_count - 1u;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (weights[fixed_at(middle, f)] > wanted) {
      high = middle;
    } else {
      low = middle + 1u;
    }
  }
  return low;
}

/// Turns the fixed-point weights into their inclusive prefix sum, each invocation over a run of its own.
fn prefix_sum(f: u32, lane: u32) {
  let run = (particle_count + width - 1u) / width;
  let first = min(lane * run, particle_count);
  let end = min(first + run, particle_count);
  var sum = 0u;
  for (var j = first; j < end; j++) {
    sum += weights[fixed_at(j, f)];
  }
  var reached = exclusive_sum(lane, sum).before;
  for (var j = first; j < end; j++) {
    reached += weights[fixed_at(j, f)];
    weights[fixed_at(j, f)] = reached;
  }
  storageBarrier();
}
