// Acceptance, against the float64 twin (test/reference/particle_filter.ts), for both shapes of the bank.
//
// Without resampling: log-sum-exp moves by no more than the largest change of its arguments, so the log-likelihood is off by at most the error of one path's log-weight. States here
// contract (factor ≤ 0.9) and stay below 8, so that one is off by at most (8·4·2⁻²⁴ + 8e-7 for the normal) / 0.1 = 3e-5; |d g/dx| ≤ 8 / 0.76² = 14 in the far tails that carry no weight and below 3
// where the weight is; the accumulated log-weights (below 64) add 4e-6 a step. Together ≤ 1e-4 a step for one path in the worst case; errors of both signs leave far less: 2e-6·T is seen and 4e-6·T asked for.
// Derivatives: sensitivities are sums over at most ten remembered steps, each with the same relative error: 4e-6·T·(1 + |gradient|).
//
// With resampling a point may fall between the f32 and the f64 prefix sum and pick the neighbouring particle. A prefix sum differs by about 1e-6 of the total, there are N points a step, so
// a filter takes another way with probability about N·T·1e-6 = 0.1 %; another way is no error. So of the filters all but 5 % must agree; a wrong counter, weight or index makes all of them differ.

import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/filter/bank.ts';
import { use_device } from '../device.ts';
import { particle_filter, type TwinResult } from '../reference/particle_filter.ts';
import { observations, rows_of } from './data.ts';
import { test_models } from './models.ts';
import { keys_for, run_bank, spread_thetas } from './run_bank.ts';

const steps = 20;
const particles = 37;
const filters = 20;

const settings = [
  { name: 'never', resample_below: 0, blend: 1, disagreeing: 0 },
  { name: 'adaptively', resample_below: 0.5, blend: 1, disagreeing: 1 },
  { name: 'at every step, blended', resample_below: 1, blend: 0.3, disagreeing: 1 },
];
const cases = Object.entries(test_models).flatMap(([name, entry]) =>
  (entry.model.has_guided ? (['bootstrap', 'guided'] as const) : (['bootstrap'] as const)).flatMap((proposal) =>
    settings.map((setting) => ({
      title: `${name}, ${proposal}, resampling ${setting.name}`,
      ...entry,
      proposal,
      ...setting,
    })),
  ),
);

const device = use_device();

describe.each(cases)('$title', ({ model, twin, theta, proposal, resample_below, blend, disagreeing }) => {
  const data = observations(model, steps, [3, 4, 11]);
  const thetas = spread_thetas(theta, filters);
  const keys = keys_for(filters);
  const twins = thetas.map((values, f) =>
    particle_filter({
      model: twin,
      theta: values,
      key: keys[f] as [number, number],
      rows: rows_of(model, data),
      particles,
      resample_below,
      blend,
      guided: proposal === 'guided',
    }),
  );

  it.each<Shape>(['lane', 'workgroup'])('agrees with the twin: %s per filter', async (shape) => {
    const options = { model, data, particles, resample_below, blend, proposal, shape, width: 16, trace: { draws: 2 } };
    const run = await run_bank(device(), { ...options, gradient: true }, thetas, keys);
    const allowed = 4e-6 * steps;
    const problems: string[] = [];
    const agrees = (f: number, expected: TwinResult) => {
      const compare = (what: string, value: number | undefined, wanted: number | undefined, tolerance: number) => {
        const is_near = Math.abs((value as number) - (wanted as number)) <= tolerance;
        if (!is_near) problems.push(`filter ${f}: ${what} ${value}, twin ${wanted}`);
        return is_near;
      };
      const checks = [
        compare('log-likelihood', run.log_likelihood[f], expected.log_likelihood, allowed),
        compare('resampled', run.resampled[f], expected.resampled, 0),
        compare('died', run.died[f], expected.died, 0),
        compare('faults', run.faults[f], 0, 0),
        ...expected.gradient.map((g, d) =>
          compare(`gradient ${d}`, run.gradient[d]?.[f], g, allowed * (1 + Math.abs(g))),
        ),
        ...expected.increments.map((g, t) => compare(`increment ${t}`, run.trace(t, 0)[f], g, allowed)),
        ...expected.ess.map((e, t) => compare(`ESS ${t}`, run.trace(t, 1)[f], e, allowed * e)),
        ...expected.means.flatMap((mean, t) =>
          mean.map((m, i) => compare(`mean ${t}`, run.trace(t, 2 + i)[f], m, allowed)),
        ),
      ];
      return checks.every((is_near) => is_near);
    };
    const wrong = twins.filter((expected, f) => !agrees(f, expected)).length;
    expect(wrong, problems.slice(0, 12).join('\n')).toBeLessThanOrEqual(disagreeing);
    if (resample_below === 1 && model.noise > 0) expect(Math.min(...run.resampled)).toBeGreaterThan(0);
  });
});
