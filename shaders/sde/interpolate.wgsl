// Draws the samples of a step and finds the moments of q there: one invocation per four samples.
//
// Path samples come in antithetic pairs, each at a time of its own, stratified over the window: with τ from 0 to the count of intervals, ∫ g dt = ∫ g·span dτ, and every pair stands for
// intervals / pairs of τ. Any count of pairs gives an unbiased estimate. For solve.wgsl times begin their strata.

import package::sde_sizes::{latent, rotations, pairs, repeats, sample_quads, path_quads, windows_per_step, exact_likelihood, even_grid};
import package::sde::run::{run, progress, Window};
import package::sde::window::{window_at, is_beyond};
import package::sde::nodes::{encoded_at, channel_m, channel_m_right, channel_m_left, channel_l, channel_l_right, channel_l_left, channel_omega};
import package::sde::data::{nodes, observations};
import package::sde::hermite::{hermite, hermite_slope};
import package::sde::samples::{put_sample, row_weight, row_u, row_interval, row_span, row_clock, row_eps, row_m, row_dm, row_l, row_dl, row_omega};
import package::lib::threefry::threefry;
import package::lib::uniform::uniform_open;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_momentum, site_trajectory};

override count: u32;     // of fours of samples, over all places

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + groups.x * group.y) * 64u + lane;
  if (i >= count) {
    return;
  }
  let place = i / sample_quads;
  let quad = i % sample_quads;
  let window = window_at(place);
  let is_path = quad < path_quads;
  var weight = vec4<f32>();
  var u = vec4<f32>();
  var interval = vec4<f32>();
  var span = vec4<f32>();
  var clock = vec4<f32>();
  for (var k = 0u; k < 4u; k++) {
    let place_of = select(at_observation(place, window, 4u * (quad - path_quads) + k), on_path(place, window, 4u * quad + k), is_path);
    let it = nodes[window.first_node + u32(place_of.y)];
    let next = nodes[window.first_node + u32(place_of.y) + 1u];
    u[k] = place_of.x;
    interval[k] = place_of.y;
    span[k] = it.span;
    clock[k] = it.clock + place_of.x * (next.clock - it.clock);
    weight[k] = place_of.z * select(1.0, it.span, is_path);
  }
  put_sample(place, row_weight, quad, select(weight, vec4<f32>(), is_beyond(place)));
  put_sample(place, row_u, quad, u);
  put_sample(place, row_interval, quad, interval);
  put_sample(place, row_span, quad, span);
  put_sample(place, row_clock, quad, clock);
  for (var d = 0u; d < latent; d++) {
    put_sample(place, row_eps + d, quad, select(four_normals(place, quad, d), vec4<f32>(), exact_likelihood && !is_path));
    var mean = array<vec4<f32>, 4>();
    for (var k = 0u; k < 4u; k++) {
      let left = u32(interval[k]);
      let by = hermite(u[k]);
      let slope = hermite_slope(u[k]) / span[k];
      let m = vec4<f32>(encoded_at(place, channel_m + d, left), encoded_at(place, channel_m_right + d, left), encoded_at(place, channel_m + d, left + 1u), encoded_at(place, channel_m_left + d, left + 1u));
      let l = vec4<f32>(encoded_at(place, channel_l + d, left), encoded_at(place, channel_l_right + d, left), encoded_at(place, channel_l + d, left + 1u), encoded_at(place, channel_l_left + d, left + 1u));
      mean[0][k] = dot(by, m);
      mean[1][k] = dot(slope, m);
      mean[2][k] = dot(by, l);
      mean[3][k] = dot(slope, l);
    }
    put_sample(place, row_m + d, quad, mean[0]);
    put_sample(place, row_dm + d, quad, mean[1]);
    put_sample(place, row_l + d, quad, mean[2]);
    put_sample(place, row_dl + d, quad, mean[3]);
  }
  for (var r = 0u; r < rotations; r++) {
    var omega = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let left = u32(interval[k]);
      omega[k] = (1.0 - u[k]) * encoded_at(place, channel_omega + r, left) + u[k] * encoded_at(place, channel_omega + r, left + 1u);
    }
    put_sample(place, row_omega + r, quad, omega);
  }
}

/// Place in the interval, interval, and intervals that the sample stands for.
fn on_path(place: u32, window: Window, sample: u32) -> vec3<f32> {
  let pair = sample / 2u;
  let step = progress[place / windows_per_step];
  let drawn = uniform_open(threefry(run.key, vec2<u32>(at_step(site_trajectory, step), place * pairs + pair)).x);
  let share = f32(window.intervals) / f32(pairs);
  let tau = (f32(pair) + select(drawn, 0.0, even_grid)) * share;
  let interval = min(floor(tau), f32(window.intervals) - 1.0);
  return select(vec3<f32>(), vec3<f32>(min(tau - interval, 1.0), interval, 0.5 * share), pair < pairs);
}

/// The same at an observation; the last is its share of an expectation.
fn at_observation(place: u32, window: Window, sample: u32) -> vec3<f32> {
  let n = sample / repeats;
  let it = observations[window.first_observation + min(n, window.observations - 1u)];
  return vec3<f32>(it.u, f32(it.node - window.first_node), select(0.0, 1.0 / f32(repeats), n < window.observations));
}

/// Of samples 4·quad …: antithetic within pairs.
fn four_normals(place: u32, quad: u32, d: u32) -> vec4<f32> {
  let step = progress[place / windows_per_step];
  let words = threefry(run.key, vec2<u32>(at_step(site_momentum, step), (place * sample_quads + quad) * latent + d));
  let first = normal_from_bits(words.x);
  let second = normal_from_bits(words.y);
  return vec4<f32>(first, -first, second, -second);
}
