// Running mean and sum of squared deviations (Welford 1962) of every chain's constrained parameters and of their squares, so that many chains need not keep their draws.
//
//   moments  [4][T][chain]   mean of x, Σ(x − mean)², mean of x², Σ(x² − mean)²

import package::sample::bindings::params;
import package::model_space::theta_size;

@group(0) @binding(13) var<storage, read_write> moments: array<f32>;

fn update(row: u32, c: u32, count: u32, x: f32) {
  let at_mean = row * params.chains + c;
  let at_square = at_mean + theta_size * params.chains;
  let before = select(moments[at_mean], 0.0, count == 1u);
  let mean = before + (x - before) / f32(count);
  moments[at_mean] = mean;
  moments[at_square] = select(moments[at_square], 0.0, count == 1u) + (x - before) * (x - mean);
}

/// Draw number `count`, from 1, of parameter i.
fn add_moment(i: u32, c: u32, count: u32, x: f32) {
  update(i, c, count, x);
  update(2u * theta_size + i, c, count, x * x);
}
