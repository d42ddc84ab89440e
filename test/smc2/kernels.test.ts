// The kernels of SMC² that survey the population, each by itself against float64.
//
// Acceptance: ancestors, families and copies are exact. Numbers are sums of M ≤ 500 terms of order one or less, taken as trees: rounding stays below 10·2⁻²⁴, and exp of a
// log-weight down to −20 adds 43 units in the last place by WGSL's table (2.6e-6 relative); 2e-5 of the result's scale covers both. Inputs at fixed seeds, so no
// test here fails by chance.

import { describe, expect, it } from 'vitest';
import { log_prior_density } from '../../src/model/prior.ts';
import { constrain, log_slope, slope } from '../../src/model/transform.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import type { IterationParams } from '../../src/smc2/params.ts';
import { use_device } from '../device.ts';
import { cholesky, weighted_moments } from '../reference/linear_algebra.ts';
import { fixed_point, parents } from '../reference/systematic.ts';
import { model_of } from './models.ts';
import {
  draws,
  frozen_length,
  largest_difference,
  numbers,
  pack,
  random_particles,
  random_weights,
  stat,
  unpack,
  unpack_frozen,
} from './population.ts';
import { run_floats, run_stage } from './stage.ts';

const device = use_device();
const tolerance = 2e-5;
const shapes = [
  { dimension: 1, thetas: 100, width: 16 },
  { dimension: 3, thetas: 333, width: 64 },
  { dimension: 7, thetas: 65, width: 32 },
];
const title = 'D = $dimension, M = $thetas, width $width';
const empty_stats = () => new Float32Array(32);

describe.each(shapes)(`constrain, ${title}`, ({ dimension, thetas }) => {
  const model = model_of(dimension);
  const particles = random_particles(thetas, dimension, 1).map((p) => ({ ...p, phi: p.phi.map((x) => 2 * x) }));
  const contents = () => ({
    population: pack(particles),
    theta_values: new Float32Array(dimension * thetas),
    keys: new Uint32Array(2 * thetas),
  });

  it('gives theta, its slope, the log-prior of phi and its gradient', async () => {
    const { population, theta_values } = await run_floats(device(), 'constrain', { model, thetas }, contents());
    const { particles: after, families } = unpack(population as Float32Array, thetas);
    const priors = model.scalars.map((s) => s.prior);
    // Relative to the size of the terms: exp(phi) for |phi| ≤ 8 has 19 units in the last place, and the gradient of a density multiplies by another factor of phi.
    const worst = { theta: 0, slope: 0, log_prior: 0, gradient: 0 };
    const note = (what: keyof typeof worst, found: number, wanted: number) => {
      worst[what] = Math.max(worst[what], Math.abs(found - wanted) / (1 + Math.abs(wanted)));
    };
    particles.forEach(({ phi }, m) => {
      const log_density = (x: readonly number[]) =>
        priors.reduce((sum, p, i) => {
          const xi = x[i] as number;
          return sum + log_prior_density(p, constrain(p, xi)) + log_slope(p, xi);
        }, 0);
      priors.forEach((p, i) => {
        const x = phi[i] as number;
        note('theta', theta_values?.[i * thetas + m] as number, constrain(p, x));
        note('slope', after[m]?.likelihood_gradient[i] as number, slope(p, x));
        // A central difference errs by h²/6 times a third derivative, and by rounding 1e-16/h.
        const h = 1e-5;
        const beside = (d: number) => log_density(phi.map((v, j) => (j === i ? v + d : v)));
        note('gradient', after[m]?.prior_gradient[i] as number, (beside(h) - beside(-h)) / (2 * h));
      });
      note('log_prior', after[m]?.log_prior as number, log_density(phi));
      expect(after[m]?.phi).toEqual(phi);
    });
    expect(worst.theta).toBeLessThan(1e-5);
    expect(worst.slope).toBeLessThan(1e-5);
    expect(worst.log_prior).toBeLessThan(1e-5);
    expect(worst.gradient).toBeLessThan(1e-4);
    expect(families).toEqual(numbers(thetas, (m) => m));
  });

  it('gives every particle and iteration a key of its own, or all of them one', async () => {
    const key = [17, 1] as const;
    const fresh = await run_stage(device(), 'constrain', { model, thetas, params: { key, iteration: 9 } }, contents());
    expect(Array.from(new Uint32Array(fresh.keys as ArrayBuffer))).toEqual(
      numbers(thetas, (m) => words_at(key, site.filter_key, 9, m)).flat(),
    );
    const shared = await run_stage(
      device(),
      'constrain',
      { model, thetas, shared: true, params: { key, iteration: 9 } },
      contents(),
    );
    expect(Array.from(new Uint32Array(shared.keys as ArrayBuffer))).toEqual(
      numbers(thetas, () => words_at(key, site.filter_key, 0, 0)).flat(),
    );
  });
});

describe('collect', () => {
  it('takes the log-likelihood and multiplies the score by the slope, exactly', async () => {
    const [dimension, thetas] = [3, 100];
    const particles = random_particles(thetas, dimension, 2);
    const random = draws(3);
    const results = Float32Array.from({ length: (8 + dimension) * thetas }, () => random.normal());
    for (const langevin of [true, false]) {
      const setting = { model: model_of(dimension), thetas, langevin };
      const { population } = await run_floats(device(), 'collect', setting, { results, population: pack(particles) });
      const after = unpack(population as Float32Array, thetas).particles;
      const expected = particles.map((p, m) => ({
        ...p,
        log_likelihood: results[m],
        likelihood_gradient: p.likelihood_gradient.map((s, i) =>
          langevin ? Math.fround(s * (results[(8 + i) * thetas + m] as number)) : s,
        ),
      }));
      expect(after).toEqual(expected);
    }
  });
});

describe.each(shapes)(`temper, ${title}`, ({ dimension, thetas, width }) => {
  const model = model_of(dimension);
  const temper = async (
    log_weights: Float32Array<ArrayBuffer>,
    log_likelihoods: readonly number[],
    params: Partial<IterationParams>,
  ) => {
    const particles = random_particles(thetas, dimension, 4).map((p, m) => ({
      ...p,
      log_likelihood: log_likelihoods[m] as number,
    }));
    const after = await run_floats(
      device(),
      'temper',
      { model, thetas, width, params },
      { population: pack(particles), log_weights, stats: empty_stats() },
    );
    return { stats: after.stats as Float32Array, log_weights: after.log_weights as Float32Array };
  };
  const { log_weights, weights } = random_weights(thetas, 5, 0.7);
  const spread = random_particles(thetas, dimension, 6).map((p) => p.log_likelihood);
  const ess = (w: readonly number[]) => w.reduce((s, x) => s + x, 0) ** 2 / w.reduce((s, x) => s + x * x, 0);
  /** (Σ W w)² / Σ W w² and log Σ W w, with the largest log-likelihood taken out. */
  const reweighed = (d: number) => {
    const top = Math.max(...spread);
    const ratios = spread.map((l) => Math.exp(d * (l - top)));
    const first = ratios.reduce((s, r, m) => s + (weights[m] as number) * r, 0);
    const second = ratios.reduce((s, r, m) => s + (weights[m] as number) * r * r, 0);
    return {
      kept: first ** 2 / second,
      log_ratio: d * top + Math.log(first),
      products: ratios.map((r, m) => r * (weights[m] as number)),
    };
  };

  it.each([0.5, 0.9])('steps so far that the conditional ESS is %f', async (keep_ess) => {
    const lambda = 0.25;
    const { stats, log_weights: after } = await temper(log_weights, spread, { tempering: true, lambda, keep_ess });
    const d = (stats[stat.lambda] as number) - lambda;
    expect(d).toBeGreaterThan(0);
    expect(d).toBeLessThan(0.75);
    const { kept, log_ratio, products } = reweighed(d);
    // lambda is rounded to 2⁻²⁵, a relative 1e-6 or so of the step; the rest is rounding of d·log-likelihood ≈ 10.
    expect(kept).toBeCloseTo(keep_ess, 4);
    expect(stats[stat.tempered_evidence]).toBeCloseTo(log_ratio, 4);
    expect((stats[stat.tempered_ess] as number) / ess(products)).toBeCloseTo(1, 4);
    const total = products.reduce((s, x) => s + x, 0);
    expect(
      largest_difference(
        Array.from(after, Math.exp),
        products.map((x) => x / total),
      ),
    ).toBeLessThan(tolerance);
    expect(stats[stat.resampled]).toBe(Number(ess(products) < 0.5 * thetas));
  });

  it('goes all the way to one when that keeps enough', async () => {
    // How far 0.7 of the effective sample size reaches.
    let reach = 1;
    while (reweighed(reach).kept < 0.7) reach *= 0.99;
    const lambda = 1 - reach;
    const step = async (keep_ess: number) =>
      (await temper(log_weights, spread, { tempering: true, lambda, keep_ess })).stats[stat.lambda] as number;
    expect(await step(0.65)).toBe(1);
    expect(await step(0.75)).toBeLessThan(0.9999);
    const whole = await temper(log_weights, spread, { tempering: true, lambda: 0, keep_ess: 0 });
    expect(whole.stats[stat.lambda]).toBe(1);
    expect(whole.stats[stat.tempered_evidence]).toBeCloseTo(reweighed(1).log_ratio, 3);
  });

  it.each([0.3, 1])('stays at lambda = %f when it is not to temper, and leaves the weights', async (lambda) => {
    const { stats, log_weights: after } = await temper(log_weights, spread, { tempering: false, lambda });
    expect(stats[stat.lambda]).toBe(Math.fround(lambda));
    expect(stats[stat.tempered_evidence]).toBeCloseTo(0, 5);
    expect(largest_difference(after, log_weights)).toBeLessThan(tolerance);
    expect((stats[stat.tempered_ess] as number) / ess(weights)).toBeCloseTo(1, 4);
  });

  it('resamples below the given part of M and not above', async () => {
    const fraction = ess(weights) / thetas;
    for (const [resample_below, decision] of [
      [fraction * 1.001, 1],
      [fraction * 0.999, 0],
    ] as const) {
      const { stats } = await temper(log_weights, spread, { tempering: false, lambda: 0.5, resample_below });
      expect(stats[stat.resampled]).toBe(decision);
    }
  });

  it('gives particles that cannot explain the data no weight, and multiplies the evidence by the others’ share', async () => {
    const dead = (m: number) => m % 3 === 1;
    const likelihoods = numbers(thetas, (m) => (dead(m) ? -1e30 : -20));
    const { stats, log_weights: after } = await temper(log_weights, likelihoods, { tempering: true, lambda: 0 });
    const share = weights.reduce((s, w, m) => s + (dead(m) ? 0 : w), 0);
    const lambda = stats[stat.lambda] as number;
    expect(lambda).toBe(1);
    expect(stats[stat.tempered_evidence]).toBeCloseTo(Math.log(share) - 20 * lambda, 4);
    after.forEach((x, m) => {
      if (dead(m)) expect(Math.exp(x)).toBe(0);
      else expect(Math.exp(x)).toBeCloseTo((weights[m] as number) / share, 5);
    });
    expect(after.every((x) => Number.isFinite(x))).toBe(true);
  });

  it('takes the smallest of steps when too few are left alive to keep enough', async () => {
    const dead = (m: number) => m % 4 !== 1;
    const likelihoods = numbers(thetas, (m) => (dead(m) ? -1e30 : -20));
    const { stats, log_weights: after } = await temper(log_weights, likelihoods, { tempering: true, lambda: 0 });
    const share = weights.reduce((s, w, m) => s + (dead(m) ? 0 : w), 0);
    expect((stats[stat.lambda] as number) / 1e-8).toBeCloseTo(1, 4);
    expect(stats[stat.tempered_evidence]).toBeCloseTo(Math.log(share), 4);
    after.forEach((x, m) => {
      expect(Math.exp(x) > 0).toBe(!dead(m));
    });
  });
});

describe.each(shapes)(`resample and gather, ${title}`, ({ dimension, thetas, width }) => {
  const model = model_of(dimension);
  const { log_weights } = random_weights(thetas, 7);
  const particles = random_particles(thetas, dimension, 8);
  const families = numbers(thetas, (m) => m - (m % 3));
  const resample = async (weights: Float32Array<ArrayBuffer>, decision: number, key: readonly [number, number]) => {
    const stats = empty_stats();
    stats[stat.resampled] = decision;
    const after = await run_stage(
      device(),
      'resample',
      { model, thetas, width, params: { key, iteration: 5 } },
      {
        log_weights: weights,
        population: pack(particles, families),
        prefix: new Uint32Array(thetas),
        ancestors: new Uint32Array(thetas),
        stats,
      },
    );
    return {
      ancestors: Array.from(new Uint32Array(after.ancestors as ArrayBuffer)),
      prefix: new Uint32Array(after.prefix as ArrayBuffer),
      stats: new Float32Array(after.stats as ArrayBuffer),
    };
  };
  const one_giant = Float32Array.from(log_weights, (_, m) => (m === 41 ? 0 : -1e30));

  it.each([
    ['random weights', log_weights],
    ['one particle with all the weight', one_giant],
    ['equal weights', new Float32Array(thetas).fill(-Math.log(thetas))],
  ])('gives the parents of systematic resampling, in integers: %s', async (_, weights) => {
    for (const key of [
      [17, 1],
      [4, 7],
    ] as const) {
      const { ancestors, prefix, stats } = await resample(weights, 1, key);
      const fixed = numbers(thetas, (m) => BigInt((prefix[m] as number) - (m > 0 ? (prefix[m - 1] as number) : 0)));
      const [bits] = words_at(key, site.resample_theta, 5, 0);
      expect(ancestors).toEqual(parents(fixed, thetas, bits));
      expect(stats[stat.distinct]).toBe(new Set(ancestors).size);
      expect(stats[stat.families]).toBe(new Set(ancestors.map((a) => families[a])).size);
      // The integers themselves depend on the adapter's exp: 3 + 2·8 units in the last place and a rounding.
      const top = weights.reduce((a, b) => Math.max(a, b));
      fixed.forEach((q, m) => {
        const wanted = Number(fixed_point(Math.exp((weights[m] as number) - top), thetas));
        expect(Math.abs(Number(q) - wanted)).toBeLessThanOrEqual(1 + wanted * 2e-6);
      });
    }
  });

  it('gives every particle within one of its expected copies', async () => {
    const { ancestors } = await resample(log_weights, 1, [17, 1]);
    const copies = new Array<number>(thetas).fill(0);
    for (const a of ancestors) copies[a] = (copies[a] as number) + 1;
    copies.forEach((n, m) => {
      expect(Math.abs(n - thetas * Math.exp(log_weights[m] as number))).toBeLessThan(1.001);
    });
  });

  it('leaves everyone in place when it is not to resample', async () => {
    const { ancestors, stats } = await resample(log_weights, 0, [17, 1]);
    expect(ancestors).toEqual(numbers(thetas, (m) => m));
    expect(stats[stat.distinct]).toBe(thetas);
    expect(stats[stat.families]).toBe(new Set(families).size);
  });

  it.each([1, 0])(
    'gather copies whole columns, families too; weights are equal after resampling (%i)',
    async (decision) => {
      const random = draws(9);
      const ancestors = Uint32Array.from({ length: thetas }, () => random.word() % thetas);
      const stats = empty_stats();
      stats[stat.resampled] = decision;
      const after = await run_floats(
        device(),
        'gather',
        { model, thetas },
        {
          ancestors,
          population: pack(particles, families),
          next_population: new Float32Array((3 * dimension + 3) * thetas),
          log_weights,
          next_log_weights: new Float32Array(thetas),
          stats,
        },
      );
      const next = unpack(after.next_population as Float32Array, thetas);
      expect(next.particles).toEqual(Array.from(ancestors, (a) => particles[a]));
      expect(next.families).toEqual(Array.from(ancestors, (a) => families[a]));
      const wanted = decision ? new Float32Array(thetas).fill(-Math.log(thetas)) : log_weights;
      expect(largest_difference(after.next_log_weights as Float32Array, wanted)).toBeLessThan(1e-6);
    },
  );
});

describe.each(shapes)(`moments, ${title}`, ({ dimension, thetas, width }) => {
  const model = model_of(dimension);
  const { log_weights, weights } = random_weights(thetas, 10);
  const moments = (particles: ReturnType<typeof random_particles>, preconditioned: boolean) =>
    run_floats(
      device(),
      'moments',
      { model, thetas, width, preconditioned },
      {
        population: pack(particles),
        log_weights,
        frozen: new Float32Array(frozen_length(dimension)),
        stats: empty_stats(),
      },
    );

  it('gives mean, sd and Cholesky factor of the weighted population, also far from zero', async () => {
    const particles = random_particles(thetas, dimension, 11).map((p) => ({
      ...p,
      // Parameter i sits at 20·i, with something of the ones before in it.
      phi: p.phi.map((x, i) => Math.fround(20 * i + x + 0.7 * (p.phi[i - 1] ?? 0))),
    }));
    const after = await moments(particles, true);
    const { mean, covariance } = weighted_moments(
      particles.map((p) => p.phi),
      weights,
    );
    const frozen = unpack_frozen(after.frozen as Float32Array, dimension);
    const stats = Array.from(after.stats as Float32Array);
    // The mean of values near 20·i is rounded to 20·i·6e-8, the weights' sum to 1e-6.
    expect(largest_difference(frozen.mean, mean)).toBeLessThan(tolerance * 20 * dimension);
    expect(largest_difference(frozen.factor.flat(), cholesky(covariance).flat())).toBeLessThan(20 * tolerance);
    expect(stats.slice(stat.mean, stat.mean + dimension)).toEqual(frozen.mean);
    const sds = covariance.map((row, i) => Math.sqrt(row[i] as number));
    expect(largest_difference(stats.slice(stat.mean + dimension, stat.mean + 2 * dimension), sds)).toBeLessThan(
      20 * tolerance,
    );
  });

  it('gives the identity for unscaled proposals', async () => {
    const after = await moments(random_particles(thetas, dimension, 11), false);
    const { factor } = unpack_frozen(after.frozen as Float32Array, dimension);
    expect(factor).toEqual(numbers(dimension, (i) => numbers(dimension, (j) => Number(i === j))));
  });

  it('gives a finite factor for a population that has collapsed to a point', async () => {
    const [one] = random_particles(1, dimension, 12);
    const after = await moments(
      numbers(thetas, () => one as NonNullable<typeof one>),
      true,
    );
    const { factor } = unpack_frozen(after.frozen as Float32Array, dimension);
    expect(factor.flat().every((x) => Number.isFinite(x))).toBe(true);
    expect(factor.every((row, i) => (row[i] as number) > 0)).toBe(true);
  });
});
