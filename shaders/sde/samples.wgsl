// Samples of q at single times: what is drawn, the moments of q there, and then, in the place of the moments, derivatives of the loss by them.
//
//   samples   [place][row][sample / 4]   path samples, then samples at observations, each in whole batches

import package::sde_sizes::{latent, sample_quads, sample_rows};

const row_weight = 0u;                        // path: seconds of the integral that the sample stands for; observation: 1 over its samples; 0: fills up a batch
const row_u = 1u;                             // place in the interval, 0 to 1
const row_interval = 2u;                      // of the window
const row_span = 3u;                          // seconds of the interval
const row_clock = 4u;                         // time since the series began, over the longest series
const row_eps = 5u;                           // latent rows each from here on: standard normal,
const row_m = row_eps + latent;               // mean of q,
const row_dm = row_m + latent;                // its derivative by time,
const row_l = row_dm + latent;                // log variance of q,
const row_dl = row_l + latent;
const row_omega = row_dl + latent;            // rotation, ω_ij for i < j

@group(0) @binding(7) var<storage, read_write> samples: array<vec4<f32>>;

fn sample_at(place: u32, row: u32, quad: u32) -> vec4<f32> {
  return samples[(place * sample_rows + row) * sample_quads + quad];
}

fn put_sample(place: u32, row: u32, quad: u32, value: vec4<f32>) {
  samples[(place * sample_rows + row) * sample_quads + quad] = value;
}
