// Acceptance: shaders/lib in f32 (the interpreter rounding every operation, so transcendental functions correctly rounded) against float64 formulas of
// another kind (test/reference/special_functions.ts). The bounds are those that the heads of the shaders state, about 1.5 times what 3000 draws
// showed. A device adds the error that WGSL allows its log and exp.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { library } from '../../src/autodiff/library.ts';
import { list_functions } from '../../src/autodiff/program.ts';
import * as reference from '../reference/special_functions.ts';
import { compare, interpret_library } from './harness.ts';

const f32 = interpret_library(Math.fround);

type Scale = 'relative' | 'mixed';

function check(
  name: string,
  inputs: fc.Arbitrary<number[]>,
  expected: (...x: number[]) => number,
  scale: Scale,
  bound: number,
): void {
  fc.assert(
    fc.property(inputs, (drawn) => {
      const x = drawn.map(Math.fround);
      const want = expected(...x);
      const got = f32.call(name, ...x) as number;
      const unit = scale === 'relative' ? Math.abs(want) : Math.max(1, Math.abs(want));
      expect(Math.abs(got - want), `${name}(${x.join(', ')}): ${got}, should be ${want}`).toBeLessThanOrEqual(
        bound * unit,
      );
    }),
    { numRuns: 1000, seed: 7 },
  );
}

/** Uniform in the logarithm. */
const positive = (low: number, high: number) =>
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((u) => Math.min(high, Math.max(low, Math.exp(Math.log(low) + u * Math.log(high / low)))));
const signed = (low: number, high: number) =>
  fc.tuple(positive(low, high), fc.boolean()).map(([x, minus]) => (minus ? -x : x));
const one = (x: fc.Arbitrary<number>) => x.map((v) => [v]);
const count = (high: number) => positive(1, high + 1).map((x) => Math.floor(x) - 1);
const half_log_two_pi = 0.5 * Math.log(2 * Math.PI);

describe('special functions', () => {
  const range = one(fc.oneof(positive(1e-6, 1e8), positive(0.3, 6)));
  it('log_gamma', () => check('log_gamma', range, reference.log_gamma, 'mixed', 3e-7));
  it('log_gamma keeps relative precision at its zeros', () => {
    const near_zero = one(
      fc.oneof(fc.double({ min: 1, max: 1.2, noNaN: true }), fc.double({ min: 1.8, max: 2, noNaN: true })),
    );
    const inside = near_zero.filter(([x]) => Math.abs((x as number) - Math.round(x as number)) > 1e-6);
    check('log_gamma', inside, reference.log_gamma, 'relative', 1e-6);
    expect(f32.call('log_gamma', 1)).toBe(0);
    expect(f32.call('log_gamma', 2)).toBe(0);
  });
  it('digamma', () => check('digamma', range, reference.digamma, 'mixed', 6e-7));
  it('stirling_error', () => {
    const expected = (x: number) => reference.log_gamma(x) - (x - 0.5) * Math.log(x) + x - half_log_two_pi;
    check('stirling_error', range, expected, 'mixed', 6e-7);
  });
  it('digamma_remainder', () => {
    const expected = (x: number) => Math.log(x) - 0.5 / x - reference.digamma(x);
    check('digamma_remainder', range, expected, 'mixed', 1e-6);
  });
  it('log1p', () => {
    check(
      'log1p',
      one(
        fc.oneof(
          positive(1e-30, 1e30),
          positive(1e-9, 0.9999).map((x) => -x),
        ),
      ),
      Math.log1p,
      'relative',
      3e-7,
    );
  });
  it('log1p_defect', () => {
    const series = (x: number) => x * x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x / 5)));
    const expected = (x: number) => (Math.abs(x) < 1e-3 ? series(x) : x - Math.log1p(x));
    const inputs = fc
      .oneof(
        positive(1e-9, 1e3),
        positive(1e-9, 0.9).map((x) => -x),
      )
      .map(Math.fround);
    check(
      'log1p_defect',
      inputs.map((x) => [x, 1 + x]),
      expected,
      'relative',
      1e-6,
    );
  });
  it('expm1', () => check('expm1', one(signed(1e-30, 80)), Math.expm1, 'relative', 3e-7));
  it('inverse_logit', () => {
    check('inverse_logit', one(signed(1e-3, 80)), (x) => 1 / (1 + Math.exp(-x)), 'relative', 3e-7);
    expect(f32.call('inverse_logit', -1000)).toBe(0);
    expect(f32.call('inverse_logit', 1000)).toBe(1);
  });
  it('logit', () => {
    const inputs = one(
      fc.oneof(
        positive(1e-30, 0.999),
        positive(1e-7, 0.999).map((x) => 1 - x),
      ),
    );
    check('logit', inputs, (p) => Math.log(p) - Math.log1p(-p), 'relative', 3e-7);
  });
  it('log_add_exp', () => {
    const expected = (a: number, b: number) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
    check('log_add_exp', fc.tuple(signed(1e-3, 1e3), signed(1e-3, 1e3)), expected, 'mixed', 2e-7);
  });
});

describe('log densities', () => {
  const mean = positive(1e-4, 1e4);
  /** A count within a few standard deviations of the mean. */
  const near = (m: fc.Arbitrary<number>) =>
    fc
      .tuple(m, fc.double({ min: -3, max: 3, noNaN: true }))
      .map(([x, z]): [number, number] => [Math.max(0, Math.round(x + z * Math.sqrt(x))), x]);

  it('normal', () => {
    check(
      'normal_log_density',
      fc.tuple(signed(0.01, 10), signed(0.01, 10), positive(0.1, 10)),
      reference.normal,
      'mixed',
      1e-6,
    );
  });
  it('Poisson', () => {
    check('poisson_log_density', fc.oneof(fc.tuple(count(1e4), mean), near(mean)), reference.poisson, 'mixed', 1e-6);
  });
  const negative_binomial = fc.oneof(
    fc.tuple(count(2000), mean, positive(0.01, 1e6)),
    fc
      .tuple(near(positive(0.1, 1500)), positive(10, 1e6))
      .map(([[k, m], size]): [number, number, number] => [k, m, size]),
  );
  it('negative binomial', () => {
    check('negative_binomial_log_density', negative_binomial, reference.negative_binomial, 'mixed', 3e-6);
  });
  it('size score of the negative binomial', () => {
    check('negative_binomial_size_score', negative_binomial, reference.negative_binomial_size_score, 'mixed', 6e-6);
  });
  it('negative binomial of a huge size is the Poisson', () => {
    check(
      'negative_binomial_log_density',
      near(positive(0.1, 100)).map(([k, m]) => [k, m, 1e12]),
      reference.poisson,
      'mixed',
      1e-6,
    );
  });
  it('binomial', () => {
    const inputs = fc
      .tuple(count(1e4), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 0.999, noNaN: true }))
      .map(([n, u, p]) => [Math.round(u * (n + 1)), n + 1, p]);
    check('binomial_log_density', inputs, reference.binomial, 'mixed', 1e-5);
  });
  it('Student t', () => {
    const inputs = fc.tuple(signed(0.01, 100), positive(0.1, 1e5), signed(0.1, 1), positive(0.1, 10));
    check('student_t_log_density', inputs, reference.student_t, 'mixed', 1e-6);
  });

  it('a count of 0 has a finite density and gradient for any mean, 0 included', () => {
    for (const m of [0, 1e-38, 1e-10, 1e10]) {
      for (const size of [0.01, 1, 1e6]) {
        const source =
          'fn f(m: f32, s: f32) -> f32 { return negative_binomial_log_density(0.0, m, s) + poisson_log_density(0.0, m); }';
        const { value, tangents } = compare({ source, entry: 'f', active: [true, true], inputs: [m, size] });
        expect([...value, ...tangents.flat()].every(Number.isFinite), `mean ${m}, size ${size}`).toBe(true);
      }
    }
  });
});

it('the registry has the parameters of the shaders', () => {
  for (const [name, { module, signature, partials }] of Object.entries(library)) {
    const text = readFileSync(new URL(`../../shaders/lib/${module}.wgsl`, import.meta.url), 'utf8');
    const found = list_functions(text).find((f) => f.name === name);
    expect(found?.parameters.map((p) => `${p.name}: ${p.type}`).join(', '), name).toBe(signature);
    expect(partials.length, name).toBe(found?.parameters.length);
  }
});
