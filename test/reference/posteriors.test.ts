// The exact posteriors that SMC² is tested against, against each other: the published values of smc2.md §4.1, §4.2 and appendix A (independent quadratures, digits as printed).

import { expect, it } from 'vitest';
import { line, line_data, unknown_ar_data } from '../smc2/models.ts';
import { box_posterior, gauss_legendre, lgssm_posterior, unknown_ar_log_likelihood } from './kalman_posterior.ts';
import { line_posterior } from './line_posterior.ts';
import { portable_data } from './portable_data.ts';
import { gaussian_log_density } from './theta_moves.ts';

it('Gauss–Legendre integrates polynomials exactly', () => {
  const rule = gauss_legendre(12);
  for (const power of [0, 1, 2, 11, 22]) {
    const integral = rule.reduce((s, { node, weight }) => s + weight * node ** power, 0);
    expect(integral).toBeCloseTo(power % 2 === 1 ? 0 : 2 / (power + 1), 12);
  }
});

it('lgssm on the portable data has the published posterior', () => {
  const { log_evidence, mean, sd } = lgssm_posterior(portable_data(100).y, 30);
  expect(log_evidence).toBeCloseTo(-192.648112, 4);
  [0.50699, 1.284803, 0.804237].forEach((x, i) => {
    expect(mean[i]).toBeCloseTo(x, 4);
  });
  [0.154072, 0.317419, 0.406196].forEach((x, i) => {
    expect(sd[i]).toBeCloseTo(x, 4);
  });
});

it('the unknown AR coefficient has the published posterior', () => {
  const posterior = box_posterior([[0.5, 1.3]], 60, ([a = 0]) => unknown_ar_log_likelihood(a, unknown_ar_data.y));
  expect(posterior.log_evidence).toBeCloseTo(-143.5311, 4);
  expect(posterior.mean[0]).toBeCloseTo(0.90229, 5);
  expect(posterior.sd[0]).toBeCloseTo(0.0452, 5);
});

it('the straight line has the posterior that quadrature gives', () => {
  const exact = line_posterior(line_data.y);
  const reach = [0, 1].map((i) => 8 * Math.sqrt(exact.covariance[i]?.[i] as number));
  const box = exact.mean.map((m, i) => [m - (reach[i] as number), m + (reach[i] as number)] as const);
  const area = box.reduce((a, [from, to]) => a * (to - from), 1);
  const priors = line.scalars.map((s) => s.prior.arguments as [number, number]);
  const normal = (x: number, m: number, s: number) => gaussian_log_density([x], [m], [[s]]);
  const found = box_posterior(box, 60, (theta) => {
    const [level = 0, slope = 0] = theta;
    const likelihood = line_data.y.reduce((s, y, t) => s + normal(y, level + slope * 0.5 * (t + 1), 0.5), 0);
    return likelihood + priors.reduce((s, [m, sd], i) => s + normal(theta[i] as number, m, sd), 0);
  });
  // The box stands for a uniform prior: its area has to be multiplied back.
  expect(found.log_evidence + Math.log(area)).toBeCloseTo(exact.log_evidence, 8);
  for (const i of [0, 1]) {
    expect(found.mean[i]).toBeCloseTo(exact.mean[i] as number, 8);
    expect((found.sd[i] as number) ** 2).toBeCloseTo(exact.covariance[i]?.[i] as number, 8);
  }
});
