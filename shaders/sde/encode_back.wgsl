// From the derivatives by the moments at the samples to those by the nodes, and through the encoder: one workgroup per batch of nodes. The activations are still where encode.wgsl left them.
//
// A node gathers from the samples of its two intervals, so that nothing is added by two invocations at once. A window's first and last node have one of theirs in it; the other counts when its own window is drawn.

import package::network_sizes::quads;
import package::network_places::{row_by_output, padded_outputs, free_first, part_first, terms_quad};
import package::network::memory::{lanes, choose_place, put, gradients, parameters_first, weights, weights_first};
import package::network::mlp::mlp_back;
import package::sde_sizes::{latent, rotations, node_quads, pairs, repeats, path_quads, windows_per_step, learns_start, interpolation_count};
import package::sde::run::{run, Window};
import package::sde::window::{window_at, divergence_weight, is_beyond};
import package::sde::nodes::{encoded_at, channel_m, channel_l, channel_omega};
import package::sde::data::nodes;
import package::sde_interpolation_back::{slopes_back, interpolation_slope};
import package::sde::hermite::{hermite, hermite_slope};
import package::sde::samples::{sample_at, row_u, row_interval, row_span, row_m, row_dm, row_l, row_dl, row_omega};

const batches = node_quads / quads;
const start_count = 2u * latent;    // mean of the prior at the start of a series, log variance
const free_count = start_count + interpolation_count;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let place = n / batches;
  let net = place / windows_per_step;
  choose_place(net, n);
  let window = window_at(place);
  let starts = n % batches == 0u && window.starts == 1u && !is_beyond(place);
  let share = select(0.0, run.scale, starts);
  let weight = share * divergence_weight(net);
  for (var i = lane; i < latent * quads; i += lanes) {
    let d = i / quads;
    // Value, slope to the right, slope to the left.
    var by_mean = array<vec4<f32>, 3>();
    var by_log_variance = array<vec4<f32>, 3>();
    for (var k = 0u; k < 4u; k++) {
      let node = 4u * (n % batches * quads + i % quads) + k;
      let right = gather_moments(place, window, node, d, true);
      let left = gather_moments(place, window, node, d, false);
      let starting = select(0.0, weight, node == 0u);
      by_mean[0][k] = right.mean.x + left.mean.x + starting * by_first_mean(place, d);
      by_mean[1][k] = right.mean.y;
      by_mean[2][k] = left.mean.y;
      by_log_variance[0][k] = right.log_variance.x + left.log_variance.x + starting * by_first_log_variance(place, d);
      by_log_variance[1][k] = right.log_variance.y;
      by_log_variance[2][k] = left.log_variance.y;
    }
    for (var third = 0u; third < 3u; third++) {
      put(row_by_output + channel_m + third * latent + d, i % quads, by_mean[third]);
      put(row_by_output + channel_l + third * latent + d, i % quads, by_log_variance[third]);
    }
  }
  for (var i = lane; i < (padded_outputs - channel_omega) * quads; i += lanes) {
    let rotation = i / quads;
    var value = vec4<f32>();
    for (var k = select(4u, 0u, rotation < rotations); k < 4u; k++) {
      let node = 4u * (n % batches * quads + i % quads) + k;
      value[k] = gather_rotation(place, window, node, rotation, true) + gather_rotation(place, window, node, rotation, false);
    }
    put(row_by_output + channel_omega + rotation, i % quads, value);
  }
  storageBarrier();
  slopes_back(lane, place, window);
  mlp_back(lane, false, false);
  for (var four = lane; four < (free_count + 3u) / 4u; four += lanes) {
    gradients[parameters_first + free_first / 4u - part_first + four] = by_free(place, 4u * four, weight);
  }
  if (lane == 0u) {
    gradients[parameters_first + terms_quad] = vec4<f32>(0.0, 0.0, share * start_divergence(place), 0.0);
  }
}

/// Samples of one of a node's intervals: [x, y) along the path, [z, w) at observations; none where the window has no such interval. @param is_right the interval that begins at the node
fn samples_of(window: Window, node: u32, is_right: bool) -> vec4<u32> {
  let interval = select(node - 1u, node, is_right);
  let exists = select(node > 0u, true, is_right) && interval < window.intervals;
  let share = f32(window.intervals) / f32(pairs);
  // One pair more on each side than rounding may need.
  let first = u32(max(f32(interval) / share - 1.0, 0.0));
  let end = min(pairs, u32((f32(interval) + 1.0) / share) + 2u);
  let begins = nodes[window.first_node + min(interval, window.intervals)].first_observation;
  let ends = nodes[window.first_node + min(interval + 1u, window.intervals)].first_observation;
  let closes = interval + 1u == window.intervals;
  let last = select(ends - window.first_observation, window.observations, closes);
  let found = vec4<u32>(2u * first, 2u * end, 4u * path_quads + repeats * (begins - window.first_observation), 4u * path_quads + repeats * last);
  return select(vec4<u32>(), found, exists);
}

/// By a node's value and its slope into the interval.
struct ByNode {
  mean: vec2<f32>,
  log_variance: vec2<f32>,
}

fn gather_moments(place: u32, window: Window, node: u32, d: u32, is_right: bool) -> ByNode {
  let interval = f32(select(node - 1u, node, is_right));
  let those = samples_of(window, node, is_right);
  var by = ByNode();
  for (var n = 0u; n < those.y - those.x + those.w - those.z; n++) {
    let on_path = n < those.y - those.x;
    let sample = select(those.z + n - (those.y - those.x), those.x + n, on_path);
    let quad = sample / 4u;
    let k = sample % 4u;
    let u = sample_at(place, row_u, quad)[k];
    let here = select(0.0, 1.0, sample_at(place, row_interval, quad)[k] == interval);
    let value = hermite(u) * here;
    let slope = hermite_slope(u) * (here / sample_at(place, row_span, quad)[k]);
    let by_value = select(value.zw, value.xy, is_right);
    let by_slope = select(slope.zw, slope.xy, is_right);
    by.mean += by_value * sample_at(place, row_m + d, quad)[k] + by_slope * sample_at(place, row_dm + d, quad)[k];
    by.log_variance += by_value * sample_at(place, row_l + d, quad)[k] + by_slope * sample_at(place, row_dl + d, quad)[k];
  }
  return by;
}

fn gather_rotation(place: u32, window: Window, node: u32, rotation: u32, is_right: bool) -> f32 {
  let interval = f32(select(node - 1u, node, is_right));
  let those = samples_of(window, node, is_right);
  var sum = 0.0;
  // Rotations matter along the path alone.
  for (var sample = those.x; sample < those.y; sample++) {
    let quad = sample / 4u;
    let k = sample % 4u;
    let u = sample_at(place, row_u, quad)[k];
    let is_here = sample_at(place, row_interval, quad)[k] == interval;
    sum += select(0.0, select(u, 1.0 - u, is_right) * sample_at(place, row_omega + rotation, quad)[k], is_here);
  }
  return sum;
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

/// Its derivatives by what the encoder says of the first node.
fn by_first_mean(place: u32, d: u32) -> f32 {
  return (encoded_at(place, channel_m + d, 0u) - start_parameter(d)) * exp(-start_parameter(latent + d));
}

fn by_first_log_variance(place: u32, d: u32) -> f32 {
  return 0.5 * (exp(encoded_at(place, channel_l + d, 0u) - start_parameter(latent + d)) - 1.0);
}

/// By four of the free parameters: the prior's, and those of the interpolation. @param weight of the divergence at the start
fn by_free(place: u32, first: u32, weight: f32) -> vec4<f32> {
  var slopes = vec4<f32>();
  for (var k = 0u; k < 4u; k++) {
    let d = (first + k) % latent;
    let inverse = exp(-start_parameter(latent + d));
    let distance = encoded_at(place, channel_m + d, 0u) - start_parameter(d);
    let by_log_variance = 0.5 * (1.0 - (exp(encoded_at(place, channel_l + d, 0u)) + distance * distance) * inverse);
    let slope = select(by_log_variance, -distance * inverse, first + k < latent);
    slopes[k] = select(0.0, weight * slope, learns_start && first + k < start_count);
    for (var n = max(first + k, start_count); n < min(first + k + 1u, free_count); n++) {
      slopes[k] += interpolation_slope(n - start_count);
    }
  }
  return slopes;
}
