// A population drawn from the target stays there: every correction with every proposal leaves the posterior as it is.
//
// Acceptance: 4096 independent exact draws go through several moves without resampling. With Metropolis they stay independent exact draws; with weights their weighted averages
// are unbiased up to 1/M (the preconditioner and the fitted kernel come from the same population). Each coordinate's distribution function makes it uniform, and the
// weighted means of u − ½, (u − ½)² − 1/12 and the product of two are compared with 0 by z-scores whose error comes from the weighted sample itself. The file's false-alarm
// rate is 1e-3 in all, at fixed seeds.

import { describe, expect, it } from 'vitest';
import { prior_cdf, sample_prior } from '../../src/model/prior.ts';
import { constrain, unconstrain } from '../../src/model/transform.ts';
import { use_device } from '../device.ts';
import { line_posterior } from '../reference/line_posterior.ts';
import { solve, times_vector } from '../reference/linear_algebra.ts';
import { normal_cdf } from '../reference/normal_quantile.ts';
import { mean_of, variance_of, z_limit } from '../reference/statistics.ts';
import { kinds, run_engine, type Snapshot } from './engine_run.ts';
import { flat_model, line, line_data } from './models.ts';
import { draws, numbers } from './population.ts';

const device = use_device();
const thetas = 4096;
const moves = 4;

const posterior = line_posterior(line_data.y);
const gaussian = {
  name: 'a Gaussian posterior that comes from the likelihood',
  model: line,
  data: line_data,
  draw(seed: number) {
    const random = draws(seed);
    return numbers(thetas, () => {
      const jump = times_vector(posterior.factor, [random.normal(), random.normal()]);
      return jump.map((x, i) => Math.fround(x + (posterior.mean[i] as number)));
    });
  },
  uniforms: (phi: readonly number[]) =>
    solve(
      posterior.factor,
      phi.map((x, i) => x - (posterior.mean[i] as number)),
    ).map(normal_cdf),
};

const skewed_model = flat_model({ scale: { prior: { gamma: [2, 1] } }, share: { prior: { beta: [0.7, 3] } } });
const skewed = {
  name: 'a skewed prior that the likelihood says nothing about',
  model: skewed_model,
  data: { y: [0, 0] },
  draw(seed: number) {
    const random = draws(seed);
    const priors = skewed_model.scalars.map((s) => s.prior);
    return numbers(thetas, () => priors.map((p) => Math.fround(unconstrain(p, sample_prior(p, random.uniform())))));
  },
  uniforms: (phi: readonly number[]) =>
    skewed_model.scalars.map(({ prior }, i) => prior_cdf(prior, constrain(prior, phi[i] as number))),
};

const functions: readonly ((u: readonly [number, number]) => number)[] = [
  ([u]) => u - 0.5,
  ([, v]) => v - 0.5,
  ([u]) => (u - 0.5) ** 2 - 1 / 12,
  ([, v]) => (v - 0.5) ** 2 - 1 / 12,
  ([u, v]) => (u - 0.5) * (v - 0.5),
];
/** Two targets, six kinds: five functions each; evidence four times each, symmetry twice with two functions. */
const limit = z_limit(1e-3, 2 * (6 * functions.length + 4 + 2 * 2));

const uniforms_of = (target: typeof gaussian | typeof skewed, { phi }: Pick<Snapshot, 'phi'>) =>
  phi.map((x) => target.uniforms(x) as [number, number]);

describe.each([gaussian, skewed])('$name', (target) => {
  it.each(kinds)('stays: langevin $langevin, metropolis $metropolis, gaussian $gaussian', async (kind) => {
    // Weights grow uneven with every move; one with a step that keeps most of the effective sample size is enough to see a bias.
    const settings = kind.metropolis || kind.gaussian ? { step: 0.9 } : { step: kind.langevin ? 0.5 : 0.3 };
    const snapshots = await run_engine(device(), target, kind, target.draw(60), kind.metropolis ? moves : 2, settings);
    const last = snapshots.at(-1) as Snapshot;
    const uniforms = uniforms_of(target, last);
    for (const f of functions) {
      const values = uniforms.map(f);
      const mean = values.reduce((s, v, m) => s + (last.weights[m] as number) * v, 0);
      const error = Math.sqrt(values.reduce((s, v, m) => s + ((last.weights[m] as number) * (v - mean)) ** 2, 0));
      expect(Math.abs(mean / error)).toBeLessThan(limit);
    }
    expect(last.stats.ess).toBeGreaterThan(0.2 * thetas);
    expect(last.stats.refreshed).toBeGreaterThan(0.05);
    if (kind.metropolis) {
      expect(last.stats.accepted).toBeGreaterThan(0.3);
      expect(last.stats.accepted).toBeLessThan(0.99);
      expect(last.stats.evidence).toBeCloseTo(0, 4);
      return;
    }
    // The sum of the ratios estimates 1.
    const log_evidence = snapshots.reduce((s, x) => s + x.stats.evidence, 0);
    const error = Math.sqrt(1 / last.stats.ess - 1 / thetas);
    expect(Math.abs(Math.expm1(log_evidence) / error)).toBeLessThan(limit);
  });

  it.each(kinds.filter((kind) => kind.metropolis))(
    'goes from here to there as often as from there to here: langevin $langevin',
    async (kind) => {
      const before = target.draw(61);
      const [after] = await run_engine(device(), target, kind, before, 1, { step: 0.8 });
      const olds = uniforms_of(target, { phi: before });
      const news = uniforms_of(target, after as Snapshot);
      for (const i of [0, 1] as const) {
        // E f(old) g(new) = E g(old) f(new) for every f and g under detailed balance.
        const flows = olds.map((old, m) => {
          const [x, y] = [old[i], (news[m] as [number, number])[i]];
          return x * y ** 2 - x ** 2 * y;
        });
        const z = mean_of(flows) / Math.sqrt(variance_of(flows) / thetas);
        expect(Math.abs(z)).toBeLessThan(limit);
      }
    },
  );

  // A fitted Gaussian is the backward kernel only as far as the target is Gaussian and the population large, whatever the step; so its weights change.
  it.each(kinds.filter((kind) => !kind.gaussian))(
    'has hardly moved after small steps: langevin $langevin, metropolis $metropolis',
    async (kind) => {
      const before = target.draw(62).slice(0, 500);
      const step = 1e-3; // the least step of the search
      const snapshots = await run_engine(device(), target, kind, before, 5, { step });
      const last = snapshots.at(-1) as Snapshot;
      for (const i of [0, 1]) {
        const x = before.map((phi) => phi[i] as number);
        const now = last.phi.reduce((s, phi, m) => s + (last.weights[m] as number) * (phi[i] as number), 0);
        // Five steps of random sign, averaged over 500 particles: seven sds of that, for coordinates mixed by the preconditioner too.
        const reach = 7 * step * Math.sqrt(5 / 500) * Math.sqrt(variance_of(x));
        expect(Math.abs(now - mean_of(x))).toBeLessThan(reach);
      }
      expect(last.stats.ess).toBeGreaterThan(0.95 * 500);
    },
  );
});
