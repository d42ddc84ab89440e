// Anchors 2, 4 and 8 of the reference page's §6.
//
// Anchor 2: draws, gradients, a x_0 + s z and the target are each rounded to f32 a few times; numbers up to 5 leave errors up to 4 · 5 · 2⁻²⁴ = 1e-6, and their squares 1e-12. The mean over a batch is held to that, so that no draw of it, at any of the times it is
// stratified over, is wrong by more than √64 times as much.
//
// Anchor 4: energies against the noised density on a grid, as standard deviation e of the difference under that density, so up to a constant. What e means: weights between the two keep exp(−e²) of their draws. 0.1 (1 %) is asked at every time: two networks
// that differ in their random start alone had 0.03 and 0.04 at t = 1, 0.06 and 0.05 at 0.3, 0.03 and 0.02 at 0.1, 0.02 and 0.03 at 0.001, so the bound is about twice the worst of the ensemble.
//
// Anchor 8: N(−μ, 1) and N(μ, 1), 4000 draws each. The product lies μ from both: at μ = 1 within their spread; at 4 and beyond, an expected 0.1 draws and fewer lie as far out, and the shards are 5.7 sds of their difference apart. At 2 the χ² of their contradiction is 8 on average,
// with p 0.005: either word would be right. Means of draws have errors of 0.016, so nothing here hangs on chance.

import { describe, expect, it } from 'vitest';
import { as_shard, line_draws, mixture_of, type Normal } from '../../bench/merge/line_shards.ts';
import { type Points, points_covariance, points_mean } from '../../src/diagnostics/points.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { learned_facts } from '../../src/merge/learned.ts';
import { type MergeMethod, merge_by, quick_methods } from '../../src/merge/methods.ts';
import { create_trainer, type TrainingSet, type TrainOptions } from '../../src/merge/train.ts';
import { judge } from '../../src/merge/verdict/judge.ts';
import { kernel_findings } from '../../src/merge/verdict/kernel_words.ts';
import { learned_findings } from '../../src/merge/verdict/learned_words.ts';
import { verdict } from '../../src/merge/verdict/words.ts';
import { whiten_shards } from '../../src/merge/whiten.ts';
import { type NetworkSizes, weight_count } from '../../src/network/residual.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import { use_device } from '../device.ts';
import { exact_moments } from '../diagnostics/distances/samples.ts';
import { energy_at } from '../reference/energy_network.ts';

const device = use_device();
const key = [2, 4] as const;

const options_of = (sizes: NetworkSizes, shards: TrainingSet[]): TrainOptions => ({
  ...{ sizes, shards, seeds: 2, updates: 64, learning_rate: 0, most_slope: 1, energy_weight: 0, energy_every: 1, key },
});

it('a network of zeros has no loss on a Gaussian shard with exact gradients, at any time (anchor 2)', async () => {
  const gaussians = [
    { mean: [1, -200], covariance: [4, 30, 30, 900], precision: [1 / 3, -1 / 90, -1 / 90, 1 / 675] },
    { mean: [0, 1], covariance: [2, -0.3, -0.3, 1], precision: [1 / 1.91, 0.3 / 1.91, 0.3 / 1.91, 2 / 1.91] },
  ];
  const shards = gaussians.map(({ mean, covariance, precision }, b) => {
    const draws = exact_moments(1 + b, 1000, mean, covariance);
    const [p = 0, q = 0, , r = 0] = precision;
    const slopes = draws.values.map((_, at) => {
      const [u, v] = [0, 1].map((j) => (draws.values[at - (at % 2) + j] as number) - (mean[j] as number)) as [
        number,
        number,
      ];
      return at % 2 === 0 ? -(p * u + q * v) : -(q * u + r * v);
    });
    return { draws, gradients: { ...draws, values: slopes } };
  });
  const sizes = { inputs: 2, units: 16, batch: 32, tiling: tiling_for(device(), 8) };
  const trainer = await create_trainer(device(), options_of(sizes, whiten_shards(shards).training));
  for (let n = 0; n < 16; n++) {
    for (const { score } of await trainer.run(1)) expect(score).toBeLessThan(1e-12);
  }
  trainer.destroy();
});

describe('energies of a noised mixture (anchor 4)', () => {
  const parts: Normal[] = [
    { weight: 0.7, mean: -2, sd: 1 },
    { weight: 0.3, mean: 2, sd: 1 },
  ];

  /** The mixture at a time of its diffusion, in coordinates where its draws have mean 0 and sd 1. */
  function noised(draws: Points, t: number) {
    const keep = Math.exp(-t * (0.05 + 4.975 * t));
    const noise = Math.sqrt(1 - keep * keep);
    const center = points_mean(draws)[0] as number;
    const scale = Math.sqrt(points_covariance(draws)[0] as number);
    const density = mixture_of(
      parts.map(({ weight, mean, sd }) => ({
        weight,
        mean: (keep * (mean - center)) / scale,
        sd: Math.hypot((keep * sd) / scale, noise),
      })),
    );
    return { noise, ...density };
  }

  it('are those of the noised density, up to a constant', async () => {
    const { draws, gradients, log_densities } = line_draws(mixture_of(parts), 4, 5000);
    const own = { draws, ...(gradients ? { gradients } : {}), log_densities };
    const [training] = whiten_shards([own, own]).training as [TrainingSet, TrainingSet];
    const sizes = { inputs: 1, units: 16, batch: 32, tiling: tiling_for(device(), 8) };
    const updates = 3000;
    const trainer = await create_trainer(device(), {
      ...{ ...options_of(sizes, [training]), updates, learning_rate: 2e-3, energy_weight: 0.1, energy_every: 2 },
    });
    for (let n = 0; n < 30; n++) await trainer.run(updates / 30);
    const size = weight_count(sizes);
    const weights = new Float32Array(await device().read(trainer.buffers.weights, 8 * size));
    trainer.destroy();
    const errors = [0, 1].map((net) =>
      [1, 0.3, 0.1, 0.001].map((t) => {
        const { noise, log_density } = noised(draws, t);
        const places = Array.from({ length: 601 }, (_, i) => -6 + i / 50);
        const probability = places.map((x) => Math.exp(log_density(x)));
        const total = probability.reduce((sum, p) => sum + p, 0);
        const net_weights = weights.subarray(net * size, (net + 1) * size);
        const difference = places.map((x) => energy_at(sizes, net_weights, [x], noise).energy - log_density(x));
        const mean = (f: (d: number) => number) =>
          difference.reduce((sum, d, i) => sum + (f(d) * (probability[i] as number)) / total, 0);
        const shift = mean((d) => d);
        return Math.sqrt(mean((d) => (d - shift) ** 2));
      }),
    );
    for (const e of errors.flat()) expect(e).toBeLessThan(0.1);
  });
});

describe('separated shards (anchor 8)', () => {
  const set_of = (mu: number) => {
    const drawn = [-mu, mu].map((mean, b) => line_draws(mixture_of([{ weight: 1, mean, sd: 1 }]), 80 + b, 4000));
    return { drawn, set: { names: ['x'], shards: drawn.map((one, b) => as_shard(one, `s${b + 1}`)) } };
  };
  const warned = [4, 8, 16, 32];

  it.each([1, ...warned])('are warned of by every quick method when they have no draws at the merge: μ = %d', (mu) => {
    const { set } = set_of(mu);
    for (const method of quick_methods) {
      const { points, acceptance } = merge_by(
        method,
        set.shards.map((shard) => shard.points),
        { draws: 2000, key },
      );
      const is_gaussian = ['gaussian', 'consensus', 'swiss'].includes(method);
      if (is_gaussian) expect(Math.abs(points_mean(points)[0] as number)).toBeLessThan(0.1);
      const own = acceptance === undefined ? [] : kernel_findings(points, acceptance);
      expect_words(judge(set, points), method, own, mu);
    }
  });

  it.each([1, 4, 16])('are warned of by the learned merge as well: μ = %d', async (mu) => {
    const { set, drawn } = set_of(mu);
    const merge = await diffusion_merge(device(), drawn, { updates: 200, seeds: 2, draws: 2048, units: 16, key });
    const { draws } = merge;
    const facts = { ...learned_facts(merge), updates: 200 };
    expect_words(judge(set, draws), 'diffusion', mu > 1 ? [] : learned_findings(facts), mu);
  });

  function expect_words(found: ReturnType<typeof judge>, method: MergeMethod, own: string[], mu: number) {
    const { extrapolates, contradictory, headline, findings } = verdict(found, method, own);
    expect([extrapolates, contradictory], `${method}: ${findings.join(' ')}`).toEqual(
      mu > 1 ? [true, true] : [false, false],
    );
    expect(headline).toMatch(mu > 1 ? /^Do not use this merge yet/ : /^The shards agree/);
  }
});
