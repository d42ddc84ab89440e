/**
 * The WGSL of the built-in models, run in float64 by the interpreter.
 *
 * Acceptance: identities and invariants of each model hold to 1e-10, float64 rounding; tangents of the differentiated text against central differences within what the difference itself is
 * good for (test/autodiff/harness.ts); the Runge–Kutta bound is the one that sir_ode.ts states.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { catalog } from '../../src/model/catalog/index.ts';
import { model_declarations } from '../../src/model/declarations.ts';
import { log_prior_density } from '../../src/model/prior.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { Prior, StateSpaceModel } from '../../src/model/types.ts';
import { compare, run_generated } from '../autodiff/harness.ts';
import { sir_infected, sir_posterior } from '../reference/sir_posterior.ts';
import { interpret, type Value } from '../reference/wgsl_interpreter.ts';

const library = ['domain', 'log_gamma', 'special', 'density'].map((name) =>
  readFileSync(new URL(`../../shaders/lib/${name}.wgsl`, import.meta.url), 'utf8'),
);
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const normal = between(-4, 4);
const log_normal = (y: number, mean: number, sd: number) =>
  -0.5 * ((y - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI));

function run(model: StateSpaceModel) {
  return interpret([...library, model_declarations(model), model.wgsl]);
}

/** Tangents of one entry point against central differences. */
function check_gradient(model: StateSpaceModel, entry: string, active: boolean[], inputs: Value[]): void {
  const c = compare({ source: model.wgsl, declarations: model_declarations(model), entry, active, inputs });
  for (const [r, row] of c.tangents.entries()) {
    for (const [k, tangent] of row.entries()) {
      const difference = c.differences[r]?.[k] as number;
      const uncertainty = c.uncertainty[r]?.[k] as number;
      const rounding = 1e-9 * Math.max(1, Math.abs(c.value[r] as number));
      expect(Math.abs(tangent - difference)).toBeLessThanOrEqual(uncertainty + rounding);
    }
  }
}

describe('lgssm', () => {
  const model = built_in_model('lgssm');
  const lgssm = run(model);
  const theta = fc.record({ mu: between(-1, 1), phi: between(0.05, 2), sigma: between(0.05, 2) });

  it('has a guided move whose weight makes up exactly for where it puts the state', () => {
    fc.assert(
      fc.property(theta, normal, normal, normal, (parameters, x, y, z) => {
        const { mu, phi, sigma } = parameters;
        const guided = lgssm.call('guided', { x }, { y }, parameters, [z], 1) as {
          state: { x: number };
          log_weight: number;
        };
        // The proposal is normal and linear in z, so its density at z is N(z; 0, 1) over d x / d z.
        const other = lgssm.call('guided', { x }, { y }, parameters, [z + 1], 1) as { state: { x: number } };
        const log_proposal = log_normal(z, 0, 1) - Math.log(other.state.x - guided.state.x);
        const target = log_normal(guided.state.x, mu * x, phi) + log_normal(y, guided.state.x, sigma);
        expect(guided.log_weight).toBeCloseTo(target - log_proposal, 8);
        expect(guided.log_weight).toBeCloseTo(log_normal(y, mu * x, Math.hypot(phi, sigma)), 8);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('moves and observes as its equations say', () => {
    fc.assert(
      fc.property(theta, normal, normal, normal, (parameters, x, y, z) => {
        expect(lgssm.call('transition', { x }, parameters, [z], 1)).toEqual({
          x: parameters.mu * x + parameters.phi * z,
        });
        expect(lgssm.call('log_observation', { y }, { x }, parameters, 1)).toBeCloseTo(
          log_normal(y, x, parameters.sigma),
          10,
        );
        expect(lgssm.call('initial', parameters, [z])).toEqual({ x: z });
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

describe('sir', () => {
  const model = built_in_model('sir');
  const sir = run(model);
  const theta = fc.record({ beta: between(0, 8), gamma: between(0, 4), phi_inverse: between(1e-3, 2) });
  const state = fc.tuple(between(0, 763), between(0, 1)).map(([s, share]) => ({ s, i: (763 - s) * share }));
  const noise = fc.array(normal, { minLength: 8, maxLength: 8 });

  it('creates and loses nobody', () => {
    fc.assert(
      fc.property(state, theta, noise, (x, parameters, z) => {
        const next = sir.call('transition', x, parameters, z, 1) as { s: number; i: number };
        expect(next.s).toBeGreaterThanOrEqual(0);
        expect(next.i).toBeGreaterThanOrEqual(0);
        expect(next.s).toBeLessThanOrEqual(x.s);
        expect(next.s + next.i).toBeLessThanOrEqual((x.s + x.i) * (1 + 1e-14));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('follows the deterministic epidemic where there is no noise', () => {
    // Euler steps of a quarter of a day, growing 1.3-fold a day: within 5 % of the exact path over three days.
    const parameters = { beta: 0.7, gamma: 0.4, phi_inverse: 0.1 };
    let x = sir.call('initial', parameters, Array(8).fill(0));
    for (let t = 1; t <= 3; t++) x = sir.call('transition', x, parameters, Array(8).fill(0), t);
    const exact = sir_infected(0.7, 0.4, 3, 200)[2] as number;
    expect(Math.abs((x as { i: number }).i / exact - 1)).toBeLessThan(0.05);
  });

  it('has flows of the variance of a Poisson count', () => {
    for (const mean of [1, 10, 200]) {
      const up = sir.call('flow', mean, 0.5, 1e9) as number;
      expect((up - mean) / 0.5 / Math.sqrt(mean)).toBeCloseTo(1, 3);
    }
  });

  it('has the tangents that central differences give', () => {
    // Well inside, where no flow meets a limit.
    const inside = fc.record({ s: between(100, 600), i: between(30, 150) });
    const usual = fc.record({ beta: between(0.3, 3), gamma: between(0.2, 1.5), phi_inverse: between(1e-3, 2) });
    const small = fc.array(between(-1, 1), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(inside, usual, small, (x, parameters, z) => {
        check_gradient(model, 'transition', [true, true, false, false], [x, parameters, z, 1]);
        check_gradient(model, 'log_observation', [false, true, true, false], [{ in_bed: 12 }, x, parameters, 1]);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it.each([
    ['nobody is ill', { s: 100, i: 0 }],
    ['nobody is left to be ill', { s: 0, i: 20 }],
    ['nobody is there', { s: 0, i: 0 }],
    ['hardly anybody is ill', { s: 762, i: 1e-20 }],
  ])('is finite, with its gradient, where %s', (_, x) => {
    const parameters = { beta: 2, gamma: 0.4, phi_inverse: 0.1 };
    const declarations = model_declarations(model);
    const inputs: Value[] = [x, parameters, [1, -1, 2, -2, 0, 0, 3, -3], 1];
    const moved = run_generated({
      source: model.wgsl,
      declarations,
      entry: 'transition',
      active: [true, true, false, false],
      inputs,
    });
    const seen: Value[] = [{ in_bed: 5 }, x, parameters, 1];
    const weighed = run_generated({
      source: model.wgsl,
      declarations,
      entry: 'log_observation',
      active: [false, true, true, false],
      inputs: seen,
    });
    for (const number of [moved, weighed].flatMap((r) => [...r.value, ...r.tangents.flat()]))
      expect(number).toSatisfy(Number.isFinite);
  });
});

describe('sir-ode', () => {
  const sir_ode = run(built_in_model('sir-ode'));

  it.each([
    [1.7349, 0.542, 1e-6],
    [1, 0.2, 1e-6],
    [2.5, 0.5, 1e-6],
    [4, 0.3, 5e-6],
  ])('follows the exact solution for beta %d and gamma %d within %d', (beta, gamma, tolerance) => {
    const parameters = { beta, gamma, phi_inverse: 0.1 };
    const exact = sir_infected(beta, gamma, 20, 400);
    let x = sir_ode.call('initial', parameters, [0]);
    for (let t = 1; t <= 20; t++) {
      x = sir_ode.call('transition', x, parameters, [0], t);
      expect(Math.abs((x as { i: number }).i / (exact[t - 1] as number) - 1)).toBeLessThan(tolerance);
    }
  });

  it('has, with its priors on the influenza data, the posterior and evidence known by quadrature', () => {
    // smc2.md §4.2: beta 1.7349 ± 0.0528, gamma 0.5420 ± 0.0454, 1/φ 0.1375 ± 0.0748, log evidence −67.2398.
    const priors = built_in_model('sir-ode').scalars.map((scalar) => scalar.prior) as [Prior, Prior, Prior];
    const counts = built_in_data['influenza-1978']?.columns.in_bed as readonly number[];
    const posterior = sir_posterior(counts, (theta) =>
      priors.reduce((sum, p, i) => sum + log_prior_density(p, theta[i] as number), 0),
    );
    expect(posterior.log_evidence).toBeCloseTo(-67.2398, 3);
    for (const [i, value] of [1.7349, 0.542, 0.1375].entries()) expect(posterior.mean[i]).toBeCloseTo(value, 3);
    for (const [i, value] of [0.0528, 0.0454, 0.0748].entries()) expect(posterior.sd[i]).toBeCloseTo(value, 3);
  });
});

describe('sir-gaussian', () => {
  const model = built_in_model('sir-gaussian');
  const sir = run(model);
  const parameters = { beta: 0.6, gamma: 0.3 };

  it('moves as its equations say away from the limits', () => {
    const [s, i, z, w] = [500, 120, 0.7, -1.1];
    const infections = (0.6 * i * s) / 763;
    const next = sir.call('transition', { s, i }, parameters, [z, w], 1) as { s: number; i: number };
    expect(next.s).toBeCloseTo(s - infections + 0.5 * z, 10);
    expect(next.i).toBeCloseTo(i + infections - 0.3 * i - 0.5 * z + 0.5 * w, 10);
  });

  it('lets an epidemic die and does not restart it', () => {
    expect(sir.call('transition', { s: 700, i: 0.1 }, parameters, [3, -3], 1)).toMatchObject({ i: 0 });
    expect(sir.call('transition', { s: 762.9, i: 0 }, parameters, [3, 0], 1)).toMatchObject({ s: 763 });
    expect(sir.call('log_observation', { in_bed: 3 }, { s: 763, i: 0 }, parameters, 1)).toBeCloseTo(
      3 * Math.log(1e-5) - 1e-5 - Math.log(6),
      6,
    );
  });
});

describe('stochastic-volatility', () => {
  const model = built_in_model('stochastic-volatility');
  const volatility = run(model);
  const theta = fc.record({ mu: between(-2, 2), phi: between(-0.99, 0.99), sigma: between(0.01, 1) });

  it('starts in its stationary distribution: one step keeps mean and variance', () => {
    fc.assert(
      fc.property(theta, (parameters) => {
        const at = (z: number) => (volatility.call('initial', parameters, [z]) as { x: number }).x;
        const step = (x: number, z: number) =>
          (volatility.call('transition', { x }, parameters, [z], 1) as { x: number }).x;
        const sd = at(1) - at(0);
        const carried = step(at(1), 0) - step(at(0), 0);
        expect(step(at(0), 0)).toBeCloseTo(at(0), 10);
        expect(carried ** 2 + (step(0, 1) - step(0, 0)) ** 2).toBeCloseTo(sd ** 2, 10);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('observes a normal whose standard deviation is exp(x / 2), and is finite far away', () => {
    fc.assert(
      fc.property(theta, normal, normal, (parameters, x, y) => {
        const value = volatility.call('log_observation', { y }, { x }, parameters, 1) as number;
        // The WGSL's constant is rounded to 8 digits.
        expect(value).toBeCloseTo(log_normal(y, 0, Math.exp(x / 2)), 6);
      }),
      { numRuns: 100, seed: 2 },
    );
    for (const x of [-500, 500])
      expect(volatility.call('log_observation', { y: 2 }, { x }, {}, 1)).toSatisfy(Number.isFinite);
  });
});

const state_space = Object.keys(catalog)
  .map((name) => built_in_model(name))
  .filter((model) => model.kind === 'state-space');

it.each(state_space)('$name has tangents that agree with central differences at its priors’ centre', (model) => {
  const centre: Record<string, number> = {
    mu: 0.4,
    phi: 0.9,
    sigma: 0.6,
    beta: 0.8,
    gamma: 0.35,
    phi_inverse: 0.2,
  };
  const theta = Object.fromEntries(model.fields.map((field) => [field.name, centre[field.name] as number]));
  const noise = Array.from({ length: Math.max(1, model.noise) }, (_, i) => 0.3 * Math.cos(2 * i + 1));
  const x = Object.fromEntries(model.state.map((field, i) => [field.name, [80.3, 31.7][i] as number]));
  const y = Object.fromEntries(model.observation.map((column) => [column, 30]));
  check_gradient(model, 'initial', [true, false], [theta, noise]);
  check_gradient(model, 'transition', [true, true, false, false], [x, theta, noise, 1]);
  check_gradient(model, 'log_observation', [false, true, true, false], [y, x, theta, 1]);
  if (model.has_guided) check_gradient(model, 'guided', [true, false, true, false, false], [x, y, theta, noise, 1]);
});
