// Cubic Hermite interpolation between two nodes; slopes are per interval, and every node has one from its left and one from its right.
//
// The posterior has kinks at observations: its mean and variance are continuous there, their derivatives jump. One slope per node could not follow.

/// Weights of the left value, the left node's slope to the right, the right value, the right node's slope to the left.
fn hermite(u: f32) -> vec4<f32> {
  let v = u * u;
  let right = v * (3.0 - 2.0 * u);
  return vec4<f32>(1.0 - right, u * (1.0 - u) * (1.0 - u), right, v * (u - 1.0));
}

/// The same for the derivative by u.
fn hermite_slope(u: f32) -> vec4<f32> {
  let right = 6.0 * u * (1.0 - u);
  return vec4<f32>(-right, (1.0 - u) * (1.0 - 3.0 * u), right, u * (3.0 * u - 2.0));
}
