// Parts of the likelihood, one per block of rows: written by gradient.wgsl, read by advance.wgsl.
//
//   parts  [block][1 + T][chain]

import package::sample::bindings::params;
import package::model_space::theta_size;

@group(0) @binding(11) var<storage, read_write> parts: array<f32>;

fn part_at(block: u32, row: u32, c: u32) -> u32 {
  return (block * (1u + theta_size) + row) * params.chains + c;
}
