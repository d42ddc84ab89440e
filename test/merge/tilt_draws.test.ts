// What a bound does to the draws that a learned merge is given, and what its findings say.
//
// Acceptance: for log |J| = φ (a positive parameter) a normal shard N(m, s²) tilted by exp(−r φ) is N(m − r s², s²); 20 000 draws resampled by weights with an effective fraction of exp(−r² s²) give its
// mean within 5 sd/√(n · fraction) and its sd within twice that. Gradients and log densities: central differences, 1e-6.

import { expect, it } from 'vitest';
import { mean, variance } from '../../src/diagnostics/moments.ts';
import type { Learned } from '../../src/merge/learned.ts';
import { tilt_draws } from '../../src/merge/tilt_draws.ts';
import { learned_findings } from '../../src/merge/verdict/learned_words.ts';
import { normals_at } from '../../src/random/normals.ts';

it('tilts draws, gradients and log densities alike', () => {
  const [m, s, count, shards] = [0.3, 0.7, 20_000, 4];
  const power = 1 - 1 / shards;
  const all = Array.from({ length: shards }, (_, b) => {
    const values = normals_at([5, b], 0, 0, count).map((z) => m + s * z);
    const points = (of: (x: number) => number) => ({ count, dimension: 1, values: values.map(of) });
    return {
      draws: points((x) => x),
      gradients: points((x) => -(x - m) / s ** 2),
      log_densities: values.map((x) => -0.5 * ((x - m) / s) ** 2),
    };
  });
  const { shards: tilted, least_ess } = tilt_draws(all, ([phi = 0]) => phi, [1, 2]);
  const fraction = Math.exp(-(power ** 2) * s ** 2);
  expect(Math.abs(least_ess / fraction - 1)).toBeLessThan(0.05);
  const bound = (5 * s) / Math.sqrt(count * fraction);
  for (const { draws, gradients, log_densities } of tilted) {
    expect(Math.abs(mean(draws.values) - (m - power * s ** 2))).toBeLessThan(bound);
    expect(Math.abs(Math.sqrt(variance(draws.values)) - s)).toBeLessThan(2 * bound);
    draws.values.forEach((x, i) => {
      expect(Math.abs((gradients?.values[i] as number) + (x - m) / s ** 2 + power)).toBeLessThan(1e-6);
      expect(Math.abs((log_densities?.[i] as number) + 0.5 * ((x - m) / s) ** 2 + power * x)).toBeLessThan(1e-6);
    });
  }
});

it('says what is wrong with a learned merge, and nothing of one that is right', () => {
  const good: Learned = {
    ...{ acceptance: 0.9, levels: 8, weights_ess: 0.7, fit_error: 0.05, disagreement: 0.02, tilt_ess: 0.5 },
    ...{ networks: 2, updates: 1000, units: 32, curve: [] },
  };
  expect(learned_findings(good)).toEqual([]);
  const told = (changed: Partial<Learned>) => learned_findings({ ...good, ...changed }).join('\n');
  expect(told({ disagreement: 0.3 })).toMatch(/disagree: their means are 0\.3 sd apart .* \(1000 were made\)/);
  expect(told({ fit_error: 0.22 })).toMatch(
    /^Training is not finished: .* miss the log densities by 0\.22 in all, so means can be off by some 0\.22 sd, and by more .* Raise --updates \(1000 were made\)/,
  );
  const { fit_error: _, ...from_draws_alone } = good;
  expect(learned_findings(from_draws_alone).join('\n')).toMatch(/^Nothing shows what the networks missed after 1000/);
  expect(told({ weights_ess: 0.02 })).toMatch(/leave 2 % of the draws/);
  expect(told({ tilt_ess: 0.01 })).toMatch(/left 1 % of one shard's draws/);
  expect(told({ acceptance: 0.2 })).toMatch(/accepted 20 % of its moves/);
});
