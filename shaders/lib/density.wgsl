// Log densities for models, in forms that do not cancel in f32.
//
// Counts use the saddle-point form of Loader 2000 ("Fast and accurate computation of binomial probabilities"), as R does: what Stirling's
// formula leaves over, and k·φ(u) for the distance of the mean from k, with φ(u) = u - log(1+u) = log1p_defect. So the error is that of the
// result, not that of log Γ of a large count. The negative binomial has mean m and variance m + m²/size; it becomes the Poisson as size → ∞.
//
// Counts are reals here (no rounding); outside the support of a parameter the result is NaN.
//
// Errors, in f32 with every operation rounded once, against float64 (test/autodiff/library.test.ts), as multiples of max(1, |value|):
//   normal, student_t (df ≤ 1e5), poisson (k ≤ 1e4)                ≤ 1e-6
//   negative_binomial (k ≤ 2000, mean ≤ 1e4, size 0.01 … 1e6)      ≤ 3e-6, its size score ≤ 6e-6
//   binomial (n ≤ 1e4)                                             ≤ 1e-5, in the far tails; n·p is rounded

import package::lib::domain::{log_or_nan, not_a_number};
import package::lib::log_gamma::{digamma_remainder, log_gamma, stirling_error};
import package::lib::special::{log1p, log1p_defect};

const half_log_two_pi = 0.9189385332046728;

fn normal_log_density(y: f32, mean: f32, sd: f32) -> f32 {
  let z = (y - mean) / sd;
  return -0.5 * z * z - log_or_nan(sd) - half_log_two_pi;
}

// k successes where `mean` are expected: k·log(k/mean) + mean - k, never negative; 0 at k = mean
fn deviance(k: f32, mean_minus_k: f32, mean_over_k: f32) -> f32 {
  return k * log1p_defect(mean_minus_k / k, mean_over_k);
}

fn poisson_log_density(k: f32, rate: f32) -> f32 {
  if (k == 0.0) {
    return select(not_a_number(rate), -rate, rate >= 0.0);
  }
  return -stirling_error(k) - half_log_two_pi - 0.5 * log_or_nan(k) - deviance(k, rate - k, rate / k);
}

fn negative_binomial_log_density(k: f32, mean: f32, size: f32) -> f32 {
  let total = size + mean;
  if (k == 0.0) {
    return select(not_a_number(mean), -size * log1p(mean / size), mean >= 0.0 && size >= 0.0);
  }
  let trials = size + k;
  let difference = (mean - k) / total;
  let far = deviance(size, -size * difference, trials / total);
  let near = deviance(k, size * difference, (trials / total) * (mean / k));
  let gammas = stirling_error(trials) - stirling_error(size) - stirling_error(k);
  return gammas - far - near - half_log_two_pi - 0.5 * log_or_nan(k) - 0.5 * log1p(k / size);
}

// derivative of negative_binomial_log_density with respect to size
fn negative_binomial_size_score(k: f32, mean: f32, size: f32) -> f32 {
  let total = size + mean;
  let trials = size + k;
  let spread = 0.5 * k / (size * trials) + digamma_remainder(size) - digamma_remainder(trials);
  return spread - log1p_defect((k - mean) / total, trials / total);
}

fn binomial_log_density(k: f32, n: f32, p: f32) -> f32 {
  if (k == 0.0) {
    return select(not_a_number(p), n * log1p(-p), p >= 0.0);
  }
  if (k == n) {
    return select(not_a_number(p), n * log_or_nan(p), p <= 1.0);
  }
  let rest = n - k;
  let difference = n * p - k;
  let hit = deviance(k, difference, n * p / k);
  let missed = deviance(rest, -difference, n * (1.0 - p) / rest);
  let gammas = stirling_error(n) - stirling_error(k) - stirling_error(rest);
  return gammas - hit - missed - half_log_two_pi + 0.5 * (log_or_nan(n / k) - log_or_nan(rest));
}

// log Γ(x + ½) - log Γ(x) - ½·log(x), about -1/(8x) (DLMF 5.11.13)
fn half_step(x: f32) -> f32 {
  if (x >= 4.0) {
    let r = 1.0 / x;
    let q = r * r;
    return r * (-0.125 + q * (0.0052083335 + q * (-0.0015625 + q * 0.0011858259)));
  }
  return log_gamma(x + 0.5) - log_gamma(x) - 0.5 * log_or_nan(x);
}

// digamma(x + ½) - digamma(x) - 1/(2x): the derivative of half_step
fn half_step_slope(x: f32) -> f32 {
  if (x >= 4.0) {
    let q = 1.0 / (x * x);
    return q * (0.125 + q * (-0.015625 + q * (0.0078125 - q * 0.008300781)));
  }
  let shifted = log1p(0.5 / x) - 0.5 / (x + 0.5) - digamma_remainder(x + 0.5);
  return shifted + digamma_remainder(x);
}

fn student_t_log_density(y: f32, df: f32, location: f32, scale: f32) -> f32 {
  let z = (y - location) / scale;
  return half_step(0.5 * df) - half_log_two_pi - log_or_nan(scale) - 0.5 * (df + 1.0) * log1p(z * z / df);
}

// derivative of student_t_log_density with respect to df, z = (y - location) / scale
fn student_t_df_score(z: f32, df: f32) -> f32 {
  let square = z * z;
  let q = -square / (df + square);
  let tail = 0.5 * square / ((df + square) * df) - 0.5 * log1p_defect(q, df / (df + square));
  return 0.5 * half_step_slope(0.5 * df) + tail;
}
