// Back through deep_kernel.wgsl: what is derived by the slopes at the nodes goes to their values and to the kernel's parameters.
//
// With P = ∂k/∂t (T, T), the slopes are V′ = P W and W = C⁻¹ H. For G by V′: W̄ = Pᵀ G, R = C⁻¹ W̄ is added to what is derived by H, C̄ = −R Wᵀ, P̄ = G Wᵀ.

import package::network_places::row_by_output;
import package::network_sizes::quads;
import package::network::memory::{lanes, at, put};
import package::sde_sizes::{latent, kernel_units};
import package::sde::run::Window;
import package::sde::deep_kernel::{most_nodes, columns, sh_warped, sh_solved, solve_window, solve_column, kernel_parameter, kernel_between, unit, channel_of, span_from};

var<workgroup> sh_by_slope: array<f32, most_nodes * columns>;     // G, columns
var<workgroup> sh_values: array<f32, most_nodes * columns>;       // W, while sh_solved has R
var<workgroup> sh_by_warped: array<vec2<f32>, most_nodes>;        // by φ and its slope
var<workgroup> sh_by_scale: array<f32, most_nodes>;               // by ℓ, of a row
var<workgroup> sh_by_parameter: array<f32, 1u + 3u * kernel_units>;

/// Rows row_by_output of the slopes move to those of the values. Called by all invocations, after a barrier; ends with one.
fn interpolation_back(lane: u32, place: u32, window: Window) {
  solve_window(lane, place, window);
  let count = window.intervals + 1u;
  let scale = exp(kernel_parameter(0u));
  for (var column = lane; column < columns; column += lanes) {
    let row = row_by_output + channel_of(column);
    for (var i = 0u; i < count; i++) {
      let to_right = at(row + latent, i / 4u)[i % 4u] * span_from(window, min(i, window.intervals - 1u));
      let to_left = at(row + 2u * latent, i / 4u)[i % 4u] * span_from(window, max(i, 1u) - 1u);
      sh_by_slope[column * most_nodes + i] = to_right + to_left;
      sh_values[column * most_nodes + i] = sh_solved[column * most_nodes + i];
    }
    for (var j = 0u; j < count; j++) {
      var sum = 0.0;
      for (var i = 0u; i < count; i++) {
        sum += slope_between(i, j, scale) * sh_by_slope[column * most_nodes + i];
      }
      sh_solved[column * most_nodes + j] = sum;
    }
    solve_column(column, count);
    for (var quad = 0u; quad < quads; quad++) {
      var by_value = at(row, quad);
      for (var k = 0u; k < 4u; k++) {
        let i = 4u * quad + k;
        by_value[k] += select(0.0, sh_solved[column * most_nodes + min(i, count - 1u)], i < count);
      }
      put(row, quad, by_value);
      put(row + latent, quad, vec4<f32>());
      put(row + 2u * latent, quad, vec4<f32>());
    }
  }
  workgroupBarrier();
  for (var i = lane; i < count; i += lanes) {
    by_row(i, count, scale);
  }
  workgroupBarrier();
  for (var n = lane; n < kernel_units; n += lanes) {
    by_unit(n, count);
  }
  if (lane == 0u) {
    var sum = 0.0;
    for (var i = 0u; i < count; i++) {
      sum += sh_by_scale[i];
    }
    sh_by_parameter[0] = sum * scale;
  }
  workgroupBarrier();
  storageBarrier();
}

/// The gradient by a parameter of the kernel: log ℓ, a, b, c.
fn slope_by_parameter(n: u32) -> f32 {
  return sh_by_parameter[n];
}

/// ∂k/∂t at (tᵢ, tⱼ).
fn slope_between(i: u32, j: u32, scale: f32) -> f32 {
  return -2.0 * (sh_warped[i].phi - sh_warped[j].phi) / scale * sh_warped[i].slope * kernel_between(i, j, scale);
}

/// (P̄ᵢⱼ, C̄ᵢⱼ)
fn by_matrices(i: u32, j: u32) -> vec2<f32> {
  var sums = vec2<f32>();
  for (var column = 0u; column < columns; column++) {
    let first = column * most_nodes;
    sums += vec2<f32>(sh_by_slope[first + i], -sh_solved[first + i]) * sh_values[first + j];
  }
  return sums;
}

/// By φ and φ′ of node i, and by ℓ from row i of the matrices.
fn by_row(i: u32, count: u32, scale: f32) {
  var by_phi = 0.0;
  var by_slope = 0.0;
  var by_scale = 0.0;
  for (var j = 0u; j < count; j++) {
    let u = sh_warped[i].phi - sh_warped[j].phi;
    let k = kernel_between(i, j, scale);
    let q = -2.0 * u / scale;
    let own = by_matrices(i, j);
    let other = by_matrices(j, i);
    let by_k = own.y + own.x * q * sh_warped[i].slope;
    // By uᵢⱼ, and by uⱼᵢ, whose q is −q.
    let by_u = by_k * k * q - own.x * k * sh_warped[i].slope * 2.0 / scale;
    let by_k_other = other.y - other.x * q * sh_warped[j].slope;
    let by_u_other = -by_k_other * k * q - other.x * k * sh_warped[j].slope * 2.0 / scale;
    by_phi += by_u - by_u_other;
    by_slope += own.x * k * q;
    by_scale += by_k * k * u * u / (scale * scale) + own.x * k * sh_warped[i].slope * 2.0 * u / (scale * scale);
  }
  sh_by_warped[i] = vec2<f32>(by_phi, by_slope);
  sh_by_scale[i] = by_scale;
}

fn by_unit(n: u32, count: u32) {
  let it = unit(n);
  var by = vec3<f32>();
  for (var i = 0u; i < count; i++) {
    let node = sh_warped[i];
    let by_phi = sh_by_warped[i].x;
    let by_slope = sh_by_warped[i].y * node.rate;
    let h = tanh(it.a * node.tau + it.b);
    let bend = 1.0 - h * h;
    let by_inner = it.c * bend * (by_phi - 2.0 * h * it.a * by_slope);
    by += vec3<f32>(by_inner * node.tau + by_slope * it.c * bend, by_inner, by_phi * h + by_slope * it.a * bend);
  }
  sh_by_parameter[1u + n] = by.x;
  sh_by_parameter[1u + kernel_units + n] = by.y;
  sh_by_parameter[1u + 2u * kernel_units + n] = by.z;
}
