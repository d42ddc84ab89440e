/**
 * The functions of `shaders/lib` that model code can call by their bare names: the module each lives in, its parameters
 * (all f32, result f32), and its partial derivatives as WGSL over the letters a, b, c, d (the arguments in order) and r (the result).
 * `null` marks an argument with no derivative here. Helpers of the rules are listed too, so that they are imported when used.
 */

export interface LibraryFunction {
  /** `package::lib::<module>`. */
  module: string;
  signature: string;
  partials: readonly (string | null)[];
}

export const library: Readonly<Record<string, LibraryFunction>> = {
  log_gamma: { module: 'log_gamma', signature: 'x: f32', partials: ['digamma(a)'] },
  digamma: { module: 'log_gamma', signature: 'x: f32', partials: [null] },

  log1p: { module: 'special', signature: 'x: f32', partials: ['1.0 / (1.0 + a)'] },
  expm1: { module: 'special', signature: 'x: f32', partials: ['exp(a)'] },
  log_add_exp: {
    module: 'special',
    signature: 'a: f32, b: f32',
    partials: ['inverse_logit(a - b)', 'inverse_logit(b - a)'],
  },
  inverse_logit: { module: 'special', signature: 'x: f32', partials: ['r * inverse_logit(-a)'] },
  logit: { module: 'special', signature: 'p: f32', partials: ['1.0 / (a * (1.0 - a))'] },

  normal_log_density: {
    module: 'density',
    signature: 'y: f32, mean: f32, sd: f32',
    partials: ['(b - a) / (c * c)', '(a - b) / (c * c)', '((a - b) / c * ((a - b) / c) - 1.0) / c'],
  },
  poisson_log_density: {
    module: 'density',
    signature: 'k: f32, rate: f32',
    partials: ['log(b) - digamma(a + 1.0)', 'select(a / b, 0.0, a == 0.0) - 1.0'],
  },
  negative_binomial_log_density: {
    module: 'density',
    signature: 'k: f32, mean: f32, size: f32',
    partials: [
      'digamma(a + c) - digamma(a + 1.0) + log(b / (b + c))',
      '(select(a / b, 0.0, a == 0.0) - 1.0) * (c / (b + c))',
      'negative_binomial_size_score(a, b, c)',
    ],
  },
  negative_binomial_size_score: {
    module: 'density',
    signature: 'k: f32, mean: f32, size: f32',
    partials: [null, null, null],
  },
  binomial_log_density: {
    module: 'density',
    signature: 'k: f32, n: f32, p: f32',
    partials: [
      'digamma(b - a + 1.0) - digamma(a + 1.0) + log(c) - log1p(-c)',
      'digamma(b + 1.0) - digamma(b - a + 1.0) + log1p(-c)',
      '(a - b * c) / (c * (1.0 - c))',
    ],
  },
  student_t_log_density: {
    module: 'density',
    signature: 'y: f32, df: f32, location: f32, scale: f32',
    partials: [
      '-(b + 1.0) * (a - c) / (b * d * d + (a - c) * (a - c))',
      'student_t_df_score((a - c) / d, b)',
      '(b + 1.0) * (a - c) / (b * d * d + (a - c) * (a - c))',
      '((b + 1.0) * (a - c) * (a - c) / (b * d * d + (a - c) * (a - c)) - 1.0) / d',
    ],
  },
  student_t_df_score: { module: 'density', signature: 'z: f32, df: f32', partials: [null, null] },
};
