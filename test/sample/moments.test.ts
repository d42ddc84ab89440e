// Chains that keep moments only walk the same way as those that keep draws, and their moments are those of the draws.
//
// Acceptance: the last draws are equal bit for bit (both go through the same host code). Moments are sums of 20 draws in f32, each update rounded to 2⁻²⁴ of the value, and constrained
// by exp to 3 + 2|phi| units in the last place (WGSL's accuracy table), 12 here: 20 · 12 · 2⁻²⁴ = 1.5e-5 of the largest value for means, and twice that times the spread for variances.

import { expect, it } from 'vitest';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { SampleOptions, SampleResult, SamplerKind } from '../../src/sample/options.ts';
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

const run = (sampler: SamplerKind, keep: 'draws' | 'moments', settings: Partial<SampleOptions> = {}) =>
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
    ...settings,
  });

function expect_moments_of(full: SampleResult, short: SampleResult) {
  expect([...(short.moments?.keys() ?? [])]).toEqual(model.scalars.map(({ name }) => name));
  // Every draw adds the error of one update.
  const rounding = 1.5e-5 * Math.max(1, full.kept / kept);
  for (const [name, parameter] of full.draws.parameters) {
    const moments = short.moments?.get(name);
    parameter.forEach((draws, c) => {
      const pairs = [
        { values: Array.from(draws), seen: moments?.theta[c] },
        { values: Array.from(draws, (x) => x ** 2), seen: moments?.square[c] },
      ];
      for (const { values, seen } of pairs) {
        const size = Math.max(...values.map(Math.abs));
        expect(Math.abs((seen?.mean as number) - mean_of(values))).toBeLessThan(rounding * size);
        const spread = Math.max(...values) - Math.min(...values);
        expect(Math.abs((seen?.variance as number) - variance_of(values))).toBeLessThan(
          2 * rounding * size * spread + 1e-12,
        );
      }
    });
  }
}

it.each<SamplerKind>(['nuts', 'hmc', 'ehmc'])('%s: moments are those of the draws', async (sampler) => {
  const [full, short] = [await run(sampler, 'draws'), await run(sampler, 'moments')];
  expect([full.kept, short.kept, full.draws.draws, short.draws.draws]).toEqual([kept, kept, kept, 1]);
  for (const same of ['step', 'evaluations', 'transitions', 'divergences', 'energy_fraction'] as const) {
    expect(short[same]).toEqual(full[same]);
  }
  for (const [name, parameter] of full.draws.parameters) {
    parameter.forEach((draws, c) => {
      expect(short.draws.parameters.get(name)?.[c]?.[0]).toBe(draws.at(-1));
    });
  }
  expect_moments_of(full, short);
});

it.each<SamplerKind>(['nuts', 'hmc', 'ehmc'])('%s, interrupted: of as many draws in every chain', async (sampler) => {
  const stop = new AbortController();
  const short = await run(sampler, 'moments', {
    draws: 100_000,
    length_per_chain: true,
    signal: stop.signal,
    on_progress({ phase, done }) {
      if (phase === 'sampling' && done >= 7) stop.abort();
    },
  });
  expect(short.interrupted).toBe(true);
  expect(short.kept).toBeGreaterThanOrEqual(2);
  expect(short.kept).toBeLessThan(100_000 / 3);
  expect(short.transitions).toBeGreaterThanOrEqual(3 * short.kept * chains);
  expect(short.transitions).toBeLessThan(3 * (short.kept + 1) * chains);
  expect_moments_of(await run(sampler, 'draws', { draws: 3 * short.kept, length_per_chain: true }), short);
});
