// Euler and Maruyama's paths of the learned SDE, prior or posterior: one workgroup per batch of paths, many steps per dispatch.
//
//   states        [component][path / 4]           where the paths are
//   log_weights   [path / 4]                      log of the prior's density of a path over q's, less the likelihood, by Girsanov's theorem: −∫ u dW − ½ ∫ |u|² dt, u = (drift of q − f)/√D
//   schedule      [step][2 + 4 · latent + rotations]  length of the step, and at its beginning the time since the series began over the longest series; of q its mean, derivative of it, log variance, derivative
//                                                     of it, rotation, which for paths of the prior are not there
//   trajectory    [stored step][component][path / 4]

import package::network_sizes::quads;
import package::network_places::{row_own, row_input, row_output, padded_inputs};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put};
import package::sde_drift::drift_forward;
import package::sde_sizes::{latent, rotations, knots, moves_in_time};
import package::sde::diffusion::{hat, free_parameter, diffusion_means, diffusion_sds};
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_start, site_transition};

struct Rollout {
  key: vec2<u32>,
  net: u32,
  first_step: u32,
  steps: u32,             // of this dispatch
  every: u32,             // steps from one stored state to the next
  path_quads: u32,
  of_posterior: u32,
}

@group(0) @binding(0) var<uniform> rollout: Rollout;
@group(0) @binding(5) var<storage, read_write> states: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> log_weights: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read> schedule: array<f32>;
@group(0) @binding(8) var<storage, read_write> trajectory: array<vec4<f32>>;

const moment_columns = 4u * latent + rotations;
const row_e = row_own;                 // (z − m)/S
const row_u = row_own + latent;        // (drift of q − f)/√D

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let first = n * quads;
  choose_place(rollout.net, n);
  for (var i = lane; i < padded_inputs * quads; i += lanes) {
    let d = min(i / quads, latent - 1u);
    put(row_input + i / quads, i % quads, select(vec4<f32>(), states[d * rollout.path_quads + first + i % quads], i / quads < latent));
  }
  for (var step = rollout.first_step; step < rollout.first_step + rollout.steps; step++) {
    let now = schedule_at(step);
    let clock = schedule[now + 1u];
    for (var quad = lane; quad < quads; quad += lanes) {
      put(row_time, quad, vec4<f32>(select(0.0, clock, moves_in_time)));
      put(row_one, quad, vec4<f32>(1.0));
    }
    storageBarrier();
    drift_forward(lane);
    for (var i = select(latent * quads, lane, rollout.of_posterior == 1u); i < latent * quads; i += lanes) {
      let mean = schedule[now + 2u + i / quads];
      let log_variance = schedule[now + 2u + 2u * latent + i / quads];
      put(row_e + i / quads, i % quads, (at(row_input + i / quads, i % quads) - mean) * exp(-log_variance));
    }
    storageBarrier();
    for (var i = lane; i < latent * quads; i += lanes) {
      advance(i / quads, first, i % quads, step, clock);
    }
    storageBarrier();
    for (var quad = lane; quad < quads; quad += lanes) {
      log_weights[first + quad] += weight_gain(first, quad, step);
    }
    storageBarrier();
  }
  for (var i = lane; i < latent * quads; i += lanes) {
    states[i / quads * rollout.path_quads + first + i % quads] = at(row_input + i / quads, i % quads);
  }
}

/// Where a step begins in the schedule.
fn schedule_at(step: u32) -> u32 {
  return step * (2u + select(0u, moment_columns, rollout.of_posterior == 1u));
}

fn four_normals(step: u32, d: u32, path_quad: u32) -> vec4<f32> {
  let index = 2u * (path_quad * latent + d);
  let a = threefry(rollout.key, vec2<u32>(at_step(site_transition, step), index));
  let b = threefry(rollout.key, vec2<u32>(at_step(site_transition, step), index + 1u));
  return vec4<f32>(normal_from_bits(a.x), normal_from_bits(a.y), normal_from_bits(b.x), normal_from_bits(b.y));
}

/// D of component d on paths path … path + 3, each with a draw of its own of log D.
fn diffusion(path: u32, d: u32, clock: f32) -> vec4<f32> {
  var log_d = vec4<f32>();
  for (var knot = 0u; knot < knots; knot++) {
    let index = knot * latent + d;
    var draws = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      draws[k] = normal_from_bits(threefry(rollout.key, vec2<u32>(at_step(site_start, 0u), (path + k) * knots * latent + index)).x);
    }
    log_d += hat(knot, vec4<f32>(clock)) * (free_parameter(diffusion_means + index) + exp(free_parameter(diffusion_sds + index)) * draws);
  }
  return exp(log_d);
}

/// One step of component d of four paths. The state is stored before it.
fn advance(d: u32, first: u32, quad: u32, step: u32, clock: f32) {
  let now = schedule_at(step);
  let moments = now + 2u;
  let dt = schedule[now];
  let z = at(row_input + d, quad);
  let f = at(row_output + d, quad);
  let big = diffusion(4u * (first + quad), d, clock);
  var drift = f;
  for (var once = select(1u, 0u, rollout.of_posterior == 1u); once < 1u; once++) {
    // m′ − A(z − m), A = (½(D − S′) + Ω)/S.
    let slope = schedule[moments + latent + d];
    let log_slope = schedule[moments + 3u * latent + d];
    let e = at(row_e + d, quad);
    let variance = exp(schedule[moments + 2u * latent + d]);
    drift = slope - 0.5 * (big - variance * log_slope) * e;
    for (var j = select(latent, 0u, rotations > 0u); j < latent; j++) {
      if (j != d) {
        let low = min(d, j);
        let high = max(d, j);
        let omega = schedule[moments + 4u * latent + high * (high - 1u) / 2u + low];
        drift -= select(-omega, omega, d < j) * at(row_e + j, quad);
      }
    }
  }
  put(row_u + d, quad, (drift - f) / sqrt(big));
  if (step % rollout.every == 0u) {
    trajectory[((step / rollout.every) * latent + d) * rollout.path_quads + first + quad] = z;
  }
  put(row_input + d, quad, z + dt * drift + sqrt(dt * big) * four_normals(step, d, first + quad));
}

fn weight_gain(first: u32, quad: u32, step: u32) -> vec4<f32> {
  let dt = schedule[schedule_at(step)];
  var gain = vec4<f32>();
  for (var d = 0u; d < latent; d++) {
    let u = at(row_u + d, quad);
    gain -= sqrt(dt) * u * four_normals(step, d, first + quad) + 0.5 * dt * u * u;
  }
  return gain;
}
