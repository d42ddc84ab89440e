// Slopes of q's moments at the nodes of a window from their values alone, by the deep kernel of arXiv 2312.10550: with φ(τ) = τ + Σ c tanh(a τ + b), τ from −1 to 1 over the window,
// k(t, t′) = exp(−(φ − φ′)²/ℓ) and C = k(T, T) + ν, the curve through the values H is k(t, T) C⁻¹ H. It is smooth where two slopes at every node may have a kink; here to be compared with them. Size 1 and ν are fixed, which the paper learns.
//
// Values at nodes stay H, so that q goes on from one window to the next, where the kernel's own curve misses them by ν C⁻¹ H, and between two nodes q is the cubic with these values and slopes: smooth like the paper's, but not the same curve.
// One workgroup has all nodes of a window. C = L Lᵀ is factored in f32, whose rounding 1/ν bounds.

import package::sde_sizes::{latent, kernel_units};
import package::sde::run::Window;
import package::sde::data::nodes;
import package::sde::nodes::{encoded_at, encoded, channel_m, channel_l};
import package::sde_sizes::{channels, node_quads};
import package::network::memory::{lanes, weights, weights_first};
import package::network_places::free_first;

const most_nodes = 32u;
const columns = 2u * latent;    // means, log variances
const jitter = 1e-5;

struct Warped {
  tau: f32,
  phi: f32,
  slope: f32,    // of φ by time
  rate: f32,     // of τ by time
}

var<workgroup> sh_warped: array<Warped, most_nodes>;
var<workgroup> sh_factor: array<f32, most_nodes * most_nodes>;    // L, rows; its diagonal inverted
var<workgroup> sh_solved: array<f32, most_nodes * columns>;       // C⁻¹ H, columns

/// Free parameters of the encoder's part behind those of the start: log ℓ, then a, b and c of the units.
fn kernel_parameter(n: u32) -> f32 {
  let at_number = free_first + 2u * latent + n;
  return weights[weights_first + at_number / 4u][at_number % 4u];
}

struct Unit {
  a: f32,
  b: f32,
  c: f32,
}

fn unit(n: u32) -> Unit {
  return Unit(kernel_parameter(1u + n), kernel_parameter(1u + kernel_units + n), kernel_parameter(1u + 2u * kernel_units + n));
}

/// Channel of a column's values.
fn channel_of(column: u32) -> u32 {
  return select(channel_l + column - latent, channel_m + column, column < latent);
}

fn span_from(window: Window, node: u32) -> f32 {
  return nodes[window.first_node + node].span;
}

fn kernel_between(i: u32, j: u32, scale: f32) -> f32 {
  let u = sh_warped[i].phi - sh_warped[j].phi;
  return exp(-u * u / scale);
}

/// L, and C⁻¹ H. Called by all invocations; ends with a barrier.
fn solve_window(lane: u32, place: u32, window: Window) {
  let count = window.intervals + 1u;
  let scale = exp(kernel_parameter(0u));
  var length = 0.0;
  for (var n = 0u; n < window.intervals; n++) {
    length += span_from(window, n);
  }
  for (var i = lane; i < count; i += lanes) {
    var before = 0.0;
    for (var n = 0u; n < i; n++) {
      before += span_from(window, n);
    }
    let tau = 2.0 * before / length - 1.0;
    var phi = tau;
    var slope = 1.0;
    for (var n = 0u; n < kernel_units; n++) {
      let it = unit(n);
      let h = tanh(it.a * tau + it.b);
      phi += it.c * h;
      slope += it.c * it.a * (1.0 - h * h);
    }
    sh_warped[i] = Warped(tau, phi, slope * 2.0 / length, 2.0 / length);
  }
  workgroupBarrier();
  // Column after column; every invocation has rows of its own. WGSL wants to see that all invocations meet the same barriers: columns beyond the last node have no rows.
  for (var j = 0u; j < most_nodes; j++) {
    for (var i = j + (lane + lanes - j % lanes) % lanes; i < count; i += lanes) {
      var sum = kernel_between(i, j, scale) + select(0.0, jitter, i == j);
      for (var k = 0u; k < j; k++) {
        sum -= sh_factor[i * most_nodes + k] * sh_factor[j * most_nodes + k];
      }
      // The diagonal is needed by all others of the column: they divide by it after the barrier.
      sh_factor[i * most_nodes + j] = select(sum, inverseSqrt(sum), i == j);
    }
    workgroupBarrier();
    for (var i = j + 1u + (lane + lanes - (j + 1u) % lanes) % lanes; i < count; i += lanes) {
      sh_factor[i * most_nodes + j] *= sh_factor[j * most_nodes + j];
    }
    workgroupBarrier();
  }
  for (var column = lane; column < columns; column += lanes) {
    for (var i = 0u; i < count; i++) {
      sh_solved[column * most_nodes + i] = encoded_at(place, channel_of(column), i);
    }
    solve_column(column, count);
  }
  workgroupBarrier();
}

/// C⁻¹ of a column of sh_solved, in its place.
fn solve_column(column: u32, count: u32) {
  let first = column * most_nodes;
  for (var i = 0u; i < count; i++) {
    var sum = sh_solved[first + i];
    for (var k = 0u; k < i; k++) {
      sum -= sh_factor[i * most_nodes + k] * sh_solved[first + k];
    }
    sh_solved[first + i] = sum * sh_factor[i * most_nodes + i];
  }
  for (var left = count; left > 0u; left--) {
    let i = left - 1u;
    var sum = sh_solved[first + i];
    for (var k = left; k < count; k++) {
      sum -= sh_factor[k * most_nodes + i] * sh_solved[first + k];
    }
    sh_solved[first + i] = sum * sh_factor[i * most_nodes + i];
  }
}

/// From the values in `encoded` to the slopes there, to both sides, in values per interval.
fn interpolation_forward(lane: u32, place: u32, window: Window) {
  storageBarrier();
  solve_window(lane, place, window);
  let count = window.intervals + 1u;
  let scale = exp(kernel_parameter(0u));
  for (var i = lane; i < columns * node_quads; i += lanes) {
    let column = i / node_quads;
    var to_right = vec4<f32>();
    var to_left = vec4<f32>();
    for (var k = 0u; k < 4u; k++) {
      let node = min(4u * (i % node_quads) + k, count - 1u);
      var slope = 0.0;
      for (var j = 0u; j < count; j++) {
        let u = sh_warped[node].phi - sh_warped[j].phi;
        slope -= 2.0 * u / scale * kernel_between(node, j, scale) * sh_solved[column * most_nodes + j];
      }
      slope *= sh_warped[node].slope;
      to_right[k] = slope * span_from(window, min(node, window.intervals - 1u));
      to_left[k] = slope * span_from(window, max(node, 1u) - 1u);
    }
    let channel = channel_of(column);
    encoded[(place * channels + channel + latent) * node_quads + i % node_quads] = to_right;
    encoded[(place * channels + channel + 2u * latent) * node_quads + i % node_quads] = to_left;
  }
}
