// What the encoder says of every node of a window.
//
//   encoded   [place][channel][node / 4]
//
// Channels, `latent` each: mean, its slope to the right, its slope to the left, and the same of the log variance; then the rotation.

import package::sde_sizes::{latent, node_quads, channels};

const channel_m = 0u;
const channel_m_right = latent;
const channel_m_left = 2u * latent;
const channel_l = 3u * latent;
const channel_l_right = 4u * latent;
const channel_l_left = 5u * latent;
const channel_omega = 6u * latent;

@group(0) @binding(8) var<storage, read_write> encoded: array<vec4<f32>>;

fn encoded_at(place: u32, channel: u32, node: u32) -> f32 {
  return encoded[(place * channels + channel) * node_quads + node / 4u][node % 4u];
}
