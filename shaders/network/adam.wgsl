// Adam (Kingma & Ba 2015, algorithm 1, with their β₁ = 0.9 and β₂ = 0.999) on all parameters of a net, with the gradient cut where its norm is large.
//
//   moments   [net][parameter / 4]   the gradient's mean and mean square, both before the correction for their start at 0

import package::network_sizes::parameter_quads;
import package::network_layers::{Layer, layer_count, layer_at};
import package::network::memory::{lanes, weights, weights_first, gradients, parameters_first};
import package::lib::reduce::reduce_sum;

struct Moments {
  mean: vec4<f32>,
  square: vec4<f32>,
}

@group(0) @binding(4) var<storage, read_write> moments: array<Moments>;

const mean_decay = 0.9;
const square_decay = 0.999;
const small = 1e-8;

/// Σ of the weights that a moment has gathered in `steps` steps. @param log_decay logarithm of its decay
fn gathered(log_decay: f32, steps: f32) -> f32 {
  let exponent = log_decay * steps;
  // 1 − exp of a small number would lose the digits of the first steps.
  return select(1.0 - exp(exponent), -exponent * (1.0 + 0.5 * exponent), exponent > -0.01);
}

struct Rates {
  cut: f32,          // of the gradient
  rate: f32,
  mean: f32,         // what the moments have gathered
  square: f32,
}

/// Called by all invocations. @param step from 1 @param most norm of the gradient beyond which it is cut
fn adam_step(lane: u32, step: u32, learning_rate: f32, most: f32) {
  var square = 0.0;
  for (var i = lane; i < parameter_quads; i += lanes) {
    let slope = gradients[parameters_first + i];
    square += dot(slope, slope);
  }
  let norm = sqrt(reduce_sum(lane, square));
  let rates = Rates(
    select(1.0, most / norm, norm > most),
    learning_rate,
    gathered(-0.10536052, f32(step)),
    gathered(-0.00100050033, f32(step)),
  );
  for (var layer = 0u; layer < layer_count; layer++) {
    move_layer(lane, layer_at(layer), rates);
  }
  storageBarrier();
}

/// Time and bias, then blocks of four inputs by four outputs, and their transposes.
fn move_layer(lane: u32, it: Layer, rates: Rates) {
  let across = it.outputs / 4u;
  for (var block = lane; block < it.inputs / 4u * across; block += lanes) {
    let input = block / across * 4u;
    let i = it.first + (input + 2u) * across + block % across;
    let moved = transpose(mat4x4<f32>(
      move_quad(i, rates), move_quad(i + across, rates), move_quad(i + 2u * across, rates), move_quad(i + 3u * across, rates),
    ));
    let to = weights_first + it.back + block % across * it.inputs + input / 4u;
    weights[to] = moved[0];
    weights[to + it.inputs / 4u] = moved[1];
    weights[to + 2u * it.inputs / 4u] = moved[2];
    weights[to + 3u * it.inputs / 4u] = moved[3];
  }
  for (var i = lane; i < 2u * across; i += lanes) {
    _ = move_quad(it.first + i, rates);
  }
}

fn move_quad(i: u32, rates: Rates) -> vec4<f32> {
  let slope = rates.cut * gradients[parameters_first + i];
  let before = moments[parameters_first + i];
  let now = Moments(
    mean_decay * before.mean + (1.0 - mean_decay) * slope,
    square_decay * before.square + (1.0 - square_decay) * slope * slope,
  );
  moments[parameters_first + i] = now;
  let moved = weights[weights_first + i] - rates.rate * (now.mean / rates.mean) / (sqrt(now.square / rates.square) + small);
  weights[weights_first + i] = moved;
  return moved;
}
