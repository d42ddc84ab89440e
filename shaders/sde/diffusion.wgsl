// The diagonal diffusion D(t) of prior and posterior: log D is linear between knots evenly over time, and every knot is normal in q (D log-normal).

import package::sde_sizes::{latent, knots, paths, windows_per_step};
import package::sde::run::{run, progress};
import package::network::memory::{weights, weights_first};
import package::network_places::free_first;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_start};

// Free parameters of the drift's part: means of log D [knot][latent], then logarithms of their standard deviations.
const diffusion_means = 0u;
const diffusion_sds = knots * latent;
const diffusion_count = 2u * knots * latent;

fn free_parameter(n: u32) -> f32 {
  let at_number = free_first + n;
  return weights[weights_first + at_number / 4u][at_number % 4u];
}

/// What knot `knot` counts at a time. Beyond the longest series the last one stands.
fn hat(knot: u32, clock: vec4<f32>) -> vec4<f32> {
  let distance = abs(min(clock, vec4<f32>(1.0)) * f32(max(knots, 2u) - 1u) - f32(knot));
  return select(max(1.0 - distance, vec4<f32>()), vec4<f32>(1.0), knots == 1u);
}

/// Standard normals of the samples 4·quad …: one draw of D for every path of the run, whose samples are those of its pairs. @param index of the number in [knot][latent]
fn diffusion_draws(net: u32, quad: u32, index: u32) -> vec4<f32> {
  let first = diffusion_draw(net, 2u * quad % paths, index);
  let second = diffusion_draw(net, (2u * quad + 1u) % paths, index);
  return vec4<f32>(first, first, second, second);
}

fn diffusion_draw(net: u32, path: u32, index: u32) -> f32 {
  let words = threefry(run.key, vec2<u32>(at_step(site_start, progress[net]), (net * paths + path) * knots * latent + index));
  return normal_from_bits(words.x);
}

/// D of component d at the samples 4·quad ….
fn diffusion(net: u32, quad: u32, d: u32, clock: vec4<f32>) -> vec4<f32> {
  var log_d = vec4<f32>();
  for (var knot = 0u; knot < knots; knot++) {
    let index = knot * latent + d;
    log_d += hat(knot, clock) * (free_parameter(diffusion_means + index) + exp(free_parameter(diffusion_sds + index)) * diffusion_draws(net, quad, index));
  }
  return exp(log_d);
}
