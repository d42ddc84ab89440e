// The learned merge as a whole, on shards with closed forms (anchors 1 and 5 of the reference page's §6).
//
// Acceptance. Gaussian shards: the networks have nothing to learn, and Adam's steps of rounding's slopes leave scores wrong by about 0.02, so means and sds are within 0.1 of the exact ones,
// of which chance is 0.016 (4096 draws). Bimodal shards: 4000 updates are a fifth of what the command makes. By quadrature of the learned energies the weight right of 0 is 0.005 off after 6000 updates and
// 0.001 after 20 000; 0.01 for 4000 and four sds of chance (8192 draws of which weights leave 0.6: 0.007) make 0.04, where a product of Gaussians is 0.03 off by one mode alone and has sd 1.08 for 2.04. That 20 000
// updates come within 0.01 is shown by `npm run bench -- merge_line`.

import { expect, it } from 'vitest';
import { line_mixtures, right_of_zero } from '../../bench/merge/line.ts';
import { line_draws } from '../../bench/merge/line_shards.ts';
import { mean, variance } from '../../src/diagnostics/moments.ts';
import { column } from '../../src/diagnostics/points.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { learned_facts } from '../../src/merge/learned.ts';
import { conditional_ess } from '../../src/merge/path.ts';
import type { ShardDraws } from '../../src/merge/whiten.ts';
import { normals_at } from '../../src/random/normals.ts';
import { use_device } from '../device.ts';

const device = use_device();

it('is the product of Gaussian shards', async () => {
  // N((1, 0), [[1, .5], [.5, 2]]) and N((0, 1), [[2, −.3], [−.3, 1]]), as Cholesky factors; the product is anchor 1.
  const shards = [
    { mean: [1, 0], factor: [1, 0.5, Math.sqrt(1.75)], inverse: [2, -0.5, 1].map((v) => v / 1.75) },
    {
      mean: [0, 1],
      factor: [Math.SQRT2, -0.3 / Math.SQRT2, Math.sqrt(1 - 0.045)],
      inverse: [1, 0.3, 2].map((v) => v / 1.91),
    },
  ].map(({ mean: m, factor, inverse }, b): ShardDraws => {
    const z = normals_at([3, b], 0, 0, 6000);
    const place = (i: number): [number, number] => {
      const [l0 = 0, l1 = 0, l2 = 0] = factor;
      const [a, c] = [z[2 * i] as number, z[2 * i + 1] as number];
      return [(m[0] as number) + l0 * a, (m[1] as number) + l1 * a + l2 * c];
    };
    const rows = Array.from({ length: 3000 }, (_, i) => place(i));
    const slope = ([x, y]: [number, number]) => {
      const [p = 0, q = 0, r = 0] = inverse;
      const [u, v] = [x - (m[0] as number), y - (m[1] as number)];
      return [-(p * u + q * v), -(q * u + r * v)];
    };
    const points = (of: (row: [number, number]) => number[]) => ({
      count: 3000,
      dimension: 2,
      values: Float64Array.from(rows.flatMap(of)),
    });
    return { draws: points((row) => row), gradients: points(slope) };
  });
  const merge = await diffusion_merge(device(), shards, {
    updates: 300,
    seeds: 2,
    draws: 4096,
    // 348 rows of 32 numbers a group: 3 waves.
    most_bytes: 50 * 4 * 348 * 32,
    units: 16,
    key: [1, 2],
  });
  const { draws } = merge;
  // Without log densities energies are not calibrated, and nothing is weighed.
  expect(merge.weights_ess).toBeUndefined();
  expect([draws.count, new Set(draws.values).size]).toEqual([4096, 2 * 4096]);
  const exact = [
    [0.82142857, Math.sqrt(0.60379464)],
    [0.53571429, Math.sqrt(0.62165179)],
  ] as const;
  exact.forEach(([m, sd], j) => {
    const values = column(draws, j);
    expect(Math.abs(mean(values) - m) / sd).toBeLessThan(0.1);
    expect(Math.abs(Math.sqrt(variance(values)) / sd - 1)).toBeLessThan(0.1);
  });
  const facts = learned_facts(merge);
  expect(facts).toMatchObject({ networks: 2, units: 16 });
  expect(facts.disagreement).toBeLessThan(0.1);
  expect(facts.acceptance).toBeGreaterThan(0.7);
  expect(merge.path.levels.map(({ time }) => time)).toEqual(
    merge.path.levels.map(({ time }) => time).toSorted((a, b) => b - a),
  );
  expect(merge.path.levels.at(-1)?.time).toBe(1e-3);
});

it('finds both modes of a product, with their weights', async () => {
  const shards = line_mixtures.map((density, b) => line_draws(density, b + 1, 5000));
  const merge = await diffusion_merge(device(), shards, {
    updates: 4000,
    seeds: 1,
    draws: 8192,
    units: 32,
    key: [1, 2],
  });
  const { draws } = merge;
  const x = column(draws, 0);
  expect(Math.abs(x.filter((v) => v > 0).length / x.length - right_of_zero)).toBeLessThan(0.04);
  expect(Math.abs(Math.sqrt(variance(x)) - 2.03906)).toBeLessThan(0.1);
  expect(learned_facts(merge).weights_ess).toBeGreaterThan(0.3);
  // Copies of the resampling went ways of their own.
  expect(new Set(x).size).toBeGreaterThan(0.98 * x.length);
});

it('measures how far levels are apart', () => {
  expect(conditional_ess([3, 3, 3])).toBe(1);
  // exp of N(0, s²): mean² / mean square = exp(−s²), with s = 0.5; 20 000 draws make 1 % of it.
  const gains = normals_at([1, 1], 0, 0, 20_000).map((z) => 0.5 * z + 1000);
  expect(Math.abs(conditional_ess(gains) / Math.exp(-0.25) - 1)).toBeLessThan(0.02);
  // One draw has it all.
  expect(conditional_ess([0, 0, 0, 1e5])).toBe(0.25);
});
