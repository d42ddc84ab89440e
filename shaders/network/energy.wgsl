// The energy network of one workgroup with its score and the parameter gradient of a loss of the score, pass by pass; a pass is one matrix product and what is done to its result.
//
// E(x, t) = −½|NN(x, s) − x|² is a log density up to a constant, whose zero network is the standard normal (arXiv 2406.11664, with the scalar s(t) an input of every layer):
//
//   h0 = W0[x, s]    z1 = W1[h0, s]    z2 = W2[silu(z1), s]    h1 = h0 + silu(z2)    NN = W3[h1, s]    (each with its bias)
//
// With r = NN − x: score = ∂E/∂x = r − NN'ᵀ r. The parameter gradient of v·score, v held fixed, is that of the directional derivative −r·ṙ, ṙ = NN' v − v: forward along v
// (tangents), then back through both with seeds −ṙ for r and −r for ṙ. What flows back to the tangents is what flowed back for the score. For u = silu(z):
// δz = silu'·δu + silu''·ż·δu̇.
//
// Called by all `lanes` invocations in uniform control flow. Every pass ends with a barrier, so that what it wrote can be read.
// An arm of a branch costs a software adapter as much as if it were taken, a loop that does not run costs nothing: hence loops where one would write `if`.

import package::network_sizes::{even_inputs, padded_inputs, units, quads, layer_0, layer_1, layer_2, layer_3, back_0, back_1, back_2, back_3};
import package::network::layer_product::{Product, layer_product};
import package::network::memory::{lanes, work, work_first};
import package::network::silu::{silu, silu_slope, silu_curvature};
import package::network::rows::{row_x, row_h0, row_z1, row_u1, row_slope1, row_z2, row_slope2, row_h1, row_r, row_by_h1, row_by_z2, row_by_u1, row_by_z1, row_by_h0};
import package::network::rows::{row_v, row_dh0, row_dz1, row_du1, row_dz2, row_dh1, row_back_r, row_back_h1, row_back_z2, row_back_z1, row_back_h0};

const forward_first = 0u;
const forward_end = 4u;     // r
const score_end = 8u;       // the score in row_v
const tangent_end = 12u;    // row_back_r = −ṙ
const back_end = 15u;

fn pass_at(n: u32) -> Product {
  switch (n) {
    case 0u: { return Product(layer_0, even_inputs, units, true, row_x, row_h0); }
    case 1u: { return Product(layer_1, units, units, true, row_h0, row_z1); }
    case 2u: { return Product(layer_2, units, units, true, row_u1, row_z2); }
    case 3u: { return Product(layer_3, units, padded_inputs, true, row_h1, row_r); }
    case 4u: { return Product(back_3, even_inputs, units, false, row_r, row_by_h1); }
    case 5u: { return Product(back_2, units, units, false, row_by_z2, row_by_u1); }
    case 6u: { return Product(back_1, units, units, false, row_by_z1, row_by_h0); }
    case 7u: { return Product(back_0, units, padded_inputs, false, row_by_h0, row_v); }
    case 8u: { return Product(layer_0 + 2u * units / 4u, even_inputs, units, false, row_v, row_dh0); }
    case 9u: { return Product(layer_1 + 2u * units / 4u, units, units, false, row_dh0, row_dz1); }
    case 10u: { return Product(layer_2 + 2u * units / 4u, units, units, false, row_du1, row_dz2); }
    case 11u: { return Product(layer_3 + 2u * padded_inputs / 4u, units, padded_inputs, false, row_dh1, row_back_r); }
    case 12u: { return Product(back_3, even_inputs, units, false, row_back_r, row_back_h1); }
    case 13u: { return Product(back_2, units, units, false, row_back_z2, row_back_z1); }
    default: { return Product(back_1, units, units, false, row_back_z1, row_back_h0); }
  }
}

/// Cell c of `rows`, row after row.
fn cell(rows: u32, c: u32) -> vec4<f32> {
  return work[work_first + rows * quads + c];
}

fn set_cell(rows: u32, c: u32, value: vec4<f32>) {
  work[work_first + rows * quads + c] = value;
}

/// What becomes of the result of pass n. @param cells of the result @param dual passes 12 and 13 with what comes from the tangents; without, they are the plain reverse sweep of a function of r
fn finish(n: u32, lane: u32, cells: u32, dual: bool) {
  for (var c = select(cells, lane, n == 1u); c < cells; c += lanes) {
    let z = cell(row_z1, c);
    set_cell(row_u1, c, silu(z));
    set_cell(row_slope1, c, silu_slope(z));
  }
  for (var c = select(cells, lane, n == 2u); c < cells; c += lanes) {
    let z = cell(row_z2, c);
    set_cell(row_h1, c, cell(row_h0, c) + silu(z));
    set_cell(row_slope2, c, silu_slope(z));
  }
  for (var c = select(cells, lane, n == 3u); c < cells; c += lanes) {
    set_cell(row_r, c, cell(row_r, c) - cell(row_x, c));
  }
  for (var c = select(cells, lane, n == 4u); c < cells; c += lanes) {
    let by_h1 = -cell(row_by_h1, c);
    set_cell(row_by_h1, c, by_h1);
    set_cell(row_by_z2, c, by_h1 * cell(row_slope2, c));
  }
  for (var c = select(cells, lane, n == 5u); c < cells; c += lanes) {
    set_cell(row_by_z1, c, cell(row_by_u1, c) * cell(row_slope1, c));
  }
  for (var c = select(cells, lane, n == 6u); c < cells; c += lanes) {
    set_cell(row_by_h0, c, cell(row_by_h0, c) + cell(row_by_h1, c));
  }
  for (var c = select(cells, lane, n == 7u); c < cells; c += lanes) {
    set_cell(row_v, c, cell(row_v, c) + cell(row_r, c));
  }
  for (var c = select(cells, lane, n == 9u); c < cells; c += lanes) {
    set_cell(row_du1, c, cell(row_dz1, c) * cell(row_slope1, c));
  }
  for (var c = select(cells, lane, n == 10u); c < cells; c += lanes) {
    set_cell(row_dh1, c, cell(row_dh0, c) + cell(row_dz2, c) * cell(row_slope2, c));
  }
  for (var c = select(cells, lane, n == 11u); c < cells; c += lanes) {
    set_cell(row_back_r, c, cell(row_v, c) - cell(row_back_r, c));
  }
  for (var c = select(cells, lane, n == 12u && dual); c < cells; c += lanes) {
    let bend = silu_curvature(cell(row_z2, c)) * cell(row_dz2, c) * cell(row_by_h1, c);
    set_cell(row_back_z2, c, cell(row_back_h1, c) * cell(row_slope2, c) + bend);
  }
  for (var c = select(cells, lane, n == 12u && !dual); c < cells; c += lanes) {
    set_cell(row_back_z2, c, cell(row_back_h1, c) * cell(row_slope2, c));
  }
  for (var c = select(cells, lane, n == 13u && dual); c < cells; c += lanes) {
    let bend = silu_curvature(cell(row_z1, c)) * cell(row_dz1, c) * cell(row_by_u1, c);
    set_cell(row_back_z1, c, cell(row_back_z1, c) * cell(row_slope1, c) + bend);
  }
  for (var c = select(cells, lane, n == 13u && !dual); c < cells; c += lanes) {
    set_cell(row_back_z1, c, cell(row_back_z1, c) * cell(row_slope1, c));
  }
  for (var c = select(cells, lane, n == 14u); c < cells; c += lanes) {
    set_cell(row_back_h0, c, cell(row_back_h0, c) + cell(row_back_h1, c));
  }
}

/// Passes first … end − 1.
fn run_passes(first: u32, end: u32, lane: u32, dual: bool) {
  for (var n = first; n < end; n++) {
    let it = pass_at(n);
    layer_product(lane, it);
    finish(n, lane, it.outputs * quads, dual);
    storageBarrier();
  }
}
