// A likelihood that says nothing returns the prior, and the evidence is its constant.
//
// Acceptance: every particle descends from an independent draw of the prior and none is lost, so the reported Monte Carlo errors rest on 512 families and are good to a few per cent.
// Means, sds and quantiles are compared with the prior's by z-scores; the limit is for a false-alarm rate of 1e-3 in the whole file. The evidence is exact up to f32.

import { describe, expect, it } from 'vitest';
import { prior_cdf } from '../../src/model/prior.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { z_limit } from '../reference/statistics.ts';
import { excluding_model, flat_increment, flat_model } from './models.ts';
import { methods, smc2_options } from './options.ts';

const device = use_device();
const model = flat_model({
  location: { prior: { normal: [0.3, 1.2] } },
  scale: { prior: { gamma: [3, 2] } },
  share: { prior: { beta: [2, 3] } },
});
/** Mean, sd and kurtosis (fourth central moment over variance squared) of each prior, from textbooks: 3 + 6/a for gamma(a). */
const exact = {
  location: { mean: 0.3, sd: 1.2, kurtosis: 3 },
  scale: { mean: 1.5, sd: Math.sqrt(3) / 2, kurtosis: 5 },
  share: { mean: 0.4, sd: 0.2, kurtosis: 2.36 },
};
const limit = z_limit(1e-3, methods.length * 3 * 5);
const rows = 7;

describe.each(methods)('$proposal, $correction, $l_kernel', (method) => {
  it('returns the prior and the constant', async () => {
    // The forward kernel without acceptance loses effective sample size with every wide step; resampling after that would lose families.
    const step = method.l_kernel === 'forward' ? 0.3 : 0.8;
    const result = await run_smc2(
      device(),
      smc2_options(
        { model, data: { y: new Array<number>(rows).fill(0) } },
        { ...method, step, thetas: 512, iterations: 3, seed: 80 },
      ),
    );
    expect(result.log_evidence.value).toBeCloseTo(rows * flat_increment, 5);
    expect(result.log_evidence.se).toBeLessThan(1e-3);
    expect(result.iterations.map((i) => i.lambda)).toEqual([1, 1, 1]);
    expect(result.likelihood_sd).toBe(0);
    model.scalars.forEach(({ name, prior }) => {
      const found = result.parameters[name];
      const wanted = exact[name as keyof typeof exact];
      if (!found) throw new Error(`no estimate of ${name}`);
      expect(Math.abs(found.mean - wanted.mean)).toBeLessThan(limit * found.mcse);
      const sd_error = wanted.sd * Math.sqrt((wanted.kurtosis - 1) / 4 / found.ess);
      expect(Math.abs(found.sd - wanted.sd)).toBeLessThan(limit * sd_error);
      for (const [quantile, p] of [
        [found.q05, 0.05],
        [found.q50, 0.5],
        [found.q95, 0.95],
      ] as const) {
        expect(Math.abs(prior_cdf(prior, quantile) - p)).toBeLessThan(limit * Math.sqrt((p * (1 - p)) / found.ess));
      }
    });
    expect(result.families).toBeGreaterThan(200);
  });

  it.each([1, 4])('returns the part of the prior that step %i does not exclude', async (late) => {
    const thetas = 512;
    const result = await run_smc2(
      device(),
      smc2_options(
        { model: excluding_model(late), data: { y: new Array<number>(rows).fill(0) } },
        { ...method, step: 0.4, thetas, iterations: 3, seed: 81 },
      ),
    );
    // 0.4 of the draws survive, and their number is binomial; a fitted Gaussian is a poor backward kernel next to an edge, so the weights add as much again.
    const error = Math.sqrt(0.6 / 0.4 / thetas);
    expect(Math.abs(result.log_evidence.value - rows * flat_increment - Math.log(0.4))).toBeLessThan(limit * error);
    const { mean = 0, mcse = 0 } = result.parameters.a ?? {};
    expect(mcse).toBeLessThan(0.02);
    expect(Math.abs(mean - 0.8)).toBeLessThan(limit * mcse);
    for (const { theta, weights } of result.records) {
      weights.forEach((w, m) => {
        if ((theta[0]?.[m] as number) < 0.6) expect(w).toBeLessThan(1e-30);
      });
    }
  });
});
