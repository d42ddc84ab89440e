// Log densities of the prior families without their normalisers, and their derivatives: vec2(log density, d log density / dx). Twin of `kernel` in src/model/prior_families.ts;
// the normaliser, which includes the truncation, is a constant that src/model/prior_wgsl.ts adds.
//
// x is inside the support (lib/transform.wgsl sees to it). Standardised distances are limited to 1e15, so that their squares stay within f32.

import package::lib::special::log1p;

fn standardise(x: f32, location: f32, scale: f32) -> f32 {
  return clamp((x - location) / scale, -1e15, 1e15);
}

fn flat_prior() -> vec2<f32> {
  return vec2<f32>(0.0, 0.0);
}

fn normal_prior(x: f32, mean: f32, sd: f32) -> vec2<f32> {
  let z = standardise(x, mean, sd);
  return vec2<f32>(-0.5 * z * z, -z / sd);
}

fn lognormal_prior(x: f32, log_mean: f32, log_sd: f32) -> vec2<f32> {
  let log_x = log(x);
  let z = standardise(log_x, log_mean, log_sd);
  return vec2<f32>(-0.5 * z * z - log_x, -(1.0 + z / log_sd) / x);
}

fn gamma_prior(x: f32, shape: f32, rate: f32) -> vec2<f32> {
  return vec2<f32>((shape - 1.0) * log(x) - rate * x, (shape - 1.0) / x - rate);
}

// complement = 1 − x, given apart because next to 1 it is known better than the difference
fn beta_prior(x: f32, complement: f32, a: f32, b: f32) -> vec2<f32> {
  return vec2<f32>((a - 1.0) * log(x) + (b - 1.0) * log(complement), (a - 1.0) / x - (b - 1.0) / complement);
}

fn exponential_prior(x: f32, rate: f32) -> vec2<f32> {
  return vec2<f32>(-rate * x, -rate);
}

fn half_normal_prior(x: f32, sd: f32) -> vec2<f32> {
  return normal_prior(x, 0.0, sd);
}

fn half_cauchy_prior(x: f32, scale: f32) -> vec2<f32> {
  return student_t_prior(x, 1.0, 0.0, scale);
}

fn student_t_prior(x: f32, degrees: f32, location: f32, scale: f32) -> vec2<f32> {
  let z = standardise(x, location, scale);
  let q = z * z / degrees;
  let slope = -(degrees + 1.0) * z / ((degrees + z * z) * scale);
  return vec2<f32>(-0.5 * (degrees + 1.0) * log1p(q), slope);
}
