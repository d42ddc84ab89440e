// Kinetic energy, momenta and the two halves of the leapfrog (Störmer–Verlet) step, in whitened momenta (bindings.wgsl).
//
//   r ← r + ½ε·Fᵀ·∇log p(q);   q ← q + ε·F·r;   r ← r + ½ε·Fᵀ·∇log p(q)
//
// Energies that are not finite count as `impossible_energy`: min(1, exp) of their difference is 0 and no comparison meets a NaN.

import package::sample::bindings::{params, metric, vectors, vector_at, position, momentum, gradient, draw_position};
import package::model_space::dimension;
import package::lib::threefry::threefry;
import package::lib::normal::normal_from_bits;
import package::lib::site::{at_step, site_momentum};
import package::lib::finite::is_finite;

const impossible_energy = 1e30;

/// Largest difference of energies along a trajectory before it counts as divergent (Stan's threshold).
const divergence = 1000.0;

fn energy_of(log_density: f32, c: u32) -> f32 {
  var norm = 0.0;
  for (var d = 0u; d < params.coordinates; d++) {
    let r = vectors[vector_at(momentum, d, c)];
    norm += r * r;
  }
  let energy = 0.5 * norm - log_density;
  return select(impossible_energy, energy, is_finite(log_density) && is_finite(energy));
}

/// Standard normals at the counter (momentum | iteration, chain·⌈D/2⌉ + pair).
fn draw_momentum(c: u32, iteration: u32) {
  let pairs = (params.coordinates + 1u) / 2u;
  for (var pair = 0u; pair < pairs; pair++) {
    let words = threefry(params.key, vec2<u32>(at_step(site_momentum, iteration), c * pairs + pair));
    vectors[vector_at(momentum, 2u * pair, c)] = normal_from_bits(words.x);
    if (2u * pair + 1u < params.coordinates) {
      vectors[vector_at(momentum, 2u * pair + 1u, c)] = normal_from_bits(words.y);
    }
  }
}

/// r ← r + time·Fᵀ·gradient
fn kick(c: u32, time: f32) {
  for (var d = 0u; d < params.coordinates; d++) {
    @if(dense) {
      var force = 0.0;
      for (var i = d; i < params.coordinates; i++) {
        force += metric[i * dimension + d] * vectors[vector_at(gradient, i, c)];
      }
      vectors[vector_at(momentum, d, c)] += time * force;
    }
    @if(!dense) vectors[vector_at(momentum, d, c)] += time * metric[d] * vectors[vector_at(gradient, d, c)];
  }
}

/// Component d of F·r.
fn velocity(d: u32, c: u32) -> f32 {
  @if(dense) {
    var sum = 0.0;
    for (var i = 0u; i <= d; i++) {
      sum += metric[d * dimension + i] * vectors[vector_at(momentum, i, c)];
    }
    return sum;
  }
  @if(!dense) return metric[d] * vectors[vector_at(momentum, d, c)];
}

/// q ← q + time·F·r
fn drift(c: u32, time: f32) {
  for (var d = 0u; d < params.coordinates; d++) {
    vectors[vector_at(position, d, c)] += time * velocity(d, c);
  }
}

/// Does the distance from the last draw shrink? (q − q₀)·velocity < 0, the end of eHMC's longest batch (arXiv 1810.04449).
fn returns(c: u32) -> bool {
  var product = 0.0;
  for (var d = 0u; d < params.coordinates; d++) {
    product += (vectors[vector_at(position, d, c)] - vectors[vector_at(draw_position, d, c)]) * velocity(d, c);
  }
  return product < 0.0;
}
