/**
 * The unconstrained space in float64.
 *
 * Acceptance. Round trips: the log of a step, or of a share, loses the rounding of what it was added to: with |phi| ≤ 6 and up to 8 elements steps of e⁻⁶ beside a sum of 8 e⁶, hence
 * 8 e¹²·2⁻⁵² = 3e-10 and 1e-9 allowed. Jacobians: log |det| of central differences of step h = 1e-5, whose rows err by h²/6 of a third derivative about as large as
 * the first and by 2⁻⁵²/h relative to theta, at most e⁵ times the derivative for |phi| ≤ 3: below 1e-8 per row, hence 1e-6.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constrain_ordered, ordered_log_jacobian, unconstrain_ordered } from '../../src/model/ordered.ts';
import { log_prior_density } from '../../src/model/prior.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import {
  constrain_simplex,
  dirichlet_log_density,
  simplex_log_jacobian,
  unconstrain_simplex,
} from '../../src/model/simplex.ts';
import { constrain_all, log_prior, unconstrain_all } from '../../src/model/space.ts';
import { constrain, log_slope } from '../../src/model/transform.ts';
import type { Prior } from '../../src/model/types.ts';
import { log_gamma } from '../reference/distributions.ts';
import { log_determinant } from '../reference/linear_algebra.ts';
import { every_kind, long_arrays } from './log_density_models.ts';

const coordinates = (reach: number, length: { minLength: number; maxLength: number }) =>
  fc.array(fc.double({ min: -reach, max: reach, noNaN: true }), length);
const extreme = fc.array(
  fc.oneof(fc.constantFrom(-1e6, -800, -40, 40, 700), fc.double({ min: -50, max: 50, noNaN: true })),
  {
    minLength: 1,
    maxLength: 8,
  },
);
const runs = { numRuns: 300, seed: 1 };

/** log |det d f / d phi| of as many first elements of f as phi has. */
function numerical_log_jacobian(f: (phi: readonly number[]) => number[], phi: readonly number[]): number {
  const h = 1e-5;
  const at = (d: number, step: number) => f(phi.map((v, i) => (i === d ? v + step : v)));
  const columns = phi.map((_, d) => {
    const [high, low] = [at(d, h), at(d, -h)];
    return phi.map((_, i) => ((high[i] as number) - (low[i] as number)) / (2 * h));
  });
  return log_determinant(columns);
}

describe.each([false, true])('ordered parameters, positive: %s', (is_positive) => {
  it('grow strictly, however far out phi is', () => {
    fc.assert(
      fc.property(extreme, (phi) => {
        const theta = constrain_ordered(phi, is_positive).filter(Number.isFinite);
        if (is_positive) expect(theta.every((value) => value > 0)).toBe(true);
        for (const [i, value] of theta.slice(1).entries()) expect(value).toBeGreaterThan(theta[i] as number);
      }),
      runs,
    );
  });

  it('are undone by unconstrain', () => {
    fc.assert(
      fc.property(coordinates(6, { minLength: 1, maxLength: 8 }), (phi) => {
        const back = unconstrain_ordered(constrain_ordered(phi, is_positive), is_positive);
        for (const [i, value] of phi.entries()) expect(Math.abs((back[i] as number) - value)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('have the Jacobian of their definition', () => {
    fc.assert(
      fc.property(coordinates(3, { minLength: 1, maxLength: 6 }), (phi) => {
        const numerical = numerical_log_jacobian((p) => constrain_ordered(p, is_positive), phi);
        expect(Math.abs(ordered_log_jacobian(phi, is_positive) - numerical)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe('a simplex', () => {
  it('is inside (0, 1) and sums to one, however far out phi is', () => {
    fc.assert(
      fc.property(extreme, (phi) => {
        const theta = constrain_simplex(phi);
        expect(theta).toHaveLength(phi.length + 1);
        expect(theta.every((value) => value > 0 && value < 1)).toBe(true);
        // Each element is exp of a log of up to |phi| ≤ 1e6, whose own rounding is 1e6·2⁻⁵³; elements that count have logs near 0.
        expect(Math.abs(theta.reduce((sum, value) => sum + value, 0) - 1)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('is uniform at phi = 0', () => {
    for (const size of [2, 3, 7])
      for (const value of constrain_simplex(new Array<number>(size - 1).fill(0)))
        expect(value).toBeCloseTo(1 / size, 14);
  });

  it('is undone by unconstrain', () => {
    fc.assert(
      fc.property(coordinates(6, { minLength: 1, maxLength: 7 }), (phi) => {
        const back = unconstrain_simplex(constrain_simplex(phi));
        for (const [i, value] of phi.entries()) expect(Math.abs((back[i] as number) - value)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  it('has the Jacobian of its definition', () => {
    fc.assert(
      fc.property(coordinates(3, { minLength: 1, maxLength: 5 }), (phi) => {
        const numerical = numerical_log_jacobian(constrain_simplex, phi);
        expect(Math.abs(simplex_log_jacobian(phi) - numerical)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it('has the Dirichlet density of the textbook, times its Jacobian', () => {
    const concentration = fc.double({ min: 0.1, max: 20, noNaN: true });
    const problem = coordinates(4, { minLength: 1, maxLength: 6 }).chain((phi) =>
      fc.tuple(fc.constant(phi), fc.array(concentration, { minLength: phi.length + 1, maxLength: phi.length + 1 })),
    );
    fc.assert(
      fc.property(problem, ([phi, a]) => {
        const theta = constrain_simplex(phi);
        const total = a.reduce((sum, value) => sum + value, 0);
        const textbook = a.reduce(
          (sum, value, k) => sum + (value - 1) * Math.log(theta[k] as number) - log_gamma(value),
          log_gamma(total),
        );
        // Terms up to 140 log 1e-12, each rounded a few times.
        expect(Math.abs(dirichlet_log_density(a, phi) - textbook - simplex_log_jacobian(phi))).toBeLessThan(1e-9);
      }),
      runs,
    );
  });
});

describe('a whole model', () => {
  const models = [every_kind, long_arrays, built_in_model('sir'), built_in_model('eight-schools')];

  it.each(models)('$name: phi → theta → phi', (model) => {
    fc.assert(
      fc.property(coordinates(3, { minLength: model.dimension, maxLength: model.dimension }), (phi) => {
        const theta = constrain_all(model, phi);
        expect(theta).toHaveLength(model.scalars.length);
        const back = unconstrain_all(model, theta);
        expect(back).toHaveLength(model.dimension);
        // Sums of up to 70 increments of up to e³, beside the smallest, e⁻³: 70 e⁶ 2⁻⁵² = 6e-12.
        for (const [d, value] of phi.entries()) expect(Math.abs((back[d] as number) - value)).toBeLessThan(1e-10);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it('puts every field where its offsets say', () => {
    const phi = Array.from({ length: every_kind.dimension }, (_, d) => 2 * Math.sin(d + 1));
    const theta = constrain_all(every_kind, phi);
    for (const { name, offset, size, constraint, unconstrained } of every_kind.fields) {
      const own = phi.slice(unconstrained.offset, unconstrained.offset + unconstrained.size);
      const values = [...theta.slice(offset, offset + Math.max(1, size))];
      const { prior } = every_kind.scalars[offset] as { prior: Prior };
      const expected =
        constraint === 'simplex'
          ? constrain_simplex(own)
          : constraint === 'ordered'
            ? constrain_ordered(own, prior.lower === 0)
            : own.map((coordinate, i) =>
                constrain((every_kind.scalars[offset + i] as { prior: Prior }).prior, coordinate),
              );
      expect(values, name).toEqual(expected);
    }
  });

  it('has the sum of its parameters’ log densities', () => {
    const phi = Array.from({ length: every_kind.dimension }, (_, d) => Math.sin(3 * d + 1));
    const theta = constrain_all(every_kind, phi);
    let sum = 0;
    for (const { offset, size, constraint, unconstrained } of every_kind.fields) {
      const own = phi.slice(unconstrained.offset, unconstrained.offset + unconstrained.size);
      const priors = every_kind.scalars.slice(offset, offset + Math.max(1, size)).map((scalar) => scalar.prior);
      if (constraint === 'simplex') {
        sum += dirichlet_log_density(
          priors.map((prior) => prior.arguments[0] as number),
          own,
        );
        continue;
      }
      sum += priors.reduce((total, prior, i) => total + log_prior_density(prior, theta[offset + i] as number), 0);
      sum +=
        constraint === 'ordered'
          ? ordered_log_jacobian(own, priors[0]?.lower === 0)
          : priors.reduce((total, prior, i) => total + log_slope(prior, own[i] as number), 0);
    }
    expect(log_prior(every_kind, phi)).toBeCloseTo(sum, 10);
  });

  it('has the priors to a power and the Jacobian whole', () => {
    // Π over scalars, with the last element of a simplex what the others leave: 1e-6 per coordinate of the numerical Jacobian.
    const power = 0.125;
    for (const field of every_kind.fields) {
      const { offset, size } = field.unconstrained;
      const phi = Array.from({ length: every_kind.dimension }, (_, d) => Math.sin(3 * d + 1));
      const own = phi.slice(offset, offset + size);
      const theta_of = (part: readonly number[]) =>
        Array.from(constrain_all(every_kind, phi.toSpliced(offset, size, ...part))).slice(
          field.offset,
          field.offset + Math.max(1, field.size),
        );
      const model = {
        ...every_kind,
        fields: [{ ...field, offset: 0, unconstrained: { offset: 0, size } }],
        scalars: every_kind.scalars.slice(field.offset, field.offset + Math.max(1, field.size)),
        dimension: size,
      };
      const wanted = power * log_prior(model, own) + (1 - power) * numerical_log_jacobian(theta_of, own);
      expect(Math.abs(log_prior(model, own, power) - wanted), field.name).toBeLessThan(1e-6 * size);
    }
  });

  it('says by infinities and NaN that theta breaks its constraints', () => {
    const theta = constrain_all(every_kind, new Array<number>(every_kind.dimension).fill(0));
    const at = (name: string) => every_kind.scalars.findIndex((scalar) => scalar.name === name);
    const broken = (name: string, value: number) =>
      unconstrain_all(
        every_kind,
        theta.map((v, i) => (i === at(name) ? value : v)),
      );
    for (const [name, value] of [
      ['increasing[2]', -5],
      ['weights[1]', -0.1],
      ['normal_upper', 2],
      ['positive[0]', -1],
    ] as const)
      expect([...broken(name, value)].every(Number.isFinite), name).toBe(false);
  });
});
