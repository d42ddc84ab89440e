// Targets with exact answers.
//
// Acceptance: |mean − exact| < 4.5 MCSE. 300 + 12 z-scores, correlated among themselves; were they independent and normal, one would be above at 2e-3 of seeds.
// MVN: the mean of every coordinate, its variance, and the covariance with the coordinate 1, 5 or 20 places further on, by turns.
// Banana: moments up to the fourth of the normal that is bent, so its tails must be right: unit metric, since 10 to 1 is the shape of the whole and at every place the width is 1, and acceptance 0.95,
// since at 0.8 steps are too long for the ends (78 of 32 000 transitions diverge, and Var y comes out as 13.5).

import { expect, it } from 'vitest';
import { ess_mean } from '../../src/diagnostics/ess.ts';
import { banana } from '../../src/model/catalog/banana.ts';
import { use_device } from '../device.ts';
import mvn from './models/mvn.ts';
import { sample_model, z_score } from './sampled.ts';

const device = use_device();
const limit = 4.5;

it('normal in 100 dimensions with correlation 0.99', async () => {
  // About the published eHMCq at unit metric and acceptance 0.8 (arXiv 1810.04449): step .0474, lengths uniform with mean 190, ESS .0016 per gradient, so about 500 here.
  const sampled = await sample_model(device(), mvn, [], {
    sampler: 'hmc',
    seed: 1,
    chains: 32,
    warm_up: 30,
    draws: 60,
    metric: 'unit',
    step: 0.0474,
    steps: 190,
  });
  for (let i = 0; i < 100; i++) {
    const lag = [1, 5, 20][i % 3] as number;
    const other = i + lag < 100 ? i + lag : i - lag;
    const at = (d: number) => (x: readonly number[]) => x[d] as number;
    const [a, b] = [at(i), at(other)];
    const mean = sampled.quantity(a);
    expect(Math.abs(z_score(mean, 0)), `x[${i}]`).toBeLessThan(limit);
    expect(
      Math.abs(
        z_score(
          sampled.quantity((x) => a(x) ** 2),
          1,
        ),
      ),
      `x[${i}]²`,
    ).toBeLessThan(limit);
    const product = sampled.quantity((x) => a(x) * b(x));
    expect(Math.abs(z_score(product, 0.99 ** lag)), `x[${i}] x[${other}]`).toBeLessThan(limit);
    // z-scores say little where nothing has moved.
    expect(ess_mean(mean)).toBeGreaterThan(150);
  }
});

it('banana', async () => {
  const sampled = await sample_model(device(), banana, [], {
    sampler: 'nuts',
    seed: 1,
    draws: 500,
    metric: 'unit',
    target_acceptance: 0.95,
  });
  expect(sampled.divergences).toBe(0);
  const x = ([value = 0]: readonly number[]) => value;
  const y = ([, value = 0]: readonly number[]) => value;
  const exact: [what: string, f: (theta: readonly number[]) => number, expected: number][] = [
    ['x', x, 0],
    ['x²', (t) => x(t) ** 2, 100],
    ['x⁴', (t) => x(t) ** 4, 3e4],
    ['y', y, 0],
    // Var 0.03 x² = 0.03² · 2 · 10⁴ = 18
    ['y²', (t) => y(t) ** 2, 19],
    ['x y', (t) => x(t) * y(t), 0],
    ['x² y', (t) => x(t) ** 2 * y(t), 600],
    ['x > 10', (t) => Number(x(t) > 10), 0.15865525],
    ['|x| > 20', (t) => Number(Math.abs(x(t)) > 20), 0.04550026],
    // By quadrature over x.
    ['y < −3', (t) => Number(y(t) < -3), 0.17910468],
  ];
  for (const [what, f, expected] of exact) {
    expect(Math.abs(z_score(sampled.quantity(f), expected)), what).toBeLessThan(limit);
  }
});
