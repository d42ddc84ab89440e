// Elementary functions that are NaN where they are not defined. WGSL lets a device return anything there: SwiftShader's log(-2) is log(2), its log of NaN 89, its acosh(0) 89, and its
// atanh(2) and pow(-2, 0.5) are numbers too, so that a model would have a density where it has none. sqrt, inverseSqrt, asin and acos are NaN on all devices seen.
//
// A NaN is made of its bits, because WGSL lets a compiler assume that no arithmetic makes one, and from a number that the compiler does not know, because it would refuse the constant.
// The comparisons are those that a NaN fails.

fn not_a_number(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u);
}

fn log_or_nan(x: f32) -> f32 {
  return select(not_a_number(x), log(x), x >= 0.0);
}

fn log2_or_nan(x: f32) -> f32 {
  return select(not_a_number(x), log2(x), x >= 0.0);
}

fn acosh_or_nan(x: f32) -> f32 {
  return select(not_a_number(x), acosh(x), x >= 1.0);
}

fn atanh_or_nan(x: f32) -> f32 {
  return select(not_a_number(x), atanh(x), abs(x) <= 1.0);
}

/// Of a negative base too, where the exponent is whole: WGSL has no pow(-2, 3).
fn pow_or_nan(x: f32, y: f32) -> f32 {
  let size = pow(abs(x), y);
  let is_odd = abs(y - 2.0 * trunc(0.5 * y)) == 1.0;
  let is_defined = x >= 0.0 || (x < 0.0 && y == trunc(y));
  return select(not_a_number(x), select(size, -size, x < 0.0 && is_odd), is_defined);
}

// Component by component.

fn log_or_nan_2(x: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(log_or_nan(x.x), log_or_nan(x.y));
}

fn log_or_nan_3(x: vec3<f32>) -> vec3<f32> {
  return vec3<f32>(log_or_nan(x.x), log_or_nan(x.y), log_or_nan(x.z));
}

fn log_or_nan_4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(log_or_nan(x.x), log_or_nan(x.y), log_or_nan(x.z), log_or_nan(x.w));
}

fn log2_or_nan_2(x: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(log2_or_nan(x.x), log2_or_nan(x.y));
}

fn log2_or_nan_3(x: vec3<f32>) -> vec3<f32> {
  return vec3<f32>(log2_or_nan(x.x), log2_or_nan(x.y), log2_or_nan(x.z));
}

fn log2_or_nan_4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(log2_or_nan(x.x), log2_or_nan(x.y), log2_or_nan(x.z), log2_or_nan(x.w));
}

fn acosh_or_nan_2(x: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(acosh_or_nan(x.x), acosh_or_nan(x.y));
}

fn acosh_or_nan_3(x: vec3<f32>) -> vec3<f32> {
  return vec3<f32>(acosh_or_nan(x.x), acosh_or_nan(x.y), acosh_or_nan(x.z));
}

fn acosh_or_nan_4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(acosh_or_nan(x.x), acosh_or_nan(x.y), acosh_or_nan(x.z), acosh_or_nan(x.w));
}

fn atanh_or_nan_2(x: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(atanh_or_nan(x.x), atanh_or_nan(x.y));
}

fn atanh_or_nan_3(x: vec3<f32>) -> vec3<f32> {
  return vec3<f32>(atanh_or_nan(x.x), atanh_or_nan(x.y), atanh_or_nan(x.z));
}

fn atanh_or_nan_4(x: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(atanh_or_nan(x.x), atanh_or_nan(x.y), atanh_or_nan(x.z), atanh_or_nan(x.w));
}

fn pow_or_nan_2(x: vec2<f32>, y: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(pow_or_nan(x.x, y.x), pow_or_nan(x.y, y.y));
}

fn pow_or_nan_3(x: vec3<f32>, y: vec3<f32>) -> vec3<f32> {
  return vec3<f32>(pow_or_nan(x.x, y.x), pow_or_nan(x.y, y.y), pow_or_nan(x.z, y.z));
}

fn pow_or_nan_4(x: vec4<f32>, y: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(pow_or_nan(x.x, y.x), pow_or_nan(x.y, y.y), pow_or_nan(x.z, y.z), pow_or_nan(x.w, y.w));
}
