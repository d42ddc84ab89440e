// The other side, which path.wgsl is compared with: q is simulated from one end of a window to the other and the loss differentiated through all steps of the simulation (discretise, then optimise; Li et al.,
// arXiv 2001.01328, whose prior and posterior share the diffusion too). One workgroup per batch of samples, which are two antithetic paths of each of its places.
//
// What one step does is in solve_step.wgsl. Steps are the path samples of interpolate.wgsl on an even grid; their states stay in the rows of m′, which nothing here needs. Where a window begins a series the bound is one of
// the model in steps of h; other windows start anew from what the encoder says, at no cost, as solvers are trained on windows. Gaussian noise, not learned; channels are components; one D.

import package::network_sizes::quads;
import package::network_places::{row_input, row_by_output, padded_inputs, padded_outputs, terms_quad};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put, gradients, parameters_first};
import package::sde_drift::{drift_forward, drift_back};
import package::sde_sizes::{latent, pairs, path_quads, sample_quads, windows_per_step, moves_in_time, steps_per_observation};
import package::sde::run::run;
import package::sde::window::{window_at, divergence_weight};
import package::sde::solve_step::{places, row_by_next, row_by_seen, row_state, sh_observations, two, put_two, seconds, state_after, back_through, see};
import package::sde::free_slopes::{row_by_log_d, gather_free, diffusion_divergence};
import package::sde::samples::{put_sample, row_clock, row_m};
import package::lib::reduce::reduce_sum;

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

/// The drift at the states of a step, with its activations.
fn look(lane: u32, first: u32, step: u32) {
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, select(vec4<f32>(), two(first, row_clock, step, quad), moves_in_time));
    put(row_one, quad, vec4<f32>(1.0));
  }
  storageBarrier();
  drift_forward(lane);
}
