// The proposals of SMC², in the whitened space of the frozen factor L (C = L·Lᵀ):
//
//   random walk  phi' = phi + step·L·z                              z ~ N(0, I)
//   Langevin     phi' = phi + L·(drift(phi) + step·z),  drift = ½ step² Lᵀ G, cut to `drift_limit` in length
//
// G is the gradient of the tempered log-posterior, lambda·likelihood + prior. The first-order move of Hess-MC² (arXiv 2507.07461 eq 31) is the case L = I without a limit: a half kick, a drift and a half kick of the
// momentum give the same phi' and the same ratio, since C stays fixed within the iteration. The limit keeps a particle far out in the prior, where gradients
// are huge, from leaving (MALTA, Roberts & Tweedie 1996); the same function gives the backward kernel, so the ratio stays exact.

import package::smc2_sizes::dimension;

alias Phi = array<f32, dimension>;
alias Phi_matrix = array<f32, dimension * dimension>; // row by row, lower triangle

/// Lᵀ·x
fn transposed_times(factor: Phi_matrix, x: Phi) -> Phi {
  var y: Phi;
  for (var j = 0u; j < dimension; j++) {
    var sum = 0.0;
    for (var i = j; i < dimension; i++) {
      sum += factor[i * dimension + j] * x[i];
    }
    y[j] = sum;
  }
  return y;
}

/// L·x
fn times(factor: Phi_matrix, x: Phi) -> Phi {
  var y: Phi;
  for (var i = 0u; i < dimension; i++) {
    var sum = 0.0;
    for (var j = 0u; j <= i; j++) {
      sum += factor[i * dimension + j] * x[j];
    }
    y[i] = sum;
  }
  return y;
}

/// x = L⁻¹·y by forward substitution.
fn solve(factor: Phi_matrix, y: Phi) -> Phi {
  var x: Phi;
  for (var i = 0u; i < dimension; i++) {
    var sum = y[i];
    for (var j = 0u; j < i; j++) {
      sum -= factor[i * dimension + j] * x[j];
    }
    x[i] = sum / factor[i * dimension + i];
  }
  return x;
}

fn squared_norm(x: Phi) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < dimension; i++) {
    sum += x[i] * x[i];
  }
  return sum;
}

/// Whitened drift for the gradient of the tempered log-posterior.
fn drift(factor: Phi_matrix, gradient: Phi, step: f32, limit: f32) -> Phi {
  var d = transposed_times(factor, gradient);
  var longest = 0.0;
  for (var i = 0u; i < dimension; i++) {
    d[i] = 0.5 * step * step * d[i];
    longest = max(longest, abs(d[i]));
  }
  // Scaled before squaring, so that a huge gradient does not overflow.
  let scale = max(longest, 1e-20);
  var sum = 0.0;
  for (var i = 0u; i < dimension; i++) {
    sum += (d[i] / scale) * (d[i] / scale);
  }
  let shrink = min(1.0, limit / (scale * sqrt(sum)));
  for (var i = 0u; i < dimension; i++) {
    d[i] *= shrink;
  }
  return d;
}
