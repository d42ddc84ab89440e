// From the derivatives by the moments at the samples to those by the nodes, and through the encoder: one workgroup per batch of nodes. The activations are still where encode.wgsl left them.
//
// A node gathers from the samples of its two intervals, so that nothing is added by two invocations at once. A window's first and last node have one of theirs in it; the other counts when its own window is drawn.

import package::network_sizes::quads;
import package::network_places::{row_by_output, padded_outputs, free_first, part_first, terms_quad};
import package::network::memory::{lanes, choose_place, put, gradients, parameters_first, weights, weights_first};
import package::network::mlp::mlp_back;
import package::sde_sizes::{latent, channels, node_quads, pairs, repeats, path_quads, windows_per_step, learns_start};
import package::sde::run::{run, Window};
import package::sde::window::{window_at, divergence_weight, is_beyond};
import package::sde::nodes::{encoded_at, channel_m, channel_m_right, channel_l, channel_omega};
import package::sde::data::nodes;
import package::sde::hermite::{hermite, hermite_slope};
import package::sde::samples::{sample_at, row_u, row_interval, row_span, row_m, row_dm, row_l, row_dl, row_omega};

const batches = node_quads / quads;
const free_count = 2u * latent;    // mean of the prior at the start of a series, log variance

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let place = n / batches;
  let net = place / windows_per_step;
  choose_place(net, n);
  let window = window_at(place);
  let starts = n % batches == 0u && window.starts == 1u && !is_beyond(place);
  let share = select(0.0, run.scale, starts);
  for (var i = lane; i < padded_outputs * quads; i += lanes) {
    let channel = i / quads;
    var value = vec4<f32>();
    for (var k = select(4u, 0u, channel < channels); k < 4u; k++) {
      let node = 4u * (n % batches * quads + i % quads) + k;
      value[k] = from_interval(place, window, node, channel, true) + from_interval(place, window, node, channel, false);
      value[k] += select(0.0, share * divergence_weight(net), node == 0u) * by_start(place, channel);
    }
    put(row_by_output + channel, i % quads, value);
  }
  storageBarrier();
  mlp_back(lane, false);
  for (var four = lane; four < (free_count + 3u) / 4u; four += lanes) {
    gradients[parameters_first + free_first / 4u - part_first + four] = share * divergence_weight(net) * by_prior(place, 4u * four);
  }
  if (lane == 0u) {
    gradients[parameters_first + terms_quad] = vec4<f32>(0.0, 0.0, share * start_divergence(place), 0.0);
  }
}

/// What the samples of one of a node's intervals give. @param is_right the interval that begins at the node
fn from_interval(place: u32, window: Window, node: u32, channel: u32, is_right: bool) -> f32 {
  let interval = select(node - 1u, node, is_right);
  let exists = select(node > 0u, true, is_right) && interval < window.intervals;
  let share = f32(window.intervals) / f32(pairs);
  // One pair more on each side than rounding may need.
  let first = u32(max(f32(interval) / share - 1.0, 0.0));
  let end = min(pairs, u32((f32(interval) + 1.0) / share) + 2u);
  var sum = 0.0;
  for (var sample = select(2u * end, 2u * first, exists); sample < 2u * end; sample++) {
    sum += from_sample(place, sample, interval, channel, is_right);
  }
  let begins = nodes[window.first_node + min(interval, window.intervals)].first_observation;
  let ends = nodes[window.first_node + min(interval + 1u, window.intervals)].first_observation;
  let closes = interval + 1u == window.intervals;
  let last = select(ends - window.first_observation, window.observations, closes);
  let begin = 4u * path_quads + repeats * (begins - window.first_observation);
  for (var sample = select(4u * path_quads + repeats * last, begin, exists); sample < 4u * path_quads + repeats * last; sample++) {
    sum += from_sample(place, sample, interval, channel, is_right);
  }
  return sum;
}

fn from_sample(place: u32, sample: u32, interval: u32, channel: u32, is_right: bool) -> f32 {
  let quad = sample / 4u;
  let k = sample % 4u;
  let u = sample_at(place, row_u, quad)[k];
  let is_here = sample_at(place, row_interval, quad)[k] == f32(interval);
  let by = hermite(u);
  let slope = hermite_slope(u) / sample_at(place, row_span, quad)[k];
  // Channels in threes: value, slope to the right, slope to the left.
  let d = channel % latent;
  let third = channel / latent % 3u;
  let of_mean = channel < channel_l;
  let at_value = select(select(by.z, by.x, is_right), select(by.w, by.y, is_right), third != 0u);
  let at_slope = select(select(slope.z, slope.x, is_right), select(slope.w, slope.y, is_right), third != 0u);
  let by_value = sample_at(place, select(row_l, row_m, of_mean) + d, quad)[k];
  let by_slope = sample_at(place, select(row_dl, row_dm, of_mean) + d, quad)[k];
  // A node's slope to the left is that of the interval before it.
  let counts = third == 0u || (third == 1u) == is_right;
  let moments = select(0.0, at_value * by_value + at_slope * by_slope, counts && channel < channel_omega);
  let is_omega = channel >= channel_omega;
  let omega = sample_at(place, select(row_u, row_omega + channel - channel_omega, is_omega), quad)[k];
  let turning = select(0.0, select(u, 1.0 - u, is_right) * omega, is_omega);
  return select(0.0, moments + turning, is_here);
}

fn start_parameter(n: u32) -> f32 {
  let at_number = free_first + n;
  return weights[weights_first + at_number / 4u][at_number % 4u];
}

/// Of q's first state from the prior's: normals, all independent.
fn start_divergence(place: u32) -> f32 {
  var sum = 0.0;
  for (var d = 0u; d < latent; d++) {
    let l = encoded_at(place, channel_l + d, 0u) - start_parameter(latent + d);
    let distance = encoded_at(place, channel_m + d, 0u) - start_parameter(d);
    sum += 0.5 * (exp(l) - 1.0 - l + distance * distance * exp(-start_parameter(latent + d)));
  }
  return sum;
}

/// Its derivative by what the encoder says of the first node.
fn by_start(place: u32, channel: u32) -> f32 {
  let d = channel % latent;
  let inverse = exp(-start_parameter(latent + d));
  let by_mean = (encoded_at(place, channel_m + d, 0u) - start_parameter(d)) * inverse;
  let by_log_variance = 0.5 * (exp(encoded_at(place, channel_l + d, 0u)) * inverse - 1.0);
  return select(select(0.0, by_log_variance, channel / latent == 3u), by_mean, channel < channel_m_right);
}

/// By four of the prior's parameters.
fn by_prior(place: u32, first: u32) -> vec4<f32> {
  var slopes = vec4<f32>();
  for (var k = 0u; k < 4u; k++) {
    let d = (first + k) % latent;
    let inverse = exp(-start_parameter(latent + d));
    let distance = encoded_at(place, channel_m + d, 0u) - start_parameter(d);
    let by_log_variance = 0.5 * (1.0 - (exp(encoded_at(place, channel_l + d, 0u)) + distance * distance) * inverse);
    let slope = select(by_log_variance, -distance * inverse, first + k < latent);
    slopes[k] = select(0.0, slope, learns_start && first + k < free_count);
  }
  return slopes;
}
