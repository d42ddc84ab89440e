// Acceptance: a float64 SMC sampler (normal prior, normal likelihood, fixed tempering, multinomial resampling, random-walk
// moves, three recycled iterations at the posterior) is run R = 600 times. The variance of its answers over the runs is the
// truth; the average of each run's own estimate must match it. The empirical variance of R normal answers has relative sd
// √(2/(R − 1)) = 5.8 %, the average estimate about 1 %; four of those, 24 %, plus 3 % for the O(1/N) bias of the estimators:
// false-alarm rate 1e-4 per comparison. Exact values: posterior and evidence of the conjugate model, |z| < 4 (6e-5 each).
import { describe, expect, it } from 'vitest';
import {
  effective_families,
  evidence_relative_variance,
  type FamilyRecord,
  family_estimate,
} from '../../src/diagnostics/families.ts';
import { normals, uniforms } from '../data/report_fixture.ts';

const POWERS = [0.05, 0.2, 0.5, 1];
const OBSERVATION = 1.5;
const OBSERVATION_SD = 0.5;
const EXACT = {
  mean: 1.2,
  sd: Math.sqrt(0.2),
  log_evidence: -0.5 * Math.log(2 * Math.PI * 1.25) - 0.5 * (1.5 ** 2 / 1.25),
};

const log_likelihood = (x: number) =>
  -0.5 * ((OBSERVATION - x) / OBSERVATION_SD) ** 2 - Math.log(OBSERVATION_SD * Math.sqrt(2 * Math.PI));

interface Run {
  records: FamilyRecord[];
  values: number[][];
  log_evidence: number;
}

/** One run of the sampler with n particles. The last weighting is not resampled, so weights are unequal. */
function run_smc(n: number, uniform: () => number, normal: () => number): Run {
  let x = Array.from({ length: n }, normal);
  let families = x.map((_, i) => i);
  let weights = x.map(() => 1 / n);
  let log_evidence = 0;
  let power = 0;
  const move = (scale: number) => {
    x = x.map((from) => {
      let at = from;
      for (let s = 0; s < 2; s++) {
        const to = at + scale * normal();
        const log_ratio = power * (log_likelihood(to) - log_likelihood(at)) - 0.5 * (to ** 2 - at ** 2);
        if (Math.log(uniform()) < log_ratio) at = to;
      }
      return at;
    });
  };
  POWERS.forEach((next, step) => {
    const raw = x.map((value) => Math.exp((next - power) * log_likelihood(value)));
    const total = raw.reduce((sum, w) => sum + w, 0);
    log_evidence += Math.log(total / n);
    power = next;
    weights = raw.map((w) => w / total);
    if (step < POWERS.length - 1) {
      const cumulative = weights.map(
        (
          (sum) => (w: number) =>
            (sum += w)
        )(0),
      );
      const ancestors = x.map(() => {
        const u = uniform();
        const found = cumulative.findIndex((c) => u < c);
        return found < 0 ? n - 1 : found;
      });
      x = ancestors.map((a) => x[a] ?? 0);
      families = ancestors.map((a) => families[a] ?? 0);
      weights = x.map(() => 1 / n);
    }
    move(0.8);
  });
  const records: FamilyRecord[] = [];
  const values: number[][] = [];
  for (const coefficient of [0.5, 0.3, 0.2]) {
    records.push({ weights, families, coefficient });
    values.push([...x]);
    move(0.8);
  }
  return { records, values, log_evidence };
}

const mean = (x: number[]) => x.reduce((sum, v) => sum + v, 0) / x.length;
const variance = (x: number[]) => x.reduce((sum, v) => sum + (v - mean(x)) ** 2, 0) / (x.length - 1);

describe('the error of an SMC run from its families', () => {
  const replicates = 600;
  const particles = 200;
  const uniform = uniforms(20_261_121);
  const normal = normals(1_911);
  const runs = Array.from({ length: replicates }, () => run_smc(particles, uniform, normal));
  const estimates = runs.map(({ records, values }) => family_estimate(records, values));
  const tolerance = 4 * Math.sqrt(2 / (replicates - 1)) + 0.03;

  it('matches the variance of the recycled mean over repeated runs', () => {
    const answers = estimates.map((estimate) => estimate.mean);
    expect(Math.abs(mean(answers) - EXACT.mean) / Math.sqrt(variance(answers) / replicates)).toBeLessThan(4);
    const ratio = mean(estimates.map(({ mcse }) => mcse ** 2)) / variance(answers);
    expect(Math.abs(ratio - 1)).toBeLessThan(tolerance);
  });

  it('matches the variance of the mean of one iteration, which recycling improves on', () => {
    const single = runs.map(({ records, values }) => {
      const last = { ...(records[2] as FamilyRecord), coefficient: 1 };
      return family_estimate([last], [values[2] as number[]]);
    });
    const answers = single.map((estimate) => estimate.mean);
    const ratio = mean(single.map(({ mcse }) => mcse ** 2)) / variance(answers);
    expect(Math.abs(ratio - 1)).toBeLessThan(tolerance);
    expect(variance(estimates.map((estimate) => estimate.mean))).toBeLessThan(variance(answers));
  });

  it('matches the relative variance of the evidence over repeated runs', () => {
    const relative = runs.map(({ log_evidence }) => Math.exp(log_evidence - EXACT.log_evidence));
    expect(Math.abs(mean(relative) - 1) / Math.sqrt(variance(relative) / replicates)).toBeLessThan(4);
    const own = runs.map(({ records }) => evidence_relative_variance(records[0] as FamilyRecord, POWERS.length - 1));
    expect(Math.abs(mean(own) / variance(relative) - 1)).toBeLessThan(tolerance);
  });

  it('has the posterior sd and an ESS between one and the number of recorded draws', () => {
    const sds = estimates.map(({ sd }) => sd);
    // Bias of an sd from few families is O(1/N): 1 %.
    expect(Math.abs(mean(sds) / EXACT.sd - 1)).toBeLessThan(0.01 + 4 * Math.sqrt(variance(sds) / replicates));
    for (const { sd, mcse, ess } of estimates) {
      expect(ess).toBeGreaterThanOrEqual(1);
      expect(ess).toBeLessThanOrEqual(3 * particles);
      // Noise in mcse, with 200 particles, takes a few runs above the number of draws; there the report stops.
      expect(ess).toBeCloseTo(Math.min(3 * particles, (sd / mcse) ** 2), 8);
    }
  });
});

describe('families at the edges', () => {
  const families = [0, 0, 0, 0];
  const weights = [0.25, 0.25, 0.25, 0.25];

  it('count one family as one draw, where the sums would say there is no error', () => {
    const one = family_estimate([{ weights, families, coefficient: 1 }], [[1, 2, 3, 4]]);
    expect(one).toEqual({ mean: 2.5, sd: Math.sqrt(1.25), mcse: Math.sqrt(1.25), ess: 1 });
    expect(effective_families([{ weights, families, coefficient: 1 }])).toBe(1);
    expect(evidence_relative_variance({ weights, families }, 5)).toBe(1);
  });

  it('give the textbook error for independent draws', () => {
    const own = [{ weights, families: [0, 1, 2, 3], coefficient: 1 }];
    const estimate = family_estimate(own, [[1, 2, 3, 4]]);
    expect(estimate.mcse).toBeCloseTo(Math.sqrt(1.25 / 4), 14);
    expect(estimate.ess).toBeCloseTo(4, 12);
    expect(effective_families(own)).toBeCloseTo(4, 12);
    // Equal weights and no resampling: the evidence has no error at all.
    expect(evidence_relative_variance(own[0] as FamilyRecord, 0)).toBeCloseTo(0, 14);
  });

  it('give a constant no error and refuse weights that do not sum to one', () => {
    const constant = family_estimate([{ weights, families, coefficient: 1 }], [[2, 2, 2, 2]]);
    expect(constant).toEqual({ mean: 2, sd: 0, mcse: 0, ess: 4 });
    expect(() => family_estimate([{ weights, families, coefficient: 0.5 }], [[1, 2, 3, 4]])).toThrow('sum to 0.5');
  });

  it('take out the rounding of f32 weights', () => {
    const rounded = [1 / 3, 1 / 3, 1 / 3].map((w) => Math.fround(w * 1.00001));
    const estimate = family_estimate(
      [{ weights: rounded, families: [0, 1, 2], coefficient: 1 }],
      [[5e6, 5e6 + 1, 5e6 + 2]],
    );
    expect(estimate.mean).toBeCloseTo(5e6 + 1, 6);
    expect(estimate.sd).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });
});
