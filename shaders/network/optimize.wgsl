// One step of Adam for every net, by one workgroup each, with a learning rate that warms up and falls as a cosine, and an average of the parameters over the steps.
//
//   averages   [net][parameter]   exponential average
//   terms      [net]              of the loss of this step; moves to `curve` [net][curve_length], at the step's turn

import package::network_sizes::{parameter_quads, weight_quads};
import package::network::memory::{lanes, choose_net, weights, weights_first, parameters_first};
import package::network::adam::adam_step;

struct Schedule {
  total_steps: u32,
  warm_up: u32,
  learning_rate: f32,
  last_rate: f32,       // at the end, as a fraction
  most_slope: f32,      // norm of the gradient beyond which it is cut
  average: f32,         // what the average keeps of itself in a step
  curve_length: u32,
}

@group(0) @binding(0) var<uniform> schedule: Schedule;
@group(0) @binding(5) var<storage, read_write> progress: array<u32>;
@group(0) @binding(6) var<storage, read_write> averages: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> terms: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> curve: array<vec4<f32>>;

const pi = 3.14159265;

fn rate_at(step: u32) -> f32 {
  let rising = min(1.0, f32(step + 1u) / f32(max(schedule.warm_up, 1u)));
  let along = min(1.0, f32(step) / f32(max(schedule.total_steps, 1u)));
  let falling = schedule.last_rate + (1.0 - schedule.last_rate) * 0.5 * (1.0 + cos(pi * along));
  return schedule.learning_rate * rising * falling;
}

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let net = group.x;
  choose_net(net, net);
  let step = progress[net];
  adam_step(lane, step + 1u, rate_at(step), schedule.most_slope);
  // The first steps count alike, so that the average does not remember where it began.
  let keeps = min(schedule.average, f32(step) / f32(step + 1u));
  for (var i = lane; i < parameter_quads; i += lanes) {
    averages[parameters_first + i] = mix(weights[weights_first + i], averages[parameters_first + i], keeps);
  }
  storageBarrier();
  if (lane == 0u) {
    curve[net * schedule.curve_length + step % schedule.curve_length] = terms[net];
    terms[net] = vec4<f32>();
    progress[net] = step + 1u;
  }
}
