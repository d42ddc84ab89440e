// The other side, which path.wgsl is compared with: q is simulated from one end of a window to the other and the loss differentiated through all steps of the simulation (discretise, then optimise; Li et al.,
// arXiv 2001.01328, whose prior and posterior share the diffusion too). One workgroup per batch of samples, which are two antithetic paths of each of its places.
//
// q starts from N(m, s²), what the encoder says of the first node, and its drift is the prior's and a pull to the encoder's mean at the rate g = D/(2s²) that holds a variance of s²:
//
//   z' = z + h·f(z, t) + a·(m − z) + √(D h)·ε',    a = 1 − exp(−g h),    divergence of the step ½ (a (m − z))² / (D h)
//
// which is Euler and Maruyama's scheme but for a, the pull's exact part of a step: g h is far above 1 where s is small. Where a window begins a series the bound is one of the model in steps of h; other windows start anew from what the encoder says, at no cost, as solvers are trained on windows. Steps are the path samples of interpolate.wgsl on an
// even grid; their states stay in the rows of m′, which nothing here needs. Gaussian noise, not learned; channels are components; one D.

import package::network_sizes::quads;
import package::network_places::{row_own, row_input, row_output, row_by_output, row_by_input, padded_inputs, padded_outputs, terms_quad};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put, gradients, parameters_first, weights, weights_first};
import package::sde_drift::{drift_forward, drift_back};
import package::sde_sizes::{latent, observed, pairs, path_quads, sample_quads, windows_per_step, moves_in_time, steps_per_observation, noise_first};
import package::sde::run::run;
import package::sde::window::{window_at, divergence_weight};
import package::sde::diffusion::diffusion;
import package::sde::free_slopes::{row_by_log_d, gather_free, diffusion_divergence};
import package::sde::data::values;
import package::sde::samples::{sample_at, put_sample, row_weight, row_clock, row_eps, row_m, row_dm, row_l, row_dl};
import package::lib::reduce::reduce_sum;

const places = 2u * quads;       // of a workgroup
const row_by_next = row_own;     // derivative by the state after the step
const row_by_seen = row_own + 2u * latent;    // derivative of the observation's part by the state
const row_state = row_dm;
const half_log_two_pi = 0.91893853;

/// First observation of every place's window, and how many.
var<workgroup> sh_observations: array<vec2<u32>, places>;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let first = n * places;
  let net = first / windows_per_step;
  choose_place(net, n);
  for (var i = lane; i < places; i += lanes) {
    let window = window_at(first + i);
    sh_observations[i] = vec2<u32>(window.first_observation, window.observations);
  }
  for (var i = lane; i < padded_inputs * quads; i += lanes) {
    put(row_input + i / quads, i % quads, vec4<f32>());
  }
  for (var i = lane; i < latent * quads; i += lanes) {
    put(row_by_next + i / quads, i % quads, vec4<f32>());
    put(row_by_log_d + i / quads, i % quads, vec4<f32>());
  }
  workgroupBarrier();
  storageBarrier();
  for (var step = 0u; step < pairs; step++) {
    for (var i = lane; i < latent * quads; i += lanes) {
      let d = i / quads;
      let z = state_after(net, first, step, d, i % quads);
      put(row_input + d, i % quads, z);
      put_two(first, row_state + d, step, i % quads, z);
    }
    look(lane, first, step);
  }
  let weight = divergence_weight(net);
  var divergence = 0.0;
  var log_density = 0.0;
  for (var left = pairs; left > 0u; left--) {
    let step = left - 1u;
    for (var i = lane; i < latent * quads; i += lanes) {
      put(row_input + i / quads, i % quads, two(first, row_state + i / quads, step, i % quads));
    }
    look(lane, first, step);
    for (var i = lane; i < padded_outputs * quads; i += lanes) {
      let by_next = at(row_by_next + min(i / quads, latent - 1u), i % quads);
      put(row_by_output + i / quads, i % quads, select(vec4<f32>(), seconds(first, step, i % quads) * by_next, i / quads < latent));
    }
    storageBarrier();
    drift_back(lane, left < pairs);
    let is_seen = step % steps_per_observation == 0u;
    for (var i = lane; i < latent * quads; i += lanes) {
      put(row_by_seen + i / quads, i % quads, vec4<f32>());
    }
    for (var i = select(latent * quads, lane, is_seen); i < latent * quads; i += lanes) {
      log_density += see(first, step, i / quads, i % quads);
    }
    for (var i = lane; i < latent * quads; i += lanes) {
      divergence += back_through(net, first, step, i / quads, i % quads, weight);
    }
    storageBarrier();
  }
  // What interpolate.wgsl says of observations is of no use here, and encode_back.wgsl reads it.
  for (var i = lane; i < places * 4u * latent * (sample_quads - path_quads); i += lanes) {
    let quad = path_quads + i % (sample_quads - path_quads);
    let row = i / (sample_quads - path_quads);
    put_sample(first + row / (4u * latent), row_m + row % (4u * latent), quad, vec4<f32>());
  }
  let is_first = n % (windows_per_step / places) == 0u && run.first_window == 0u;
  gather_free(lane, net, first, 0u, select(0.0, weight * run.prior_scale, is_first));
  let path_total = reduce_sum(lane, divergence);
  let seen_total = reduce_sum(lane, log_density);
  if (lane == 0u) {
    gradients[parameters_first + terms_quad] = vec4<f32>(path_total, seen_total, 0.0, select(0.0, run.prior_scale * diffusion_divergence(), is_first));
  }
}

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

/// The drift at the states of a step, with its activations.
fn look(lane: u32, first: u32, step: u32) {
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, select(vec4<f32>(), two(first, row_clock, step, quad), moves_in_time));
    put(row_one, quad, vec4<f32>(1.0));
  }
  storageBarrier();
  drift_forward(lane);
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
