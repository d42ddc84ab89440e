/** Activations of hidden layers: value, derivative by the value, and both in WGSL as `package::network_activation`. */

export type Activation = keyof typeof activations;

interface ActivationPair {
  value(x: number): number;
  /** Derivative, from the value: what stays in memory is one number per unit. */
  slope(h: number): number;
  /** Of x, over vec4<f32>. */
  wgsl_value: string;
  /** Of h. */
  wgsl_slope: string;
}

export const activations = {
  tanh: {
    value: Math.tanh,
    slope: (h) => 1 - h * h,
    // The built-in one may overflow for large x on some drivers.
    wgsl_value: 'tanh(clamp(x, vec4<f32>(-9.0), vec4<f32>(9.0)))',
    wgsl_slope: '1.0 - h * h',
  },
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: (h) => -Math.expm1(-h),
    wgsl_value: 'max(x, vec4<f32>()) + log(1.0 + exp(-abs(x)))',
    wgsl_slope: '1.0 - exp(-h)',
  },
  relu: {
    value: (x) => Math.max(x, 0),
    slope: (h) => (h > 0 ? 1 : 0),
    wgsl_value: 'max(x, vec4<f32>())',
    wgsl_slope: 'select(vec4<f32>(), vec4<f32>(1.0), h > vec4<f32>())',
  },
} as const satisfies Record<string, ActivationPair>;

export function activation_module(name: Activation): string {
  const { wgsl_value, wgsl_slope } = activations[name];
  return `
fn activate(x: vec4<f32>) -> vec4<f32> {
  return ${wgsl_value};
}

/// From the activation's value.
fn activation_slope(h: vec4<f32>) -> vec4<f32> {
  return ${wgsl_slope};
}
`;
}
