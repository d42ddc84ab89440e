// The expected log density of the observations under q, and back: one workgroup per batch of samples at observations.

import package::network_sizes::quads;
import package::network_places::{row_own, row_input, row_output, row_by_output, row_by_input, padded_inputs, padded_outputs, free_first, part_first, terms_quad};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put, gradients, parameters_first, weights, weights_first};
import package::sde_decoder::{decoder_forward, decoder_back};
import package::sde_sizes::{latent, observed, repeats, path_quads, sample_quads, windows_per_step, exact_likelihood, learns_noise};
import package::sde::likelihood::likelihood;
import package::sde::run::run;
import package::sde::window::window_at;
import package::sde::data::values;
import package::sde::samples::{sample_at, put_sample, row_weight, row_eps, row_m, row_dm, row_l, row_dl};
import package::lib::reduce::reduce_sum;

const batches = (sample_quads - path_quads) / quads;
const row_by_noise = row_own;    // derivative by the log variance of a channel, of every sample

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let place = n / batches;
  let first_of = n % batches * quads;
  let first = path_quads + first_of;
  choose_place(place / windows_per_step, n);
  let window = window_at(place);
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, vec4<f32>());
    put(row_one, quad, vec4<f32>(1.0));
  }
  for (var i = lane; i < padded_inputs * quads; i += lanes) {
    let d = min(i / quads, latent - 1u);
    let here = first + i % quads;
    let z = sample_at(place, row_m + d, here) + exp(0.5 * sample_at(place, row_l + d, here)) * sample_at(place, row_eps + d, here);
    put(row_input + i / quads, i % quads, select(vec4<f32>(), z, i / quads < latent));
  }
  storageBarrier();
  decoder_forward(lane);
  var total = 0.0;
  for (var i = lane; i < padded_outputs * quads; i += lanes) {
    let c = min(i / quads, observed - 1u);
    let quad = i % quads;
    let prediction = at(row_output + c, quad);
    var value = vec4<f32>();
    var known = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let nth = (4u * (first_of + quad) + k) / repeats;
      let cell = values[(window.first_observation + min(nth, window.observations - 1u)) * observed + c];
      value[k] = cell.x;
      known[k] = cell.y;
    }
    let spread = select(vec4<f32>(), exp(sample_at(place, row_l + min(c, latent - 1u), first + quad)), exact_likelihood);
    let it = likelihood(prediction, spread, value, noise(c));
    let share = select(vec4<f32>(), run.scale * known * sample_at(place, row_weight, first + quad), i / quads < observed);
    total += dot(share, it.log_density);
    put(row_by_output + i / quads, quad, -share * it.by_prediction);
    for (var once = select(1u, 0u, i / quads < observed); once < 1u; once++) {
      put(row_by_noise + c, quad, -share * it.by_noise);
      put(row_by_noise + observed + c, quad, -share * it.by_spread * spread);
    }
  }
  storageBarrier();
  decoder_back(lane, false);
  for (var i = lane; i < latent * quads; i += lanes) {
    let d = i / quads;
    let quad = i % quads;
    let here = first + quad;
    let by_z = at(row_by_input + d, quad);
    let s_eps = exp(0.5 * sample_at(place, row_l + d, here)) * sample_at(place, row_eps + d, here);
    let by_spread = select(vec4<f32>(), at(row_by_noise + observed + min(d, observed - 1u), quad), exact_likelihood && d < observed);
    put_sample(place, row_m + d, here, by_z);
    put_sample(place, row_dm + d, here, vec4<f32>());
    put_sample(place, row_l + d, here, 0.5 * s_eps * by_z + by_spread);
    put_sample(place, row_dl + d, here, vec4<f32>());
  }
  gather_noise(lane);
  let log_density = reduce_sum(lane, total);
  if (lane == 0u) {
    gradients[parameters_first + terms_quad] = vec4<f32>(0.0, log_density, 0.0, 0.0);
  }
}

/// Log variance of a channel, the free parameters of the decoder's part.
fn noise(c: u32) -> f32 {
  let n = free_first + c;
  return weights[weights_first + n / 4u][n % 4u];
}

fn gather_noise(lane: u32) {
  for (var four = lane; four < (observed + 3u) / 4u; four += lanes) {
    var slopes = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let c = min(4u * four + k, observed - 1u);
      var sum = 0.0;
      for (var quad = 0u; quad < quads; quad++) {
        sum += dot(at(row_by_noise + c, quad), vec4<f32>(1.0));
      }
      slopes[k] = select(0.0, sum, learns_noise && 4u * four + k < observed);
    }
    gradients[parameters_first + free_first / 4u - part_first + four] = slopes;
  }
}
