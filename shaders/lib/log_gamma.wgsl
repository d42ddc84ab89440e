// log Γ(x), its derivative digamma, and what Stirling's formula leaves over, for x > 0 (log Γ below: NaN).
//
// x ≥ 4: Stirling's series (DLMF 5.11.1 and 5.11.2), four terms: what is left out is below 1e-8.
// x < 4: log Γ is shifted to [1, 2) by Γ(x+1) = x·Γ(x), one log at most, and there is (x-1)(x-2)·P(x - 1.5): the factors keep full relative
// precision at the zeros 1 and 2. P has degree 9, fitted by us to log Γ in float64 (Chebyshev nodes; relative error 3.2e-8).
// digamma is shifted upward to 4 by sums of reciprocals.
//
// Errors, in f32 with every operation rounded once, against float64 for 1e-6 ≤ x ≤ 1e8 (test/autodiff/library.test.ts):
//   log_gamma                             ≤ 3e-7 · max(1, |value|)
//   digamma, stirling_error               ≤ 6e-7 · max(1, |value|)
//   digamma_remainder                     ≤ 1e-6 · max(1, |value|)

import package::lib::domain::log_or_nan;

// log Γ(x) - (x - ½)·log(x) + x - ½·log(2π), x ≥ 4: positive, about 1/(12x)
fn stirling_series(x: f32) -> f32 {
  let r = 1.0 / x;
  let q = r * r;
  return r * (0.083333336 + q * (-0.0027777778 + q * (0.0007936508 - q * 0.0005952381)));
}

fn log_gamma(x: f32) -> f32 {
  if (x >= 4.0) {
    return (x - 0.5) * (log(x) - 1.0) + 0.41893854 + stirling_series(x);
  }
  var z = x;
  var shift = 1.0;
  if (x < 1.0) {
    shift = 1.0 / x;
    z = x + 1.0;
  } else {
    if (z >= 3.0) {
      z -= 1.0;
      shift = z;
    }
    if (z >= 2.0) {
      z -= 1.0;
      shift *= z;
    }
  }
  let v = z - 1.5;
  var p = -0.00148748489;
  p = p * v + 0.00244674484;
  p = p * v - 0.0031377362;
  p = p * v + 0.00532599193;
  p = p * v - 0.0094324115;
  p = p * v + 0.0168080978;
  p = p * v - 0.0313082732;
  p = p * v + 0.0629110539;
  p = p * v - 0.145959897;
  p = p * v + 0.483128952;
  // For x < 1 the factor z - 1 is x itself; z has lost its last bits.
  let from_one = select(z - 1.0, x, x < 1.0);
  return from_one * (from_one - 1.0) * p + log_or_nan(shift);
}

// log Γ(x) - (x - ½)·log(x) + x - ½·log(2π): the error of Stirling's formula; "stirlerr" of Loader 2000
fn stirling_error(x: f32) -> f32 {
  if (x >= 4.0) {
    return stirling_series(x);
  }
  return log_gamma(x) - (x - 0.5) * log_or_nan(x) + x - 0.9189385;
}

// log(x) - 1/(2x) - digamma(x), x ≥ 4: positive, about 1/(12x²)
fn digamma_series(x: f32) -> f32 {
  let r = 1.0 / x;
  let q = r * r;
  return q * (0.083333336 + q * (-0.008333334 + q * (0.003968254 - q * 0.0041666667)));
}

fn digamma(x: f32) -> f32 {
  var z = x;
  var sum = 0.0;
  for (var i = 0; i < 4 && z < 4.0; i++) {
    sum += 1.0 / z;
    z += 1.0;
  }
  return log_or_nan(z) - 0.5 / z - digamma_series(z) - sum;
}

// log(x) - 1/(2x) - digamma(x)
fn digamma_remainder(x: f32) -> f32 {
  if (x >= 4.0) {
    return digamma_series(x);
  }
  return log_or_nan(x) - 0.5 / x - digamma(x);
}
