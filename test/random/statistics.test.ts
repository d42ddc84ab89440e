// Acceptance: numbers drawn as the filter draws them (shaders/filter/noise.wgsl through shared_noise.wgsl) are independent standard normals, by tests whose
// statistics are normal to well within their limits at this sample size (or, for Kolmogorov–Smirnov, bounded by Massart's inequality).
// False alarm: 1e-6 for the whole file, shared out equally (Bonferroni); seeds are fixed, so it passes or fails for good.

import { beforeAll, describe, expect, it } from 'vitest';
import { create_shared_noise } from '../../src/filter/shared_noise.ts';
import { validate_model } from '../../src/model/validate.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';
import { normal_cdf } from '../reference/normal_quantile.ts';
import { ks_distance, ks_limit, z_limit } from '../reference/statistics.ts';

const sites = 1; // site_initial is step 0, site_transition the others
const filters = 8;
const steps = 32;
const particles = 1366;
const noise = 3; // odd, so that neighbouring particles share calls of the generator
const per_step = particles * noise;
const per_filter = (steps + 1) * per_step;
const count = filters * per_filter;

const checks = { moments: 4, ks: 1 + filters + noise + 2, tails: 6, neighbours: 14, sites };
const total = Object.values(checks).reduce((a, b) => a + b, 0);
const limit = z_limit(1e-6, total);

const model = validate_model({
  kind: 'state-space',
  name: 'noise',
  parameters: { a: { prior: { normal: [0, 1] } } },
  state: ['x'],
  noise,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(noise[0]); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(noise[1]); }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return 0.0; }`,
});

describe(`${count} numbers of ${filters} filters with neighbouring keys`, () => {
  const device = use_device();
  const z = new Float32Array(count);
  beforeAll(async () => {
    for (let f = 0; f < filters; f++) {
      const buffer = await create_shared_noise(device(), model, { y: new Float32Array(steps) }, particles, [20, f]);
      z.set(new Float32Array(await device().read(buffer, per_filter * 4)), f * per_filter);
      device().buffers.give(buffer);
    }
  });
  const at = (i: number) => z[i] as number;

  it('are at least 2²⁰', () => expect(count).toBeGreaterThanOrEqual(2 ** 20));

  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ])('have moment %i = %i', (power, expected, variance) => {
    let sum = 0;
    for (const value of z) sum += value ** power;
    expect(Math.abs((sum / count - expected) / Math.sqrt(variance / count))).toBeLessThan(limit);
  });

  it('have the normal distribution: all, by filter, by component, first and other steps', () => {
    const groups: [name: string, member: (i: number) => boolean][] = [['all', () => true]];
    for (let f = 0; f < filters; f++) groups.push([`filter ${f}`, (i) => Math.floor(i / per_filter) === f]);
    for (let c = 0; c < noise; c++) groups.push([`component ${c}`, (i) => i % noise === c]);
    groups.push(['initial', (i) => i % per_filter < per_step], ['later', (i) => i % per_filter >= per_step]);
    expect(groups.length).toBe(checks.ks);
    for (const [name, member] of groups) {
      const values = z.filter((_, i) => member(i));
      expect(ks_distance(values, normal_cdf), name).toBeLessThan(ks_limit(values.length, 1e-6 / total));
    }
  });

  it.each([-4, -3, -2, 2, 3, 4])('have the right number beyond %f', (edge) => {
    const beyond = z.reduce((n, value) => n + Number(edge < 0 ? value < edge : value > edge), 0);
    const p = normal_cdf(-Math.abs(edge));
    // Beyond 4 about 34 are expected. There the square root is the better normal: 2(√n − √(np)) has variance 1 and little skew.
    expect(Math.abs(2 * (Math.sqrt(beyond) - Math.sqrt(count * p)))).toBeLessThan(limit);
  });

  const within = (unit: number, step: number) => (i: number) => (i % unit) + step < unit;
  const lags: [name: string, lag: number, has_neighbour: (i: number) => boolean][] = [
    ['neighbouring filters', per_filter, within(count, per_filter)],
    ['filters two apart', 2 * per_filter, within(count, 2 * per_filter)],
    ['neighbouring particles, which may share a call', noise, within(per_step, noise)],
    ['particles two apart', 2 * noise, within(per_step, 2 * noise)],
    ['neighbouring steps, from the initial state on', per_step, within(per_filter, per_step)],
    ['neighbouring components', 1, within(noise, 1)],
    ['components two apart', 2, within(noise, 2)],
  ];
  it.each(lags)('are uncorrelated, and so are their squares: %s', (_, lag, has_neighbour) => {
    let product = 0;
    let squares = 0;
    let pairs = 0;
    for (let i = 0; i < count; i++) {
      if (!has_neighbour(i)) continue;
      product += at(i) * at(i + lag);
      squares += (at(i) ** 2 - 1) * (at(i + lag) ** 2 - 1);
      pairs++;
    }
    expect(pairs).toBeGreaterThan(count / 4);
    expect(Math.abs(product / Math.sqrt(pairs))).toBeLessThan(limit);
    expect(Math.abs(squares / Math.sqrt(4 * pairs))).toBeLessThan(limit);
  });

  it('differ between sites: bits at the same step and index agree in half of their places', () => {
    const purposes = Object.values(site);
    let agreeing = 0;
    let places = 0;
    for (let i = 0; i < 20_000; i++) {
      const words = purposes.map((purpose) => words_at([20, 0], purpose, 1 + (i % 32), i)[0]);
      for (let a = 0; a < words.length; a++) {
        for (let b = 0; b < a; b++) {
          let same = ~((words[a] as number) ^ (words[b] as number));
          for (places += 32; same !== 0; same &= same - 1) agreeing++;
        }
      }
    }
    expect(Math.abs((agreeing - places / 2) / Math.sqrt(places / 4))).toBeLessThan(limit);
  });
});
