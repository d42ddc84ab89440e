// From the unconstrained coordinate phi to the constrained parameter theta, with what a change of variables needs. Twin of src/model/transform.ts, which has the formulas.
//
// Where phi is so large that theta would leave the range of f32, theta stays and log_slope goes on as the same straight line, so that the density of phi keeps falling and
// its gradient keeps pointing back. theta is kept within [least, greatest], the floats strictly inside its bounds: a model never sees a bound.
//
// exp is good to 3 + 2|phi| units in the last place (WGSL §15.7.4.1), so theta and slope are good to about 1e-5 relative at |phi| = 40 and far better near 0.

import package::lib::special::log1p;

struct Constrained {
  theta: f32,
  below: f32,                // theta − lower and upper − theta: each precise also where the other is many times larger.
  above: f32,                // Huge where there is no such bound.
  slope: f32,                // d theta / d phi
  log_slope: f32,            // log |slope|
  log_slope_gradient: f32,   // d log |slope| / d phi
}

const no_bound = 1e30;

// e^-80 and e^40 leave room for a square and a product within f32.
const farthest = 40.0;

fn distance_from_bound(phi: f32) -> f32 {
  return exp(clamp(phi, -80.0, farthest));
}

// What is added to the log density of phi so that it is never beyond `farthest`, where theta stands still: the likelihood no longer falls there, log_slope still rises, and
// a trajectory that has come so far would not come back.
fn within_reach(phi: f32) -> f32 {
  return select(0.0, -1e30, phi > farthest);
}

fn constrain_none(phi: f32) -> Constrained {
  return Constrained(phi, no_bound, no_bound, 1.0, 0.0, 0.0);
}

fn constrain_lower(phi: f32, lower: f32, least: f32) -> Constrained {
  let step = distance_from_bound(phi);
  return Constrained(max(lower + step, least), step, no_bound, step, phi, 1.0);
}

fn constrain_upper(phi: f32, upper: f32, greatest: f32) -> Constrained {
  let step = distance_from_bound(phi);
  return Constrained(min(upper - step, greatest), no_bound, step, -step, phi, 1.0);
}

fn constrain_interval(phi: f32, lower: f32, upper: f32, least: f32, greatest: f32) -> Constrained {
  let width = upper - lower;
  let distance = abs(phi);
  let e = exp(-min(distance, 80.0));
  let near = width * e / (1.0 + e);
  let far = width / (1.0 + e);
  let is_low = phi < 0.0;
  let theta = clamp(select(upper - near, lower + near, is_low), least, greatest);
  let slope = near / (1.0 + e);
  let log_slope = log(width) - distance - 2.0 * log1p(e);
  let push_back = (1.0 - e) / (1.0 + e);
  return Constrained(theta, select(far, near, is_low), select(near, far, is_low), slope, log_slope, select(-push_back, push_back, is_low));
}
