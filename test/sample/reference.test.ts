// Acceptance. The WGSL of the test targets, run in float64 by the interpreter, equals the definitions in reference.ts, normalising constants included.
//   values     2e-9: at most 2000 terms of total size 8000 are added, and each addition rounds to 2⁻⁵³ of what has come together: 2000 · 8000 · 2⁻⁵³
//   tangents   central differences of the definition, to 1e-8 (1 + |d|) and the truncation that two step widths show, as in test/autodiff
// Parameters are drawn about the posterior by a fixed seed. German credit is tested where its data are at hand: the WGSL on the first 50 rows, rows and definitions by the mode and its
// energy, known to four decimals: 0.5e-4, and a fifth of that for Newton's method, which ends far below.

import { describe, expect, it } from 'vitest';
import { eight_schools } from '../../src/model/catalog/eight_schools.ts';
import type { LogDensitySource } from '../../src/model/types.ts';
import { site, uniform_at } from '../../src/random/threefry.ts';
import { dot, solve } from '../reference/linear_algebra.ts';
import { german_credit_rows, has_german_credit } from './data/german_credit.ts';
import { read_rows } from './data/read_rows.ts';
import ark from './models/ark.ts';
import garch11 from './models/garch11.ts';
import gauss_mix from './models/gauss_mix.ts';
import german_credit_a from './models/german_credit_a.ts';
import german_credit_b from './models/german_credit_b.ts';
import german_credit_c from './models/german_credit_c.ts';
import gp_regression from './models/gp_regression.ts';
import kidscore_momhsiq from './models/kidscore_momhsiq.ts';
import mvn from './models/mvn.ts';
import sblrc from './models/sblrc.ts';
import stochastic_volatility from './models/stochastic_volatility.ts';
import * as reference from './reference.ts';
import { evaluate_in_float64 } from './reference_model.ts';

type Rows = number[][];

interface Target {
  model: LogDensitySource;
  definition: reference.Reference;
  rows: () => Rows;
  /** Somewhere in the posterior. */
  theta: readonly number[];
  /** At most four indices of theta. */
  directions: readonly number[];
}

const repeat = (count: number, x: number) => Array.from({ length: count }, () => x);

const targets: readonly Target[] = [
  { model: mvn, definition: reference.mvn, rows: () => [], theta: repeat(100, 0), directions: [0, 1, 50, 99] },
  {
    model: stochastic_volatility,
    definition: reference.stochastic_volatility,
    rows: () => read_rows('stochastic_volatility.csv'),
    theta: [...repeat(1000, 0), 0.95, 0.65, 0.02],
    directions: [0, 999, 1000, 1002],
  },
  {
    model: eight_schools,
    definition: reference.eight_schools,
    rows: () => read_rows('eight_schools.csv'),
    theta: [4.4, 3.6, ...repeat(8, 0)],
    directions: [0, 1, 2, 9],
  },
  {
    model: kidscore_momhsiq,
    definition: reference.kidscore_momhsiq,
    rows: () => read_rows('kidiq.csv'),
    theta: [25.8, 5.99, 0.563, 18.1],
    directions: [0, 1, 2, 3],
  },
  {
    model: sblrc,
    definition: reference.sblrc,
    rows: () => read_rows('sblrc.csv'),
    theta: [1, 1, 1, 1, 1, 20],
    directions: [0, 1, 4, 5],
  },
  {
    model: ark,
    definition: reference.ark,
    rows: () => read_rows('ark.csv'),
    theta: [0, 0.69, 0.44, 0.11, -0.04, -0.3, 0.15],
    directions: [0, 1, 5, 6],
  },
  {
    model: garch11,
    definition: reference.garch11,
    rows: () => read_rows('garch.csv'),
    theta: [5.05, 1.47, 0.57, 0.68],
    directions: [0, 1, 2, 3],
  },
  {
    model: gauss_mix,
    definition: reference.gauss_mix,
    rows: () => read_rows('gauss_mix.csv'),
    theta: [-2.73, 2.87, 1.03, 1.02, 0.62],
    directions: [0, 1, 3, 4],
  },
  {
    model: gp_regression,
    definition: reference.gp_regression,
    rows: () => read_rows('gp_regression.csv'),
    theta: [6.9, 2.4, 1.8],
    directions: [0, 1, 2],
  },
];

const logistic = (model: LogDensitySource, definition: reference.Reference, variant: 'a' | 'b' | 'c'): Target => ({
  model,
  definition,
  rows: () => german_credit_rows(variant).slice(0, 50),
  theta: variant === 'c' ? repeat(25, 0.01) : repeat(25, 0.3),
  directions: [0, 1, 23, 24],
});

/** Each scalar within 5 % of where it is, or within 0.5 of 0. */
function draw(theta: readonly number[], seed: number): number[] {
  return theta.map((x, i) => {
    const u = 2 * uniform_at([seed, 0], site.prior, 0, i) - 1;
    return x === 0 ? 0.5 * u : x * (1 + 0.05 * u);
  });
}

function check({ model, definition, rows, theta, directions }: Target): void {
  const data = rows();
  for (const seed of [1, 2]) {
    const point = draw(theta, seed);
    const { value, tangents } = evaluate_in_float64(model, point, data, directions);
    expect(Math.abs(value - definition(point, data))).toBeLessThanOrEqual(2e-9);
    const central = (k: number, h: number) => {
      const at = (step: number) => definition(point.with(k, (point[k] as number) + step), data);
      return (at(h) - at(-h)) / (2 * h);
    };
    directions.forEach((k, lane) => {
      const h = 2 ** -10 * Math.max(0.01, Math.abs(point[k] as number));
      const [coarse, fine] = [central(k, h), central(k, h / 2)];
      const difference = (4 * fine - coarse) / 3;
      const bound = 1e-8 * (1 + Math.abs(difference)) + Math.abs(fine - coarse);
      expect(Math.abs((tangents[lane] as number) - difference), `direction ${k}`).toBeLessThanOrEqual(bound);
    });
  }
}

/** The maximum of a logistic regression's posterior by Newton's method from 0; each attribute has a coefficient, and the intercept comes first or last. */
function logistic_mode(rows: Rows, prior_precision: number, intercept_last: boolean): number[] {
  const design = rows.map(([, ...x]) => (intercept_last ? [...x, 1] : [1, ...x]));
  let beta = repeat(25, 0);
  for (let iteration = 0; iteration < 12; iteration++) {
    const odds = design.map((x) => 1 / (1 + Math.exp(-dot(x, beta))));
    const column = (i: number) => design.map((x) => x[i] as number);
    const residuals = rows.map((row, r) => (row[0] as number) - (odds[r] as number));
    const weights = odds.map((p) => p * (1 - p));
    const gradient = beta.map((b, i) => dot(column(i), residuals) - prior_precision * b);
    const curvature = beta.map((_, i) => {
      const weighted = column(i).map((x, r) => x * (weights[r] as number));
      return beta.map((_, j) => dot(weighted, column(j)) + (i === j ? prior_precision : 0));
    });
    const step = solve(curvature, gradient);
    beta = beta.map((b, i) => b + (step[i] as number));
  }
  return beta;
}

it.each(targets)('$model.name computes what its definition says, with its tangents', check);

describe.runIf(has_german_credit)('German credit', () => {
  // Energies are −log likelihood, plus ½|β|² under the normal priors of b and c, without constants; the modes' first four coordinates in four decimals.
  const known = [
    {
      variant: 'a',
      definition: reference.german_credit_a,
      prior_precision: 0,
      energy: 467.6673,
      mode: [1.1792, 0.7237, -0.4111, 0.4045],
    },
    {
      variant: 'b',
      definition: reference.german_credit_b,
      prior_precision: 1,
      energy: 469.1405,
      mode: [-0.7149, 0.4057, -0.3999, 0.1216],
    },
    {
      variant: 'c',
      definition: reference.german_credit_a,
      prior_precision: 1,
      energy: 472.8441,
      mode: [-1.4513, 0.5547, -0.0358, 0.3613],
    },
  ] as const;

  it.each(known)(
    '$variant has the published mode and energy',
    ({ variant, definition, prior_precision, energy, mode }) => {
      const rows = german_credit_rows(variant);
      const beta = logistic_mode(rows, prior_precision, variant === 'b');
      const penalty = 0.5 * prior_precision * beta.reduce((sum, x) => sum + x * x, 0);
      expect(Math.abs(penalty - definition(beta, rows) - energy)).toBeLessThanOrEqual(0.6e-4);
      for (const [i, x] of mode.entries()) expect(Math.abs((beta[i] as number) - x)).toBeLessThanOrEqual(0.6e-4);
    },
  );

  it.each([
    logistic(german_credit_a, reference.german_credit_a, 'a'),
    logistic(german_credit_b, reference.german_credit_b, 'b'),
    logistic(german_credit_c, reference.german_credit_a, 'c'),
  ])('$model.name computes what its definition says, with its tangents', check);
});
