// The activation x·σ(x) (SiLU, swish) with its first two derivatives.

fn sigmoid(x: vec4<f32>) -> vec4<f32> {
  // Beyond ±60 the result does not change in f32, and exp stays finite.
  return 1.0 / (1.0 + exp(-clamp(x, vec4<f32>(-60.0), vec4<f32>(60.0))));
}

fn silu(x: vec4<f32>) -> vec4<f32> {
  return x * sigmoid(x);
}

fn silu_slope(x: vec4<f32>) -> vec4<f32> {
  let s = sigmoid(x);
  return s * (1.0 + x * (1.0 - s));
}

fn silu_curvature(x: vec4<f32>) -> vec4<f32> {
  let s = sigmoid(x);
  return s * (1.0 - s) * (2.0 + x * (1.0 - 2.0 * s));
}
