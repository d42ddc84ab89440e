// Constant steps on a model that is Gaussian, where what each method samples is known exactly: not the posterior, but near to it by as much as the theory says. 16 384 particles that do not know of each other, so that
// a sample variance has relative sd √(2/16 384) and a mean sd √(variance/16 384): |z| < 4.5 of both in each case, 27 such tests in all: false-alarm rate 27 · 6.8e-6.
//
// y_i ~ N(θ, 1), i = 1 … N, prior N(0, 2): precision λ = N + ¼. With η = ε G/2 and V the variance of the gradient's noise, N²/n · mean square of y around its mean:
//   SGLD     φ' − m = (1 − ηλ)(φ − m) + N(0, 2η + η²V)
//   delayed  φ' = φ − ηλ φ(τ steps ago) + noise; its variance by the sum of squares of the impulse response
//   MALA     the posterior itself, 1/λ; differential evolution too, and at inverse temperature β it is 1/(βN + ¼)
//   SGHMC    the pair (φ − m, v), as linear; its stationary covariance solves Σ = A Σ Aᵀ + Q.

import { expect, it } from 'vitest';
import { pack_rows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { gradient_noise, largest_curvature } from '../../src/population/curvature.ts';
import { metric_of_squares } from '../../src/population/metric.ts';
import { constant, slot } from '../../src/population/params.ts';
import { create_particles } from '../../src/population/particles.ts';
import { inflation, largest_step, noise_inflation } from '../../src/population/staleness.ts';
import type { ParticlesOptions } from '../../src/population/types.ts';
import { use_device } from '../device.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { draws } from '../smc2/population.ts';

const device = use_device();
const particles = 16_384;
const model = validate_model({
  kind: 'log-density',
  name: 'mean',
  parameters: { m: { prior: { normal: [0, 2] } } },
  row: ['y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { let d = row.y - theta.m; return -0.5 * d * d; }',
}) as LogDensityModel;
const y = [0.3, -1.2, 2.1, 0.8, -0.4, 1.5, 0.1, 3.2, -2, 1.1];
const rows = pack_rows(model, { y });
const count = y.length;
const precision = count + 0.25;
const posterior_mean = y.reduce((sum, v) => sum + v, 0) / precision;
const spread = variance_of(y) * ((count - 1) / count);

/** Stationary variance of φ for the pair's matrix A and noise Q in v, by iterating Σ ← A Σ Aᵀ + Q. */
function of_pair(eta: number, friction: number, noise: number): number {
  let [pp, pv, vv] = [0, 0, 0];
  for (let n = 0; n < 200_000; n++) {
    // v' = (1 − α) v − ηλ φ + noise;  φ' = φ + v'
    const a = 1 - friction;
    const b = -eta * precision;
    const next_vv = a * a * vv + 2 * a * b * pv + b * b * pp + noise;
    const next_pv_before = a * pv + b * pp; // E φ v'
    const next_pp = pp + 2 * next_pv_before + next_vv;
    [pp, pv, vv] = [next_pp, next_pv_before + next_vv, next_vv];
  }
  return pp;
}

const epsilon = 0.06;
const eta = epsilon / 2;
const noise_of = (batch: number) => ((count * count) / batch) * spread;
const sgld = (noise: number) => (2 * eta + eta * eta * noise) / (2 * eta * precision - (eta * precision) ** 2);

const cases: [string, Partial<ParticlesOptions>, number][] = [
  ['SGLD with all rows', { batch: 0 }, sgld(0)],
  ['SGLD with 3 rows at a time', { batch: 3 }, sgld(noise_of(3))],
  ['SGLD with more rows than there are', { batch: 12 }, sgld(noise_of(12))],
  [
    'SGLD with control variates, which here leave no noise',
    { batch: 2, anchor: { theta: [0.7], score: [y.reduce((sum, v) => sum + v - Math.fround(0.7), 0)] } },
    sgld(0),
  ],
  ['SGHMC with all rows', { batch: 0, method: 'sghmc', friction: 0.3 }, of_pair(eta, 0.3, 0.3 * epsilon)],
  ['MALA', { batch: 0, method: 'mala' }, 1 / precision],
  [
    'SGHMC with 12 rows at a time, and their noise known',
    { batch: 12, method: 'sghmc', friction: 0.5, known_noise: (eta * eta * noise_of(12)) / epsilon },
    of_pair(eta, 0.5, 0.5 * epsilon),
  ],
];

/** Σ h² of φ_t = φ_{t−1} − a φ_{t−1−τ} + noise, times the noise's variance. */
function delayed(a: number, delay: number, noise: number): number {
  const response: number[] = [1];
  let sum = 1;
  for (let t = 1; t < 20_000; t++) {
    const h = (response[t - 1] as number) - a * (response[t - 1 - delay] ?? 0);
    response.push(h);
    sum += h * h;
  }
  return sum * noise;
}

it.each([
  [0.01, 4, 0.0461],
  [0.05, 1, 0.0783],
  [0.05, 4, 0.2552],
  [0.01, 16, 0.1803],
])('the recursion of a delayed gradient has the inflation that is known: a = %f, τ = %i', (a, delay, known) => {
  // Var · λ − 1 with η = a/λ and noise 2η.
  expect(delayed(a, delay, 2 * a) - 1).toBeCloseTo(known, 4);
  expect(Math.abs(delayed(a, delay, 2 * a) - 1 - inflation({ curvature: 1, noise: 0, delay }, 2 * a))).toBeLessThan(
    (a * (delay + 1)) ** 2 * 2,
  );
});

it.each([1, 4, 8])('gradients of %i steps before inflate the variance as the recursion says', async (delay) => {
  // a(τ + ½) is 0.05 at the budget: here several times that, so that 16 384 particles tell it from a fresh gradient's.
  const a = 0.3 / (delay + 0.5);
  const size = (2 * a) / precision;
  const population = await create_particles(device(), {
    ...{ model, rows, particles, batch: 0, method: 'sgld', key: [4, delay], delay },
    start: new Float32Array(particles).fill(posterior_mean),
  });
  await population.move({ steps: Math.ceil(30 / a), first_step: 0, schedule: constant(size) });
  const found = await population.read(slot.position);
  const variance = delayed(a, delay, size);
  expect(Math.abs(variance_of(found) / variance - 1) / Math.sqrt(2 / particles)).toBeLessThan(4.5);
  // That of a fresh gradient is far away.
  expect(Math.abs(variance_of(found) / delayed(a, 0, size) - 1) / Math.sqrt(2 / particles)).toBeGreaterThan(4.5);
  population.destroy();
});

it('the budget of staleness is kept by the step that it allows, and by no larger one', () => {
  for (const delay of [0, 1, 5]) {
    const steepness = { curvature: 40, noise: 0, delay };
    const step = largest_step(steepness);
    expect(inflation(steepness, step)).toBeCloseTo(0.05, 12);
    const noisy = { ...steepness, noise: 1000 };
    expect(noise_inflation(noisy, largest_step(noisy))).toBeCloseTo(0.05, 12);
    // A gradient that is older by one step would need a smaller one.
    expect(inflation({ ...steepness, delay: delay + 1 }, step)).toBeGreaterThan(0.05);
  }
});

it('particles at temperatures of their own have the tempered posterior, by MALA and by differential evolution', async () => {
  const betas = [1, 0.3];
  const half = particles / 2;
  const truth = betas.map((beta) => ({
    mean: (beta * y.reduce((sum, v) => sum + v, 0)) / (beta * count + 0.25),
    variance: 1 / (beta * count + 0.25),
  }));
  for (const by of ['mala', 'evolution']) {
    const random = draws(by.length);
    const population = await create_particles(device(), {
      ...{ model, rows, particles, batch: 0, method: 'mala', key: [8, by.length] },
      start: Float32Array.from({ length: particles }, () => 2 * random.normal()),
    });
    population.temper(Float32Array.from({ length: particles }, (_, c) => betas[Number(c >= half)] as number));
    if (by === 'mala') await population.move({ steps: 60, first_step: 0, schedule: constant(0.25) });
    const archive = { values: Float32Array.from({ length: 500 }, () => random.normal()), states: 500 };
    if (by === 'evolution')
      for (let step = 0; step < 40; step++) await population.evolve(archive, { first_step: step });
    const found = await population.read(slot.position);
    for (const [k, { mean, variance }] of truth.entries()) {
      const part = found.subarray(k * half, (k + 1) * half);
      expect(Math.abs(mean_of(part) - mean) / Math.sqrt(variance / half)).toBeLessThan(4.5);
      expect(Math.abs(variance_of(part) / variance - 1) / Math.sqrt(2 / half)).toBeLessThan(4.5);
    }
    const accepted = await population.accepted();
    expect(Math.min(...accepted)).toBeGreaterThan(0);
    population.destroy();
  }
});

it('energies are those of the rows, and of minibatches as uncertain as they say', async () => {
  const population = await create_particles(device(), {
    ...{ model, rows, particles, batch: 3, method: 'sgld', key: [6, 6] },
    start: new Float32Array(particles).fill(0.7),
  });
  const of_row = y.map((v) => -0.5 * (v - 0.7) ** 2);
  const exact = of_row.reduce((sum, v) => sum + v, 0);
  const all = await population.evaluate();
  expect(all.log_likelihood[5]).toBeCloseTo(exact, 4);
  expect(all.log_prior[5]).toBeCloseTo(-0.5 * (0.7 / 2) ** 2 - Math.log(2) - 0.5 * Math.log(2 * Math.PI), 5);
  expect(all.variance[5]).toBe(0);
  const some = await population.evaluate({ batch: 4, first: 100, count: particles - 100 });
  const truth = ((count * count) / 4) * variance_of(of_row) * ((count - 1) / count);
  const n = particles - 100;
  expect(some.log_likelihood.length).toBe(n);
  expect(Math.abs(mean_of(some.log_likelihood) - exact) / Math.sqrt(truth / n)).toBeLessThan(4.5);
  // The sd of one estimated variance of four heavy-tailed values is of the size of the variance itself.
  expect(Math.abs(mean_of(some.variance) - truth) / Math.sqrt(variance_of(some.variance) / n)).toBeLessThan(4.5);
  population.destroy();
});

it('curvature and the noise of minibatches are measured as they are', async () => {
  const probe = await create_particles(device(), {
    ...{ model, rows, particles: 8, batch: 3, method: 'sgld', key: [1, 1] },
    start: Float32Array.from({ length: 8 }, (_, c) => c / 4 - 1),
  });
  expect(await largest_curvature(probe, [2], [3, 3])).toBeCloseTo(2 * precision, 2);
  // 800 variances of gradients: of a normal's the mean would have relative sd √(2/800) = 0.05.
  const noise = await gradient_noise(probe, [2], { batch: 3, repeats: 100 });
  expect(Math.abs(noise / (2 * noise_of(3)) - 1)).toBeLessThan(4.5 * 0.05);
  expect(await probe.read(slot.position)).toEqual(Float32Array.from({ length: 8 }, (_, c) => c / 4 - 1));
  probe.destroy();
});

it.each(cases)('%s has the variance that it must have', async (_, options, variance) => {
  const population = await create_particles(device(), {
    ...{ model, rows, particles, batch: 0, method: 'sgld', key: [3, 14] },
    start: new Float32Array(particles).fill(posterior_mean),
    ...options,
  });
  // The slowest of them forgets by a factor e in 8 steps.
  await population.move({ steps: 150, first_step: 0, schedule: constant(epsilon) });
  const found = await population.read(slot.position);
  expect(Math.abs(mean_of(found) - posterior_mean) / Math.sqrt(variance / particles)).toBeLessThan(4.5);
  expect(Math.abs(variance_of(found) / variance - 1) / Math.sqrt(2 / particles)).toBeLessThan(4.5);
  population.destroy();
});

it('draws are what particles were at every record, and runs go on where others ended', async () => {
  const few = 64;
  const options = { model, rows, particles: few, batch: 3, method: 'sgld', key: [1, 2] } as const;
  const schedule = { size: epsilon, scale: 10, decay: 1 / 3 };
  const start = () => new Float32Array(few);
  const whole = await create_particles(device(), { ...options, start: start() });
  const drawn = await whole.move({ steps: 12, first_step: 0, schedule, thinning: 4 });
  const parts = await create_particles(device(), { ...options, start: start() });
  for (let n = 0; n < 3; n++) {
    // Of the halves, each by itself.
    for (const first of [0, few / 2])
      await parts.move({ steps: 4, first_step: 4 * n, schedule, first, count: few / 2 });
    expect(await parts.read(slot.position)).toEqual(drawn.subarray(n * few, (n + 1) * few));
  }
  whole.destroy();
  parts.destroy();
});

it('a metric has geometric mean 1 and follows the gradients', async () => {
  const scaled = validate_model({
    kind: 'log-density',
    name: 'scales',
    parameters: { x: { size: 2, prior: { flat: true } } },
    wgsl: 'fn log_density(theta: Theta) -> f32 { return -0.5 * (theta.x[0] * theta.x[0] + 10000.0 * theta.x[1] * theta.x[1]); }',
  }) as LogDensityModel;
  const few = 1024;
  const none = { count: 0, values: new Float32Array() };
  const population = await create_particles(device(), {
    ...{ model: scaled, rows: none, particles: few, batch: 0, method: 'sgld', key: [5, 5] },
    start: Float32Array.from({ length: 2 * few }, (_, i) => (i < few ? 1 : 0.01)),
  });
  await population.move({ steps: 2000, first_step: 0, schedule: constant(2e-6), learning: true });
  const metric = Array.from(metric_of_squares(await population.read(slot.square), few));
  // Gradients are x and 10⁴ x: of sizes 1, where x has hardly moved from 1, and 100.
  expect((metric[0] as number) * (metric[1] as number)).toBeCloseTo(1, 5);
  expect((metric[0] as number) / (metric[1] as number)).toBeGreaterThan(80);
  expect((metric[0] as number) / (metric[1] as number)).toBeLessThan(125);
  population.destroy();
});
