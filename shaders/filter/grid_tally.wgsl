// What a weight adds to a filter's sums, and the sum and prefix sum of that over one workgroup.
//
// In two levels of `block` entries, one invocation walking each block: three barriers instead of one for every power of two. Integers are exact; the f32 sum has a fixed shape, so the same input gives the same bits.
// An entry passes through at most block + width/block additions, and through those that made it: with 128 invocations per tile and 256 for the tiles, 10⁷ weights are a tree whose longest chain is 8 + 16 + 8 + 39 + 16 + 16
// additions, off by at most 103·2⁻²⁴ of the sum, where adding them one by one could be off by half of it.

import package::lib::reduce::width;
import package::lib::wide::wide_add;

struct Tally {
  fixed: vec2<u32>,   // Σ of the fixed-point weights
  coarse: vec2<u32>,  // Σ of the coarse weights
  squares: vec2<u32>, // Σ of their squares
  sum: f32,           // Σ of the weights relative to the largest
}

struct Gathered {
  total: Tally,
  before: vec2<u32>,  // Σ fixed over lower lanes
}

const block = 16u;

var<workgroup> sh_tally: array<Tally, width>;

fn add_tallies(a: Tally, b: Tally) -> Tally {
  return Tally(wide_add(a.fixed, b.fixed), wide_add(a.coarse, b.coarse), wide_add(a.squares, b.squares), a.sum + b.sum);
}

/// Called by all invocations in uniform control flow; gives all the same total. `width` is a multiple of `block`.
fn gather_tallies(lane: u32, own: Tally) -> Gathered {
  sh_tally[lane] = own;
  workgroupBarrier();
  if (lane < width / block) {
    for (var i = lane * block + 1u; i < (lane + 1u) * block; i++) {
      sh_tally[i] = add_tallies(sh_tally[i - 1u], sh_tally[i]);
    }
  }
  workgroupBarrier();
  var total = Tally();
  var before = vec2<u32>();
  for (var b = 0u; b < width / block; b++) {
    if (b == lane / block) {
      before = total.fixed;
    }
    total = add_tallies(total, sh_tally[(b + 1u) * block - 1u]);
  }
  if (lane % block > 0u) {
    before = wide_add(before, sh_tally[lane - 1u].fixed);
  }
  return Gathered(total, before);
}
