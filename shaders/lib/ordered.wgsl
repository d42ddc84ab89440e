// Increasing parameters: every one is the one before and a positive step. Twin of src/model/ordered.ts, which has the formulas.

import package::lib::transform::{Constrained, distance_from_bound, no_bound};

// The next of a growing sequence. Where the step is below what f32 can add, theta grows by 2⁻²³ of itself: a model never sees two equal ones.
fn increase(before: f32, phi: f32) -> f32 {
  let least = before + max(abs(before) * 1.1920929e-7, 1.1754944e-38);
  return max(before + distance_from_bound(phi), least);
}

// theta as the prior functions take it; its distance from a lower bound, where there is one, is that from 0.
fn at_theta(theta: f32) -> Constrained {
  return Constrained(theta, theta, no_bound, 1.0, 0.0, 0.0);
}
