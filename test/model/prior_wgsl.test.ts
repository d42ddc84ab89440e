/**
 * `prior_term` on the device against float64.
 *
 * Acceptance. exp may be wrong by 3 + 2|phi| units in the last place, which is as if phi were moved by delta = (3 + 2|phi|)·2⁻²³; so a value may be wrong by what it changes over
 * ± 2 delta, and by the rounding of its parts, 4e-6 of their sizes: a few operations at 2⁻²³ each and `log`, 2⁻²¹ on [0.5, 2]. The gradient's float64 is a central difference of step
 * 1e-4 (truncation about 1e-8 of the parts), and 1e-5 is allowed for it.
 */

import { describe, expect, it } from 'vitest';
import { log_normaliser, log_prior_density } from '../../src/model/prior.ts';
import { prior_module } from '../../src/model/prior_wgsl.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { constrain, log_slope, slope } from '../../src/model/transform.ts';
import type { BoundedPriorSource, Prior, StateSpaceModel, StateSpaceSource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { elementwise, run_elementwise, use_device } from '../device.ts';

// Arguments are exact in f32, so that both sides have the same prior.
const priors: Record<string, BoundedPriorSource> = {
  normal: { prior: { normal: [2, 1] } },
  normal_lower: { prior: { normal: [0.5, 0.25] }, lower: 0 },
  normal_upper: { prior: { normal: [-1, 2] }, upper: 1.5 },
  normal_inside: { prior: { normal: [0.9375, 0.0625] }, lower: -1, upper: 1 },
  normal_tail: { prior: { normal: [0, 1] }, lower: 5 },
  lognormal: { prior: { lognormal: [-1, 0.5] } },
  lognormal_inside: { prior: { lognormal: [0, 1] }, lower: 0.5, upper: 4 },
  uniform: { prior: { uniform: [-3, 2] } },
  uniform_unit: { prior: { uniform: [0, 1] } },
  uniform_lower: { prior: { uniform: [0, 8] }, lower: 2 },
  gamma: { prior: { gamma: [2, 10] } },
  gamma_small: { prior: { gamma: [0.5, 0.25] }, upper: 16 },
  beta: { prior: { beta: [0.5, 0.25] } },
  beta_inside: { prior: { beta: [3, 2] }, lower: 0.25, upper: 0.75 },
  exponential: { prior: { exponential: 5 } },
  half_normal: { prior: { half_normal: 2 } },
  half_cauchy: { prior: { half_cauchy: 0.5 } },
  half_cauchy_lower: { prior: { half_cauchy: 0.5 }, lower: 1 },
  student_t: { prior: { student_t: [3, -1, 2] } },
  student_t_upper: { prior: { student_t: [1, 0, 1] }, upper: 0 },
  flat: { prior: { flat: true } },
  flat_lower: { prior: { flat: true }, lower: 0 },
  flat_inside: { prior: { flat: true }, lower: -2, upper: 6 },
};
const model: StateSpaceModel = validate_model(lgssm_like(priors));

/** A model source with these parameters; the rest does not matter here. */
function lgssm_like(parameters: Record<string, BoundedPriorSource>): StateSpaceSource {
  const { name, state, observation, wgsl, noise, kind } = built_in_model('lgssm');
  const kept = { kind, name, noise, observation, wgsl, parameters };
  return { ...kept, state: state.map((field) => field.name) };
}

const device = use_device();

interface Term {
  name: string;
  prior: Prior;
  phi: number;
  theta: number;
  slope: number;
  log_density: number;
  gradient: number;
}

async function prior_terms(phis: readonly number[]): Promise<Term[]> {
  const body =
    'let term = prior_term(u32(input.x), input.y); return vec4<f32>(term.theta, term.slope, term.log_density, term.gradient);';
  const shader = elementwise(prior_module(model), 'vec2<f32>', 'vec4<f32>', body);
  const cases = model.scalars.flatMap(({ name, prior }, i) =>
    phis.map((phi) => ({ i, name, prior, phi: Math.fround(phi) })),
  );
  const inputs = new Float32Array(cases.flatMap(({ i, phi }) => [i, phi]));
  const words = new Float32Array(await run_elementwise(device(), shader, inputs, 2, 4));
  return cases.map((c, n) => {
    const [theta, slope, log_density, gradient] = words.subarray(4 * n, 4 * n + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    return { ...c, theta, slope, log_density, gradient };
  });
}

const log_density = (prior: Prior, phi: number) =>
  log_prior_density(prior, constrain(prior, phi)) + log_slope(prior, phi);
const gradient = (prior: Prior, phi: number) =>
  (log_density(prior, phi + 1e-4) - log_density(prior, phi - 1e-4)) / 2e-4;

/** How far apart f is over what exp's error amounts to. */
function wobble(f: (prior: Prior, phi: number) => number, prior: Prior, phi: number): number {
  const delta = (3 + 2 * Math.abs(phi)) * 2 ** -22;
  return Math.abs(f(prior, phi + delta) - f(prior, phi - delta));
}

describe('prior_term', () => {
  it('agrees with float64 for phi between −10 and 10', async () => {
    const phis = Array.from({ length: 241 }, (_, k) => -10 + k / 12 + 0.01 * Math.sin(k));
    for (const term of await prior_terms(phis)) {
      const { prior, phi } = term;
      const jacobian = log_slope(prior, phi);
      const value = log_density(prior, phi);
      const constant = log_normaliser(prior);
      const sizes = 1 + [...prior.arguments, value, constant, jacobian].reduce((sum, part) => sum + Math.abs(part), 0);
      const expected_gradient = gradient(prior, phi);
      const theta = constrain(prior, phi);
      const at = `${term.name} at phi = ${phi}`;
      const scale = Math.max(
        Math.abs(theta),
        prior.upper < Infinity ? Math.abs(prior.upper) : 0,
        prior.lower > -Infinity ? Math.abs(prior.lower) : 0,
      );
      expect(Math.abs(term.theta - theta), `theta of ${at}`).toBeLessThan(
        wobble(constrain, prior, phi) + 4e-7 * scale + 1e-30,
      );
      expect(Math.abs(term.slope / slope(prior, phi) - 1), `slope of ${at}`).toBeLessThan(
        (3 + 2 * Math.abs(phi)) * 2 ** -21,
      );
      expect(Math.abs(term.log_density - value), `log density of ${at}`).toBeLessThan(
        wobble(log_density, prior, phi) + rounding(prior, phi) + 4e-6 * sizes,
      );
      expect(Math.abs(term.gradient - expected_gradient), `gradient of ${at}`).toBeLessThan(
        wobble(gradient, prior, phi) + rounding_of_gradient(prior, phi) + 1e-5 * (sizes + Math.abs(expected_gradient)),
      );
    }
  });

  it('stays finite and inside the bounds however far out, where the gradient of a proper prior points back', async () => {
    for (const term of await prior_terms([-1e6, -1e3, -150, -81, -60, -30, 30, 60, 81, 150, 1e3, 1e6])) {
      const at = `${term.name} at phi = ${term.phi}: ${JSON.stringify(term)}`;
      for (const value of [term.theta, term.slope, term.log_density, term.gradient])
        expect(Number.isFinite(value), at).toBe(true);
      expect(term.theta > Math.fround(term.prior.lower) && term.theta < Math.fround(term.prior.upper), at).toBe(true);
      const is_improper = term.name === 'flat' || term.name === 'flat_lower';
      if (!is_improper) expect(Math.sign(term.gradient), at).toBe(-Math.sign(term.phi));
    }
  });
});

/** None where the family is given the distances from both ends of its support, which are precise by themselves. */
function theta_rounding(prior: Prior, theta: number): number {
  const sees_distances = prior.lower === 0 && (prior.family !== 'beta' || prior.upper === 1);
  return sees_distances
    ? 0
    : 2 ** -22 * Math.max(Math.abs(theta), prior.lower === -Infinity ? 0 : Math.abs(prior.lower));
}

/** What rounding theta to f32 does to the log density of phi: one unit in the last place, where the family sees theta and not the distance from its bound. */
function rounding(prior: Prior, phi: number): number {
  const theta = constrain(prior, phi);
  const ulp = theta_rounding(prior, theta);
  return sensitivity(prior, theta, (x) => log_prior_density(prior, x), ulp);
}

function rounding_of_gradient(prior: Prior, phi: number): number {
  const theta = constrain(prior, phi);
  const h = 1e-5 * Math.min(1, theta - prior.lower, prior.upper - theta);
  const score = (x: number) => (log_prior_density(prior, x + h) - log_prior_density(prior, x - h)) / (2 * h);
  const ulp = theta_rounding(prior, theta);
  return Math.abs(slope(prior, phi)) * sensitivity(prior, theta, score, ulp);
}

/** |f(x ± ulp) − f(x)|, kept inside the bounds. */
function sensitivity(prior: Prior, x: number, f: (x: number) => number, ulp: number): number {
  const step = Math.min(ulp, 0.4 * (x - prior.lower), 0.4 * (prior.upper - x));
  return Math.abs(f(x + step) - f(x - step));
}
