// The divergence of q's path from the prior's, and back: one workgroup per batch of path samples.
//
// With z = m + s·ε, s = exp(l/2), e = ε/s, the residual of the drifts is r = m′ + ½ l′ s ε − ½ D e − Ω e − f(z, t), and the divergence ½ ∫ E |r|² / D dt (arXiv 2312.10550, with Ω any antisymmetric matrix, which
// turns q without moving its marginals). The adjoints follow term by term; ρ is that of r.

import package::network_sizes::quads;
import package::network_places::{row_own, row_input, row_output, row_by_output, row_by_input, padded_inputs, padded_outputs, terms_quad};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put, gradients, parameters_first};
import package::sde_drift::{drift_forward, drift_back};
import package::sde_sizes::{latent, rotations, path_quads, windows_per_step, moves_in_time};
import package::sde::run::run;
import package::sde::window::divergence_weight;
import package::sde::diffusion::diffusion;
import package::sde::free_slopes::{row_by_log_d, gather_free, diffusion_divergence};
import package::sde::samples::{sample_at, put_sample, row_weight, row_clock, row_eps, row_m, row_dm, row_l, row_dl, row_omega};
import package::lib::reduce::reduce_sum;

const batches = path_quads / quads;
const row_rho = row_own;
const row_work = row_own + 2u * latent;    // behind row_by_log_d

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let place = n / batches;
  let first = n % batches * quads;
  let net = place / windows_per_step;
  choose_place(net, n);
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, select(vec4<f32>(), sample_at(place, row_clock, first + quad), moves_in_time));
    put(row_one, quad, vec4<f32>(1.0));
  }
  for (var i = lane; i < padded_inputs * quads; i += lanes) {
    let d = min(i / quads, latent - 1u);
    let z = latent_state(place, d, first + i % quads);
    put(row_input + i / quads, i % quads, select(vec4<f32>(), z, i / quads < latent));
  }
  storageBarrier();
  drift_forward(lane);
  let weight = divergence_weight(net);
  var divergence = 0.0;
  for (var i = lane; i < padded_outputs * quads; i += lanes) {
    let d = i / quads;
    let quad = i % quads;
    var rho = vec4<f32>();
    for (var once = select(1u, 0u, d < latent); once < 1u; once++) {
      let r = drift_difference(net, place, d, first + quad) - at(row_output + d, quad);
      let big = diffusion(net, first + quad, d, sample_at(place, row_clock, first + quad));
      let share = run.scale * sample_at(place, row_weight, first + quad);
      divergence += dot(share, 0.5 * r * r / big);
      rho = weight * share * r / big;
      put(row_rho + d, quad, rho);
      // ∂/∂log D of ½ r²/D, where r has −½ D e.
      let e = noise_over_sd(place, d, first + quad);
      put(row_by_log_d + d, quad, -0.5 * rho * e * big - 0.5 * rho * r);
    }
    put(row_by_output + d, quad, -rho);
  }
  storageBarrier();
  drift_back(lane, false);
  for (var i = lane; i < latent * quads; i += lanes) {
    back_to_moments(net, place, first, i / quads, i % quads);
  }
  storageBarrier();
  for (var j = 1u; j < select(0u, latent, rotations > 0u); j++) {
    for (var i = lane; i < j * quads; i += lanes) {
      back_to_rotation(place, first, i / quads, j, i % quads);
    }
  }
  let is_first = n % (batches * windows_per_step) == 0u && run.first_window == 0u;
  gather_free(lane, net, place, first, select(0.0, weight * run.prior_scale, is_first));
  let total = reduce_sum(lane, divergence);
  if (lane == 0u) {
    gradients[parameters_first + terms_quad] = vec4<f32>(total, 0.0, 0.0, select(0.0, run.prior_scale * diffusion_divergence(), is_first));
  }
}

fn latent_state(place: u32, d: u32, quad: u32) -> vec4<f32> {
  return sample_at(place, row_m + d, quad) + exp(0.5 * sample_at(place, row_l + d, quad)) * sample_at(place, row_eps + d, quad);
}

/// e = ε/s.
fn noise_over_sd(place: u32, d: u32, quad: u32) -> vec4<f32> {
  return sample_at(place, row_eps + d, quad) * exp(-0.5 * sample_at(place, row_l + d, quad));
}

/// The drift of q at its sample.
fn drift_difference(net: u32, place: u32, d: u32, quad: u32) -> vec4<f32> {
  let e = noise_over_sd(place, d, quad);
  let s_eps = exp(0.5 * sample_at(place, row_l + d, quad)) * sample_at(place, row_eps + d, quad);
  let big = diffusion(net, quad, d, sample_at(place, row_clock, quad));
  return sample_at(place, row_dm + d, quad) + 0.5 * sample_at(place, row_dl + d, quad) * s_eps - 0.5 * big * e - turned(place, d, quad);
}

/// Which ω is that of i < j.
fn pair_index(i: u32, j: u32) -> u32 {
  return j * (j - 1u) / 2u + i;
}

/// (Ω e)_d.
fn turned(place: u32, d: u32, quad: u32) -> vec4<f32> {
  var sum = vec4<f32>();
  for (var j = select(latent, 0u, rotations > 0u); j < latent; j++) {
    if (j != d) {
      let omega = sample_at(place, row_omega + pair_index(min(d, j), max(d, j)), quad);
      sum += select(-omega, omega, d < j) * noise_over_sd(place, j, quad);
    }
  }
  return sum;
}

/// Derivatives by the mean, its slope, the log variance and its slope, in their places. They are read by no one else from here on; rotations come from rows of work.
fn back_to_moments(net: u32, place: u32, first: u32, d: u32, quad: u32) {
  let here = first + quad;
  let rho = at(row_rho + d, quad);
  let by_z = at(row_by_input + d, quad);
  let eps = sample_at(place, row_eps + d, here);
  let s = exp(0.5 * sample_at(place, row_l + d, here));
  let big = diffusion(net, here, d, sample_at(place, row_clock, here));
  var by_e = -0.5 * big * rho;
  for (var j = select(latent, 0u, rotations > 0u); j < latent; j++) {
    if (j != d) {
      let omega = sample_at(place, row_omega + pair_index(min(d, j), max(d, j)), here);
      by_e -= select(omega, -omega, d < j) * at(row_rho + j, quad);
    }
  }
  let by_s = 0.5 * rho * sample_at(place, row_dl + d, here) * eps + by_z * eps - by_e * eps / (s * s);
  put(row_work + d, quad, eps / s);
  put_sample(place, row_m + d, here, by_z);
  put_sample(place, row_dm + d, here, rho);
  put_sample(place, row_l + d, here, 0.5 * s * by_s);
  put_sample(place, row_dl + d, here, 0.5 * rho * s * eps);
}

fn back_to_rotation(place: u32, first: u32, i: u32, j: u32, quad: u32) {
  let by_omega = at(row_rho + j, quad) * at(row_work + i, quad) - at(row_rho + i, quad) * at(row_work + j, quad);
  put_sample(place, row_omega + pair_index(i, j), first + quad, by_omega);
}
