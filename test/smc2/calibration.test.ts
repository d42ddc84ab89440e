// Many runs with different seeds on a posterior that is known exactly: is SMC² right on average, and are the errors that it reports the errors that it makes?
//
// Acceptance: with R runs, an average is compared with its exact value by Student's t from the runs themselves (|t| < 4.2: false alarm 3e-4 each at R = 24, 32 of them, so about
// 1e-2 in the file, at fixed seeds). exp of the log-evidence is unbiased; the log of its average is off by half its relative variance over R, far less than the limit.
// A weight corrected by a fitted Gaussian is not quite unbiased, because the kernel is fitted to the particles that it then weighs: the excess is of order D²/M per move (measured:
// 47/M in log-evidence here), and the limit allows for 60/M.
//
// Calibration: R·D z-scores, D = 2 with correlation −0.9, so that their mean square has between R and 2R degrees of freedom; with R = 24 the mean square of exact standard normals
// lies in (0.31, 2.23) but for 1e-3. Wider by (0.8, 1.3)² for the error of the reported error itself, which rests on some tens of families.

import { describe, expect, it } from 'vitest';
import type { Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { line_posterior } from '../reference/line_posterior.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { line, line_data } from './models.ts';
import { methods, smc2_options } from './options.ts';

const device = use_device();
const exact = line_posterior(line_data.y);
const sd = [0, 1].map((i) => Math.sqrt(exact.covariance[i]?.[i] as number));
const runs = 24;
const thetas = 512;
const t_limit = 4.2;
const band = [0.31 * 0.8 ** 2, 2.23 * 1.3 ** 2] as const;

const t_score = (x: readonly number[], wanted: number) => (mean_of(x) - wanted) / Math.sqrt(variance_of(x) / x.length);

describe.each(methods)('$proposal, $correction, $l_kernel', (method) => {
  // Without acceptance and without a fitted kernel the weights of a random walk degenerate unless it is slow: that is the method, not an error (smc2.md §2.1).
  const is_slow = method.l_kernel === 'forward' && method.proposal === 'random-walk';
  const results: Smc2Result[] = [];
  const all = async () => {
    for (let seed = 90; results.length < runs; seed++) {
      results.push(
        await run_smc2(device(), smc2_options({ model: line, data: line_data }, { ...method, thetas, seed })),
      );
    }
    return results;
  };
  const estimate = (r: Smc2Result, i: number) =>
    Object.values(r.parameters)[i] as NonNullable<Smc2Result['parameters'][string]>;

  it('is right on average: evidence, means and sds', async () => {
    const found = await all();
    const ratios = found.map((r) => Math.exp(r.log_evidence.value - exact.log_evidence));
    const allowance = method.correction === 'weight' && method.l_kernel === 'gaussian' ? 60 / thetas : 0;
    const excess = Math.max(0, Math.abs(mean_of(ratios) - 1) - allowance);
    expect(excess / Math.sqrt(variance_of(ratios) / runs)).toBeLessThan(t_limit);
    for (const i of [0, 1]) {
      const means = found.map((r) => estimate(r, i).mean);
      expect(Math.abs(t_score(means, exact.mean[i] as number))).toBeLessThan(t_limit);
      const sds = found.map((r) => estimate(r, i).sd / (sd[i] as number));
      // The sd of a weighted sample is low by about 1/(2 ESS); ESS is a few tens where the method is slow.
      if (!is_slow)
        expect(Math.abs(mean_of(sds) - 1)).toBeLessThan(0.01 + t_limit * Math.sqrt(variance_of(sds) / runs));
    }
  });

  it('reports the error that it makes', async () => {
    const found = await all();
    const squares = found.flatMap((r) =>
      [0, 1].map((i) => ((estimate(r, i).mean - (exact.mean[i] as number)) / estimate(r, i).mcse) ** 2),
    );
    expect(mean_of(squares)).toBeGreaterThan(band[0]);
    if (!is_slow) expect(mean_of(squares)).toBeLessThan(band[1]);
  });
});

describe.each(methods.filter((method) => method.correction === 'metropolis'))('$proposal, $correction', (method) => {
  it('reports the error of the evidence that it makes', async () => {
    // Mean square of 80 standard normals: (0.56, 1.60) but for 1e-3; widened by 1.15² for the error of the error. An error that took out the noise of multinomial
    // resampling, which systematic resampling does not make, gave 2.1 and 2.6.
    const runs = 80;
    let sum = 0;
    for (let seed = 3000; seed < 3000 + runs; seed++) {
      const options = { ...method, thetas: 256, iterations: 1, seed };
      const { log_evidence } = await run_smc2(device(), smc2_options({ model: line, data: line_data }, options));
      sum += ((log_evidence.value - exact.log_evidence) / log_evidence.se) ** 2 / runs;
    }
    expect(sum).toBeGreaterThan(0.56 / 1.15 ** 2);
    expect(sum).toBeLessThan(1.6 * 1.15 ** 2);
  });
});
