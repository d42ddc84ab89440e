// Elementary functions that WGSL lacks, accurate where the plain formula cancels.
//
// WGSL allows log an absolute error of 2⁻²¹ on [0.5, 2], so near 1 nothing here calls it: log1p is the series of 2·atanh(s) with s = x/(2+x),
// which needs no compensated sum that a compiler might simplify away.
//
// Errors, in f32 with every operation rounded once, against float64 (test/autodiff/library.test.ts):
//   log1p, expm1, inverse_logit, logit   relative ≤ 3e-7
//   log1p_defect                         relative ≤ 1e-6
//   log_add_exp                          ≤ 2e-7 · max(1, |result|)

import package::lib::domain::log_or_nan;

// 1/3 + q/5 + q²/7 + …: the tail of atanh(s) = s + s³·tail(s²), for q ≤ 0.0295
fn atanh_tail(q: f32) -> f32 {
  return 0.33333334 + q * (0.2 + q * (0.14285715 + q * 0.11111111));
}

fn is_near_zero(x: f32) -> bool {
  return x > -0.29 && x < 0.41;
}

// log(1 + x); NaN for x < -1
fn log1p(x: f32) -> f32 {
  if (is_near_zero(x)) {
    let s = x / (2.0 + x);
    let q = s * s;
    return 2.0 * s + 2.0 * s * q * atanh_tail(q);
  }
  return log_or_nan(1.0 + x);
}

// x - log(ratio), for ratio = 1 + x given apart because it may be known better than the sum. Never negative; x²/2 near 0.
fn log1p_defect(x: f32, ratio: f32) -> f32 {
  if (is_near_zero(x)) {
    let s = x / (2.0 + x);
    let q = s * s;
    return s * (x - 2.0 * q * atanh_tail(q));
  }
  return x - log_or_nan(ratio);
}

// exp(x) - 1
fn expm1(x: f32) -> f32 {
  if (abs(x) < 0.5) {
    let tail = 0.008333334 + x * (0.0013888889 + x * (0.0001984127 + x * 0.0000248016));
    return x + x * x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * tail)));
  }
  return exp(x) - 1.0;
}

// log(1 + x), 0 ≤ x ≤ 1: the same series, long enough for s ≤ 1/3, so that nothing branches
fn log1p_unit(x: f32) -> f32 {
  let s = x / (2.0 + x);
  let q = s * s;
  let tail = 0.1111111111 + q * (0.0909090909 + q * (0.0769230769 + q * (0.0666666667 + q * 0.0588235294)));
  return 2.0 * s * (1.0 + q * (0.3333333333 + q * (0.2 + q * (0.1428571429 + q * tail))));
}

// log(exp(a) + exp(b)), for finite a and b
fn log_add_exp(a: f32, b: f32) -> f32 {
  return max(a, b) + log1p_unit(exp(-abs(a - b)));
}

// 1 / (1 + exp(-x)), without overflow
fn inverse_logit(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

// log(p / (1 - p)), 0 < p < 1; NaN for p < 0 and p > 1
fn logit(p: f32) -> f32 {
  if (p < 0.25) {
    return log_or_nan(p) - log1p(-p);
  }
  return log1p((2.0 * p - 1.0) / (1.0 - p));
}
