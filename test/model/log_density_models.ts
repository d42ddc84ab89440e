/** Log-density models that have every constraint, transform and prior family between them. The density itself does not matter here. */

import type { LogDensityModel, LogDensityParameterSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { with_prior } from '../../src/model/with_prior.ts';

export function prior_only(name: string, parameters: Record<string, LogDensityParameterSource>): LogDensityModel {
  const wgsl = 'fn log_density(theta: Theta) -> f32 { return 0.0; }';
  return validate_model({ kind: 'log-density', name, parameters, wgsl });
}

/** Short ones, which are written out. Arguments are exact in f32, so that both sides have the same prior. */
export const every_kind = prior_only('every-kind', {
  normal: { prior: { normal: [2, 1] } },
  increasing: { size: 4, ordered: true, prior: { normal: [0.5, 4] } },
  normal_upper: { prior: { normal: [-1, 2] }, upper: 1.5 },
  normal_inside: { size: 3, prior: { normal: [0.9375, 2] }, lower: -1, upper: 1 },
  uniform_weights: { size: 3, simplex: true },
  lognormal: { prior: { lognormal: [-1, 0.5] } },
  uniform: { prior: { uniform: [-3, 2] } },
  positive: { size: 3, ordered: true, lower: 0, prior: { normal: [1, 8] } },
  gamma: { size: 2, prior: { gamma: [2, 0.25] } },
  beta: { prior: { beta: [0.5, 2] } },
  weights: { size: 5, simplex: true, prior: { dirichlet: [0.5, 1, 2, 8, 0.25] } },
  exponential: { prior: { exponential: 0.5 } },
  waits: { size: 4, ordered: true, prior: { exponential: 0.25 } },
  half_normal: { size: 1, prior: { half_normal: 2 } },
  pair: { size: 2, simplex: true, prior: { dirichlet: 3 } },
  half_cauchy: { prior: { half_cauchy: 0.5 }, lower: 1 },
  heavy: { size: 2, ordered: true, prior: { student_t: [3, -1, 2] } },
  student_t: { prior: { student_t: [3, -1, 2] } },
  flat: { size: 3, prior: { flat: true } },
});

/** Long ones, which are loops; and one element of them with another prior. */
export const long_arrays = with_prior(
  prior_only('long-arrays', {
    effects: { size: 68, prior: { half_normal: 2 } },
    increasing: { size: 66, ordered: true, prior: { normal: [0, 64] } },
    uniform_weights: { size: 66, simplex: true },
    weights: { size: 67, simplex: true, prior: { dirichlet: Array.from({ length: 67 }, (_, i) => 0.5 + (i % 4)) } },
    waits: { size: 66, ordered: true, prior: { exponential: 0.125 } },
  }),
  'effects[66]',
  { prior: { student_t: [4, 1, 2] }, lower: -8 },
);
