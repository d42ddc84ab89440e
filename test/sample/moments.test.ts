// Chains that keep moments only walk the same way as those that keep draws, and their moments are those of the draws.
//
// Acceptance: the last draws are equal bit for bit (both go through the same host code). Moments are sums of 20 draws in f32, each update rounded to 2⁻²⁴ of the value, and constrained
// by exp to 3 + 2|phi| units in the last place (WGSL's accuracy table), 12 here: 20 · 12 · 2⁻²⁴ = 1.5e-5 of the largest value for means, and twice that times the spread for variances.

import { expect, it } from 'vitest';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { SamplerKind } from '../../src/sample/options.ts';
import { run_sample } from '../../src/sample/sample.ts';
import { use_device } from '../device.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { no_rows } from './chains.ts';

const device = use_device();
const chains = 40;
const kept = 20;

const model = validate_model({
  kind: 'log-density',
  name: 'mixed',
  parameters: {
    mu: { prior: { normal: [3, 1] } },
    scale: { prior: { lognormal: [0, 0.5] } },
    share: { size: 3, simplex: true, prior: { dirichlet: [2, 3, 4] } },
  },
  wgsl: 'fn log_density(theta: Theta) -> f32 { return -0.5 * theta.mu * theta.mu * theta.scale; }',
}) as LogDensityModel;

const run = (sampler: SamplerKind, keep: 'draws' | 'moments') =>
  run_sample(device(), {
    model,
    data: { rows: no_rows },
    sampler,
    chains,
    warm_up: 30,
    // One more than whole groups of three: it is left out.
    draws: 3 * kept + 1,
    thinning: 3,
    keep,
    metric: 'diagonal',
    jitter: 0.5,
    learn: 100,
    length_per_chain: false,
    most_depth: 6,
    seed: 31,
  });

it.each<SamplerKind>(['nuts', 'hmc', 'ehmc'])('%s: moments are those of the draws', async (sampler) => {
  const [full, short] = [await run(sampler, 'draws'), await run(sampler, 'moments')];
  expect([full.kept, short.kept, full.draws.draws, short.draws.draws]).toEqual([kept, kept, kept, 1]);
  expect(short.step).toBe(full.step);
  expect(short.evaluations).toEqual(full.evaluations);
  expect(short.divergences).toBe(full.divergences);
  expect([...(short.moments?.keys() ?? [])]).toEqual(model.scalars.map(({ name }) => name));
  for (const [name, parameter] of full.draws.parameters) {
    const moments = short.moments?.get(name);
    parameter.forEach((draws, c) => {
      expect(short.draws.parameters.get(name)?.[c]?.[0]).toBe(draws.at(-1));
      const pairs = [
        { values: Array.from(draws), seen: moments?.theta[c] },
        { values: Array.from(draws, (x) => x ** 2), seen: moments?.square[c] },
      ];
      for (const { values, seen } of pairs) {
        const size = Math.max(...values.map(Math.abs));
        expect(Math.abs((seen?.mean as number) - mean_of(values))).toBeLessThan(1.5e-5 * size);
        const spread = Math.max(...values) - Math.min(...values);
        expect(Math.abs((seen?.variance as number) - variance_of(values))).toBeLessThan(3e-5 * size * spread + 1e-12);
      }
    });
  }
});
