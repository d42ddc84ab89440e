// Constant steps on a model that is Gaussian, where what each method samples is known exactly: not the posterior, but near to it by as much as the theory says. 16 384 particles that do not know of each other, so that
// a sample variance has relative sd √(2/16 384) and a mean sd √(variance/16 384): |z| < 4.5 of both in 6 cases, false-alarm rate 12 · 6.8e-6.
//
// y_i ~ N(θ, 1), i = 1 … N, prior N(0, 2): precision λ = N + ¼. With η = ε G/2 and V the variance of the gradient's noise, N²/n · mean square of y around its mean:
//   SGLD     φ' − m = (1 − ηλ)(φ − m) + N(0, 2η + η²V)
//   SGHMC    the pair (φ − m, v), as linear; its stationary covariance solves Σ = A Σ Aᵀ + Q.

import { expect, it } from 'vitest';
import { pack_rows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { create_particles, type ParticlesOptions } from '../../src/population/particles.ts';
import { use_device } from '../device.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';

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
  [
    'SGHMC with 12 rows at a time, and their noise known',
    { batch: 12, method: 'sghmc', friction: 0.5, known_noise: (eta * eta * noise_of(12)) / epsilon },
    of_pair(eta, 0.5, 0.5 * epsilon),
  ],
];

it.each(cases)('%s has the variance that it must have', async (_, options, variance) => {
  const population = await create_particles(device(), {
    ...{ model, rows, particles, batch: 0, method: 'sgld', key: [3, 14] },
    start: new Float32Array(particles).fill(posterior_mean),
    ...options,
  });
  // The slowest of them forgets by a factor e in 8 steps.
  await population.run({ steps: 150, schedule: { size: epsilon, scale: 1, decay: 0 } });
  const found = await population.positions();
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
  const draws = await whole.run({ steps: 12, schedule, thinning: 4 });
  const parts = await create_particles(device(), { ...options, start: start() });
  for (let n = 0; n < 3; n++) {
    await parts.run({ steps: 4, schedule });
    expect(await parts.positions()).toEqual(draws.subarray(n * few, (n + 1) * few));
  }
  expect(parts.steps).toBe(12);
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
  await population.run({ steps: 2000, schedule: { size: 2e-6, scale: 1, decay: 0 }, learning: true });
  const metric = Array.from(await population.learn_metric());
  // Gradients are x and 10⁴ x: of sizes 1, where x has hardly moved from 1, and 100.
  expect((metric[0] as number) * (metric[1] as number)).toBeCloseTo(1, 5);
  expect((metric[0] as number) / (metric[1] as number)).toBeGreaterThan(80);
  expect((metric[0] as number) / (metric[1] as number)).toBeLessThan(125);
  population.destroy();
});
