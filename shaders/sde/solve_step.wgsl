// One step of the simulated q of solve.wgsl, and back.
//
// q starts from N(m, s²), what the encoder says of the first node, and its drift is the prior's and a pull to the encoder's mean at the rate g = D/(2s²) that holds a variance of s²:
//
//   z' = z + h·f(z, t) + a·(m − z) + √(D h)·ε',    a = 1 − exp(−g h),    divergence of the step ½ (a (m − z))² / (D h)
//
// which is Euler and Maruyama's scheme but for a, the pull's exact part of a step: g h is far above 1 where s is small.

import package::network_sizes::quads;
import package::network_places::{row_own, row_input, row_output, row_by_input};
import package::network::memory::{at, put, weights, weights_first};
import package::sde_sizes::{latent, observed, pairs, steps_per_observation, noise_first};
import package::sde::run::run;
import package::sde::diffusion::diffusion;
import package::sde::free_slopes::row_by_log_d;
import package::sde::data::values;
import package::sde::samples::{sample_at, put_sample, row_weight, row_eps, row_m, row_dm, row_l, row_dl};

const places = 2u * quads;       // of a workgroup
const row_by_next = row_own;     // derivative by the state after the step
const row_by_seen = row_own + 2u * latent;    // derivative of the observation's part by the state
const row_state = row_dm;
const half_log_two_pi = 0.91893853;

/// First observation of every place's window, and how many.
var<workgroup> sh_observations: array<vec2<u32>, places>;

/// A row at a step, for the paths of two places.
fn two(first: u32, row: u32, step: u32, quad: u32) -> vec4<f32> {
  let a = sample_at(first + 2u * quad, row, step / 2u);
  let b = sample_at(first + 2u * quad + 1u, row, step / 2u);
  return select(vec4<f32>(a.xy, b.xy), vec4<f32>(a.zw, b.zw), step % 2u == 1u);
}

fn put_two(first: u32, row: u32, step: u32, quad: u32, value: vec4<f32>) {
  let a = sample_at(first + 2u * quad, row, step / 2u);
  let b = sample_at(first + 2u * quad + 1u, row, step / 2u);
  let is_second = step % 2u == 1u;
  put_sample(first + 2u * quad, row, step / 2u, select(vec4<f32>(value.xy, a.zw), vec4<f32>(a.xy, value.xy), is_second));
  put_sample(first + 2u * quad + 1u, row, step / 2u, select(vec4<f32>(value.zw, b.zw), vec4<f32>(b.xy, value.zw), is_second));
}

/// h of a step; each of the two paths stands for half of it. 1 where the place is none.
fn seconds(first: u32, step: u32, quad: u32) -> vec4<f32> {
  let h = 2.0 * two(first, row_weight, step, quad);
  return select(vec4<f32>(1.0), h, h > vec4<f32>());
}

fn share(first: u32, step: u32, quad: u32) -> vec4<f32> {
  return select(vec4<f32>(), vec4<f32>(run.scale), two(first, row_weight, step, quad) > vec4<f32>());
}

fn diffusion_of(net: u32, d: u32) -> vec4<f32> {
  return diffusion(net, 0u, d, vec4<f32>());
}

struct Pull {
  rate: vec4<f32>,       // g
  part: vec4<f32>,       // a
  distance: vec4<f32>,   // m − z
}

fn pull(first: u32, step: u32, d: u32, quad: u32, z: vec4<f32>, big: vec4<f32>) -> Pull {
  let rate = 0.5 * big * exp(-two(first, row_l + d, step, quad));
  return Pull(rate, 1.0 - exp(-rate * seconds(first, step, quad)), two(first, row_m + d, step, quad) - z);
}

/// The state at a step, from that before it in row_input and the drift there.
fn state_after(net: u32, first: u32, step: u32, d: u32, quad: u32) -> vec4<f32> {
  let eps = two(first, row_eps + d, step, quad);
  if (step == 0u) {
    return two(first, row_m + d, 0u, quad) + exp(0.5 * two(first, row_l + d, 0u, quad)) * eps;
  }
  let z = at(row_input + d, quad);
  let h = seconds(first, step - 1u, quad);
  let big = diffusion_of(net, d);
  let it = pull(first, step - 1u, d, quad, z, big);
  let next = z + h * at(row_output + d, quad) + it.part * it.distance + sqrt(big * h) * eps;
  // What a place without a window does must stay finite.
  return select(vec4<f32>(), next, share(first, step, quad) > vec4<f32>());
}

/// From the derivative by the next state to those by this one, log D and the moments, which take their places. The divergence.
fn back_through(net: u32, first: u32, step: u32, d: u32, quad: u32, weight: f32) -> f32 {
  let z = at(row_input + d, quad);
  let h = seconds(first, step, quad);
  let big = diffusion_of(net, d);
  let it = pull(first, step, d, quad, z, big);
  let by_next = at(row_by_next + d, quad);
  let divergence = 0.25 * share(first, step, quad) * it.part * it.part * it.distance * it.distance / (big * h);
  let cost = weight * 0.5 * share(first, step, quad) / (big * h);
  let by_distance = it.part * by_next + cost * it.part * it.part * it.distance;
  let by_part = it.distance * by_next + cost * it.part * it.distance * it.distance;
  let by_log_rate = by_part * h * (1.0 - it.part) * it.rate;
  let eps = two(first, row_eps + d, min(step + 1u, pairs - 1u), quad);
  let by_noise = 0.5 * sqrt(big * h) * eps * by_next;
  put(row_by_log_d + d, quad, at(row_by_log_d + d, quad) + by_log_rate + by_noise - weight * divergence);
  let by_state = by_next + at(row_by_input + d, quad) - by_distance + at(row_by_seen + d, quad);
  put(row_by_next + d, quad, by_state);
  // The first state is drawn from the moments.
  let drawn = select(vec4<f32>(), by_state, step == 0u);
  put_two(first, row_m + d, step, quad, by_distance + drawn);
  put_two(first, row_l + d, step, quad, -by_log_rate - 0.5 * it.distance * drawn);
  put_two(first, row_dm + d, step, quad, vec4<f32>());
  put_two(first, row_dl + d, step, quad, vec4<f32>());
  return dot(divergence, vec4<f32>(1.0));
}

/// The log density of the observation at a step, and its derivative by the state. An observation at the end of the last window is beyond all steps, and not seen.
fn see(first: u32, step: u32, d: u32, quad: u32) -> f32 {
  let c = min(d, observed - 1u);
  let nth = step / steps_per_observation;
  let a = sh_observations[2u * quad];
  let b = sh_observations[2u * quad + 1u];
  let of_a = values[(a.x + min(nth, a.y - 1u)) * observed + c];
  let of_b = values[(b.x + min(nth, b.y - 1u)) * observed + c];
  let is_there = select(0.0, 0.5, d < observed);
  let counts = is_there * share(first, step, quad) * vec4<f32>(of_a.yy, of_b.yy);
  let log_variance = weights[weights_first + (noise_first + c) / 4u][(noise_first + c) % 4u];
  let distance = vec4<f32>(of_a.xx, of_b.xx) - at(row_input + d, quad);
  put(row_by_seen + d, quad, -counts * distance * exp(-log_variance));
  return dot(counts, -half_log_two_pi - 0.5 * log_variance - 0.5 * distance * distance * exp(-log_variance));
}
