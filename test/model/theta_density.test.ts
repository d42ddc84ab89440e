/**
 * The priors as a density of theta.
 *
 * Acceptance. Slopes against central differences of log_prior_density with step h = 1e-5 of the distance to the nearest bound or of the scale: relative error h² of a third derivative that is of the size of
 * the first at that distance, and rounding 2⁻⁵²/h of the log density: 1e-6 (1 + |slope|·distance + |log density|) over the distance.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { is_proper_to_power, log_prior_density, quantile } from '../../src/model/prior.ts';
import { simplex_log_jacobian } from '../../src/model/simplex.ts';
import { constrain_all, log_prior } from '../../src/model/space.ts';
import { inner_theta, prior_of_theta } from '../../src/model/theta_density.ts';
import { log_slope } from '../../src/model/transform.ts';
import type { Prior, ScalarParameter } from '../../src/model/types.ts';
import { every_kind, prior_only } from './log_density_models.ts';
import { proper_priors } from './priors.ts';

const line = prior_only('line', { x: { prior: { normal: [0, 1] } } });
const with_scalar = (prior: Prior) => ({ ...line, scalars: [{ ...(line.scalars[0] as ScalarParameter), prior }] });

it('has the slope of every family', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(proper_priors, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (prior, p) => {
      const x = quantile(prior, p);
      const spread = quantile(prior, 0.99) - quantile(prior, 0.01);
      const distance = Math.min(spread, x - prior.lower, prior.upper - x);
      const h = 1e-5 * distance;
      fc.pre(x + h !== x && h > 1e-9 * Math.abs(x));
      const { log_density, gradient } = prior_of_theta(with_scalar(prior), [x]);
      const [high, low] = [log_prior_density(prior, x + h), log_prior_density(prior, x - h)];
      const slope = gradient[0] as number;
      const rounding = ((Math.abs(high) + 1) * 2 ** -51 + Math.abs(slope) * Math.abs(x) * 2 ** -52) / h;
      const tolerance = (1e-6 * (1 + Math.abs(slope) * distance + Math.abs(log_density))) / distance + rounding;
      expect(log_density).toBe(log_prior_density(prior, x));
      expect(Math.abs((high - low) / (2 * h) - slope), prior.family).toBeLessThan(tolerance);
      seen.add(prior.family);
    }),
    { numRuns: 600, seed: 5 },
  );
  expect(seen.size).toBe(9);
});

it('and the log Jacobian make the density of phi', () => {
  const phi = Array.from({ length: every_kind.dimension }, (_, d) => Math.sin(3 * d + 1));
  const log_jacobian = every_kind.fields.reduce((sum, { constraint, offset, size, unconstrained }) => {
    const own = phi.slice(unconstrained.offset, unconstrained.offset + unconstrained.size);
    const { prior } = every_kind.scalars[offset] as ScalarParameter;
    if (constraint === 'simplex') return sum + simplex_log_jacobian(own);
    if (constraint === 'ordered') return sum + own.slice(prior.lower === 0 ? 0 : 1).reduce((a, b) => a + b, 0);
    return (
      own.reduce(
        (total, p, i) => total + log_slope((every_kind.scalars[offset + i] as ScalarParameter).prior, p),
        sum,
      ) +
      0 * size
    );
  }, 0);
  const { log_density } = prior_of_theta(every_kind, constrain_all(every_kind, phi));
  expect(log_density + log_jacobian).toBeCloseTo(log_prior(every_kind, phi), 8);
});

describe('points of theta', () => {
  const model = prior_only('walls', {
    s: { prior: { half_normal: 1 } },
    p: { prior: { beta: [2, 2] } },
    cut: { prior: { normal: [0, 1] }, size: 3, ordered: true },
    w: { size: 2, simplex: true },
  });
  const good = [1, 0.5, -1, 0, 1, 0.25, 0.75];

  it('stay what they are in f32 where they are inside', () => {
    expect(Array.from(inner_theta(model, good, 'here'))).toEqual(good);
  });

  it('that were rounded onto a bound, or together, stand beside it', () => {
    const [s, p, a, b, c, w] = inner_theta(model, [0, 1, 2, 2, 2, 0, 1], 'here') as unknown as number[];
    expect(s).toBeGreaterThan(0);
    expect(p).toBe(1 - 2 ** -24);
    expect(w).toBeGreaterThan(0);
    expect([a, b, c]).toEqual([2, 2 + 2 ** -22, 2 + 2 ** -21]);
  });

  it.each([
    [0, -1e-3, /^here: s = -0\.001 is not inside the bounds of the model walls, \(0, Infinity\)\./],
    [1, 1.001, /^here: p = 1\.001/],
    [3, -1.5, /^here: cut\[1\] = -1\.5 .*\(-1, Infinity\)/],
    [5, -0.1, /^here: w\[0\] = -0\.1 .*\(0, 1\)/],
    [2, Number.NEGATIVE_INFINITY, /^here: cut\[0\] = -Infinity/],
  ])('beyond a bound are refused: scalar %d = %d', (at, value, message) => {
    expect(() => inner_theta(model, good.with(at, value), 'here')).toThrow(message);
  });
});

it('knows which priors to a power have a finite mass', () => {
  const prior = (family: Prior['family'], values: number[], lower = -Infinity, upper = Infinity): Prior => ({
    ...{ family, arguments: values, lower, upper },
  });
  const cases: [Prior, number, boolean][] = [
    [prior('normal', [0, 1]), 0.01, true],
    [prior('flat', []), 1, false],
    [prior('flat', [], 0, 1), 0.01, true],
    // 1/x² to the power ½ is 1/x.
    [prior('half_cauchy', [1], 0), 0.51, true],
    [prior('half_cauchy', [1], 0), 0.5, false],
    [prior('half_cauchy', [1], 0, 9), 0.1, true],
    [prior('student_t', [3, 0, 1]), 0.26, true],
    [prior('student_t', [3, 0, 1]), 0.25, false],
  ];
  for (const [one, power, proper] of cases)
    expect(is_proper_to_power(one, power), `${one.family} ${power}`).toBe(proper);
});
