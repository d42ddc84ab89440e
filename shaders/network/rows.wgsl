// Rows of `work` for the energy network: d inputs and w units, in whole tiles.

import package::network_sizes::{padded_inputs, units};

// Behind row_time and row_one of memory.wgsl.
const row_scale = 2u;                         // a(t), where the time is s(t)
const row_error = 3u;                         // for the kernels' own use
const row_x = 4u;                             // padded_inputs
const row_h0 = row_x + padded_inputs;         // units: first layer
const row_z1 = row_h0 + units;                // before the activations of the block
const row_u1 = row_z1 + units;
const row_slope1 = row_u1 + units;            // of the activation
const row_z2 = row_slope1 + units;
const row_slope2 = row_z2 + units;
const row_h1 = row_slope2 + units;            // h0 + silu(z2)
const row_r = row_h1 + units;                 // padded_inputs: NN(x) − x
// What flows back from the energy, named for what it is the derivative by.
const row_by_h1 = row_r + padded_inputs;
const row_by_z2 = row_by_h1 + units;
const row_by_u1 = row_by_z2 + units;
const row_by_z1 = row_by_u1 + units;
const row_by_h0 = row_by_z1 + units;
// Tangents along v.
const row_v = row_by_h0 + units;              // padded_inputs; the score, before it becomes v
const row_dh0 = row_v + padded_inputs;
const row_dz1 = row_dh0 + units;
const row_du1 = row_dz1 + units;
const row_dz2 = row_du1 + units;
const row_dh1 = row_dz2 + units;
// What flows back from v · score.
const row_back_r = row_dh1 + units;           // padded_inputs
const row_back_h1 = row_back_r + padded_inputs;
const row_back_z2 = row_back_h1 + units;
const row_back_z1 = row_back_z2 + units;
const row_back_h0 = row_back_z1 + units;
const row_target = row_back_h0 + units;       // padded_inputs: for the loss
