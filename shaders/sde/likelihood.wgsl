// Log densities of an observation given the prediction of its channel, with their derivatives, four at a time.

import package::sde_sizes::likelihood_kind;
import package::lib::log_gamma::log_gamma;

struct Likelihood {
  log_density: vec4<f32>,
  by_prediction: vec4<f32>,
  by_spread: vec4<f32>,       // by the variance of the prediction under q, where the expectation has a closed form
  by_noise: vec4<f32>,        // by the log variance
}

const gaussian = 0u;
const student_t = 1u;
const bernoulli = 2u;
const poisson = 3u;

const half_log_two_pi = 0.91893853;
/// Degrees of freedom: heavy tails with a variance.
const freedom = 4.0;
/// log Γ((ν+1)/2) − log Γ(ν/2) − ½ log(νπ).
const student_constant = -0.98082925;

/// @param spread variance of the prediction under q, 0 where it was sampled @param noise log of the variance, of the squared scale for Student's t
fn likelihood(prediction: vec4<f32>, spread: vec4<f32>, value: vec4<f32>, noise: f32) -> Likelihood {
  let zero = vec4<f32>();
  let distance = value - prediction;
  let inverse = exp(-noise);
  if (likelihood_kind == gaussian) {
    let square = (distance * distance + spread) * inverse;
    return Likelihood(-0.5 * (square + noise) - half_log_two_pi, distance * inverse, vec4<f32>(-0.5 * inverse), 0.5 * square - 0.5);
  }
  if (likelihood_kind == student_t) {
    let ratio = distance * distance * inverse / freedom;
    let pull = (freedom + 1.0) / freedom / (1.0 + ratio);
    return Likelihood(student_constant - 0.5 * noise - 0.5 * (freedom + 1.0) * log(1.0 + ratio), pull * distance * inverse, zero, 0.5 * freedom * ratio * pull - 0.5);
  }
  if (likelihood_kind == bernoulli) {
    // log σ(x) = −log(1 + exp(−x)), without overflow.
    let softplus = max(prediction, zero) + log(1.0 + exp(-abs(prediction)));
    return Likelihood(value * prediction - softplus, value - 1.0 / (1.0 + exp(-prediction)), zero, zero);
  }
  let rate = exp(prediction);
  var counts = vec4<f32>();
  for (var k = 0u; k < 4u; k++) {
    counts[k] = log_gamma(value[k] + 1.0);
  }
  return Likelihood(value * prediction - rate - counts, value - rate, zero, zero);
}
