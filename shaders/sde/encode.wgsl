// The encoder at all nodes of the windows of a step: one workgroup per batch of nodes.

import package::network_sizes::quads;
import package::network_places::{row_input, row_output};
import package::network::memory::{lanes, row_time, row_one, choose_place, at, put};
import package::network::mlp::mlp_forward;
import package::sde_sizes::{latent, channels, encoder_inputs, node_quads, windows_per_step};
import package::sde::window::window_at;
import package::sde::nodes::{encoded, channel_m_right};
import package::sde::data::{inputs, bases};
import package::sde_interpolation::fill_slopes;

const batches = node_quads / quads;

@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let n = group.x + groups.x * group.y;
  let place = n / batches;
  let first = n % batches * quads;
  let window = window_at(place);
  choose_place(place / windows_per_step, n);
  for (var i = lane; i < encoder_inputs * quads; i += lanes) {
    var value = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      // Nodes beyond the last repeat it.
      let node = window.first_node + min(4u * (first + i % quads) + k, window.intervals);
      value[k] = inputs[node * encoder_inputs + i / quads];
    }
    put(row_input + i / quads, i % quads, value);
  }
  for (var quad = lane; quad < quads; quad += lanes) {
    put(row_time, quad, vec4<f32>());
    put(row_one, quad, vec4<f32>(1.0));
  }
  storageBarrier();
  mlp_forward(lane);
  for (var i = lane; i < channels * quads; i += lanes) {
    let channel = i / quads;
    var value = at(row_output + channel, i % quads);
    if (channel < channel_m_right) {
      for (var k = 0u; k < 4u; k++) {
        let node = window.first_node + min(4u * (first + i % quads) + k, window.intervals);
        value[k] += bases[node * latent + channel];
      }
    }
    encoded[(place * channels + channel) * node_quads + first + i % quads] = value;
  }
  fill_slopes(lane, place, window);
}
