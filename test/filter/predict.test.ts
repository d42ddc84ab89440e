// Acceptance: what predict.wgsl and observe.wgsl draw has the distribution that the model states. Log-densities are given to them without a way to draw; slice sampling has to find it.
//
// Continuous columns by Kolmogorov–Smirnov (Massart's bound), counts by chi-square over cells with at least 10 expected, moments by z. Draws that share a replicate are independent, so the
// sample sizes are those stated. False alarm: 1e-6 per file, shared equally by its comparisons, of which there are fewer than 100. Slice sampling starts at a poor point and is stationary only after its updates; what is left of the start is a
// bias that these tests see from about 1 % on (16384 draws).

import { describe, expect, it } from 'vitest';
import { predict } from '../../src/filter/predict.ts';
import { trace_filters } from '../../src/filter/trace.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { use_device } from '../device.ts';
import { kalman } from '../reference/kalman.ts';
import { normal_cdf } from '../reference/normal_quantile.ts';
import { negative_binomial, poisson } from '../reference/special_functions.ts';
import { chi_square_score, ks_distance, ks_limit, mean_of, variance_of, z_limit } from '../reference/statistics.ts';
import { linear, test_models } from './models.ts';
import { keys_for, pack_thetas } from './run_bank.ts';

const device = use_device();
const tests = 100;
const rate = 1e-6 / tests;
const limit = z_limit(1e-6, tests);
const draws = 16_384;

/** A model whose state is its parameter and stays, with one observation of the given log-density. */
const observed_by = (log_density: string, counts: readonly string[]): StateSpaceModel =>
  validate_model({
    kind: 'state-space',
    name: 'still',
    parameters: { a: { prior: { normal: [0, 1] } }, b: { prior: { normal: [0, 1] } } },
    state: ['x'],
    noise: 0,
    observation: ['y'],
    counts: [...counts],
    wgsl: `
      fn initial(theta: Theta, noise: Noise) -> State { return State(theta.a); }
      fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
      fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { ${log_density} }`,
  });

async function draw(model: StateSpaceModel, theta: readonly number[]): Promise<Float32Array> {
  const one = { model, theta: pack_thetas([theta]), keys: Uint32Array.of(5, 6), filters: 1, draws, horizon: 1 };
  return (await predict(device(), one)).observation(0, 1, 0);
}

describe('an observation drawn from its log-density alone', () => {
  it.each([
    { mean: 0, sd: 1 },
    { mean: -300, sd: 2 },
    { mean: 5, sd: 0.001 },
    { mean: 1e4, sd: 300 },
  ])('normal, mean $mean, sd $sd', async ({ mean, sd }) => {
    const y = await draw(observed_by('return normal_log_density(y.y, x.x, theta.b);', []), [mean, sd]);
    expect(ks_distance(y, (value) => normal_cdf((value - Math.fround(mean)) / Math.fround(sd)))).toBeLessThan(
      ks_limit(draws, rate),
    );
  });

  it.each([0.3, 40])('exponential, rate %f, with an edge at zero', async (given) => {
    const density = 'if (y.y < 0.0) { return -1e30; } return log(x.x) - x.x * y.y;';
    const y = await draw(observed_by(density, []), [given, 1]);
    expect(ks_distance(y, (value) => (value <= 0 ? 0 : -Math.expm1(-given * value)))).toBeLessThan(
      ks_limit(draws, rate),
    );
  });

  const counts = [
    { family: 'poisson', mean: 0.2, size: 1, density: 'return poisson_log_density(y.y, x.x);' },
    { family: 'poisson', mean: 7, size: 1, density: 'return poisson_log_density(y.y, x.x);' },
    { family: 'poisson', mean: 250, size: 1, density: 'return poisson_log_density(y.y, x.x);' },
    {
      family: 'negative binomial',
      mean: 0.5,
      size: 0.5,
      density: 'return negative_binomial_log_density(y.y, x.x, theta.b);',
    },
    {
      family: 'negative binomial',
      mean: 30,
      size: 3,
      density: 'return negative_binomial_log_density(y.y, x.x, theta.b);',
    },
  ];
  it.each(counts)('$family, mean $mean', async ({ family, mean, size, density }) => {
    const y = await draw(observed_by(density, ['y']), [mean, size]);
    expect(y.findIndex((value) => !Number.isInteger(value) || value < 0)).toBe(-1);
    const log_mass = (k: number) => (family === 'poisson' ? poisson(k, mean) : negative_binomial(k, mean, size));
    const cells = 500;
    const expected = Array.from({ length: cells }, (_, k) => draws * Math.exp(log_mass(k)));
    const observed = new Array<number>(cells).fill(0);
    for (const value of y) observed[Math.min(value, cells - 1)] = (observed[Math.min(value, cells - 1)] as number) + 1;
    expect(chi_square_score(observed, expected)).toBeLessThan(limit);
  });

  it('two columns are drawn each from its own part of the density', async () => {
    const { model, theta } = test_models.trend;
    const still = [theta[0], 0, 0.8, 0.7].map(Number);
    const starts = {
      states: Float32Array.from([...new Array(draws).fill(2), ...new Array(draws).fill(-1)]),
      count: 1,
      first: 0,
    };
    const found = await predict(device(), {
      model,
      theta: pack_thetas([still]),
      keys: Uint32Array.of(7, 8),
      filters: 1,
      draws,
      horizon: 1,
      starts,
    });
    const level = found.state(0, 1, 0);
    const slope = found.state(0, 1, 1);
    const now = found.observation(0, 1, 0).map((y, r) => (y - (level[r] as number)) / 0.8);
    const ahead = found
      .observation(0, 1, 1)
      .map((y, r) => (y - (level[r] as number) - (slope[r] as number) - 0.25) / 0.8);
    for (const z of [now, ahead]) expect(ks_distance(z, normal_cdf)).toBeLessThan(ks_limit(draws, rate));
    const product = now.reduce((sum, z, r) => sum + z * (ahead[r] as number), 0);
    expect(Math.abs(product / Math.sqrt(draws))).toBeLessThan(limit);
  });
});

describe('forward runs', () => {
  it('simulate the linear-Gaussian model to its stationary moments, states and observations', async () => {
    const [mu, phi, sigma] = linear.theta as [number, number, number];
    const paths = 4096;
    const horizon = 40; // 0.75^40 = 1e-5 is left of the start
    const found = await predict(device(), {
      model: linear.model,
      theta: pack_thetas([linear.theta]),
      keys: Uint32Array.of(9, 10),
      filters: 1,
      draws: paths,
      horizon,
    });
    const variance = phi ** 2 / (1 - mu ** 2);
    const x = found.state(0, horizon, 0);
    const before = found.state(0, horizon - 1, 0);
    const y = found.observation(0, horizon, 0);
    const z = (value: number, expected: number, sd: number) =>
      expect(Math.abs((value - expected) / sd)).toBeLessThan(limit);
    z(mean_of(x), 0, Math.sqrt(variance / paths));
    z(variance_of(x), variance, variance * Math.sqrt(2 / paths));
    z(mean_of(y), 0, Math.sqrt((variance + sigma ** 2) / paths));
    z(variance_of(y), variance + sigma ** 2, (variance + sigma ** 2) * Math.sqrt(2 / paths));
    const residual = x.map((value, r) => (value - mu * (before[r] as number)) / phi);
    expect(ks_distance(residual, normal_cdf)).toBeLessThan(ks_limit(paths, rate));
  });

  it('repeat bit for bit, and another key gives other numbers', async () => {
    const options = {
      model: linear.model,
      theta: pack_thetas([linear.theta, linear.theta]),
      filters: 2,
      draws: 3,
      horizon: 4,
    };
    const all = async (keys: readonly (readonly [number, number])[]) => {
      const found = await predict(device(), { ...options, keys: Uint32Array.from(keys.flat()) });
      return [1, 2, 3, 4].flatMap((h) => [...found.state(0, h, 0), ...found.observation(0, h, 0)]);
    };
    const one = await all(keys_for(2, 1));
    expect(await all(keys_for(2, 1))).toEqual(one);
    const other = await all(keys_for(2, 2));
    expect(other.filter((value, i) => value === one[i])).toEqual([]);
    expect(new Set(one).size).toBe(one.length);
  });

  // The filter at N = 2000 is itself an estimate; 16 independent filters give the error of their mean, without any appeal to theory. The variance of a prediction is mixed over
  // filters, and a filter's own error adds at most a hundredth to it: 5 % is what 16 × 64 draws can tell (three standard errors of 1.6 % · √2, and that hundredth).
  it('predict each row as the Kalman filter does, given the rows before it', async () => {
    const filters = 16;
    const [mu, phi, sigma] = linear.theta as [number, number, number];
    const y = portable_lgssm(12);
    const exact = kalman([mu, phi, sigma], y);
    const found = await trace_filters(device(), {
      model: linear.model,
      data: { y },
      particles: 2000,
      gradient: false,
      theta: pack_thetas(Array.from({ length: filters }, () => linear.theta)),
      keys: Uint32Array.from(keys_for(filters, 3).flat()),
      filters,
      draws: 64,
      forecast: 2,
      counts: [],
    });
    const near = (values: Float32Array, expected: { mean: number; variance: number }, what: string) => {
      const by_filter = Array.from({ length: filters }, (_, f) => mean_of(values.subarray(64 * f, 64 * f + 64)));
      const error = Math.sqrt(expected.variance / values.length);
      // Systematic draws are steadier than independent ones, so this error is an upper bound for them.
      expect(Math.abs(mean_of(by_filter) - expected.mean), what).toBeLessThan(limit * error);
      expect(Math.abs(variance_of(values) / expected.variance - 1), what).toBeLessThan(
        limit * Math.sqrt(2 / values.length) + 0.01,
      );
    };
    exact.predicted.forEach((p, i) => {
      near(found.one_step.observation(i, 1, 0), p, `prediction of row ${i + 1}`);
    });
    exact.filtered.forEach((p, i) => {
      const means = found.mean(i + 1, 0);
      const error = Math.sqrt(variance_of(means) / filters);
      // Student's t with 15 degrees of freedom exceeds 9 with probability 2e-7.
      expect(Math.abs(mean_of(means) - p.mean), `mean of step ${i + 1}`).toBeLessThan(9 * error);
      near(found.state_draws(i + 1, 0), p, `draws of step ${i + 1}`);
    });
    const last = exact.filtered.at(-1) as { mean: number; variance: number };
    const ahead = {
      mean: mu * mu * last.mean,
      variance: mu ** 4 * last.variance + phi ** 2 * (1 + mu ** 2) + sigma ** 2,
    };
    near(found.forecast?.observation(0, 2, 0) as Float32Array, ahead, 'forecast two steps ahead');
    const increments = exact.increments.map((_, i) => mean_of(found.increments(i + 1)));
    const total = increments.reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(mean_of(found.log_likelihood), 3);
  });
});
