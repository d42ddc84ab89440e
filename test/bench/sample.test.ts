// Acceptance: the numbers that a sampler is judged by, against answers known in closed form or to draws of which they are known: equality, or float64 rounding (1e-12 relative, sums of at most a few thousand
// terms). Our own rows: a mean of 1000 products of neighbours has
// standard error √(1 + 0.5²)/√1000 = 0.035, so 0.15 is more than four of them (false alarm 6e-5, at a fixed key). The whole path, from the rows to a record
// that passes the schema, on the software adapter with small sizes; its figures are not judged, only how they hang together.

import { describe, expect, it } from 'vitest';
import { logistic_regression, simulated_rows } from '../../bench/models/logistic_regression.ts';
import { find_rstan, read_rstan } from '../../bench/peers/sample_peers.ts';
import type { SampleAnswer } from '../../bench/peers/sample_types.ts';
import { check_record, type Finding, type Row } from '../../bench/record.ts';
import { run_all_adapted } from '../../bench/sample/adapted.ts';
import { batch_means_ess, published_efficiency } from '../../bench/sample/batch_means.ts';
import { find_ratios, peer_entry } from '../../bench/sample/beside.ts';
import { with_frozen } from '../../bench/sample/frozen.ts';
import { lock_step_waste, show_lock_step } from '../../bench/sample/lock_step.ts';
import { row_of } from '../../bench/sample/row.ts';
import type { Sampled } from '../../bench/sample/run.ts';
import { error_of_theta, score } from '../../bench/sample/score.ts';
import { sizes_for } from '../../bench/sample/sizes.ts';
import { show_speed } from '../../bench/sample/speed.ts';
import { sample_target } from '../../bench/sample/target.ts';
import type { Context } from '../../bench/subject.ts';
import type { DrawsFile } from '../../src/data/draws_file.ts';
import { ess_mean, ess_square } from '../../src/diagnostics/ess.ts';
import { site, uniform_at } from '../../src/random/threefry.ts';
import { use_device } from '../device.ts';
import german_credit_a from '../sample/models/german_credit_a.ts';
import { limits, record } from './fixture.ts';

const device = use_device();

/** Uniforms in [0, 1), [chain][draw], a stream for each parameter. */
const noise = (parameter: number, chains: number, draws: number) =>
  Array.from({ length: chains }, (_, c) =>
    Float64Array.from({ length: draws }, (_, t) => uniform_at([parameter, 77], site.start, c, t)),
  );

const draws_of = (parameters: Record<string, Float64Array[]>, n_steps?: Float64Array[]): DrawsFile => {
  const [first = []] = Object.values(parameters);
  return {
    chains: first.length,
    draws: first[0]?.length ?? 0,
    parameters: new Map(Object.entries(parameters)),
    sampler: n_steps ? { n_steps } : {},
    warmup: 0,
  };
};

const run_of = (draws: DrawsFile): Sampled => ({
  draws,
  divergences: 0,
  step: 0.1,
  mean_steps: 5,
  evaluations: { warm_up: 0, learning: 0, sampling: 1000 },
  seconds: { warm_up: 0, learning: 0, sampling: 2 },
});

describe('the score of draws', () => {
  it('is the smallest ESS over the coordinates, and that of their squares', () => {
    const parameters = { a: noise(1, 4, 100), b: noise(2, 4, 100), c: noise(3, 4, 100) };
    const all = Object.values(parameters);
    expect(score(draws_of(parameters))).toEqual({
      theta: Math.min(...all.map(ess_mean)),
      square: Math.min(...all.map(ess_square)),
    });
  });

  it('is nothing where a coordinate never moves', () => {
    const still = noise(1, 4, 100).map((chain) => chain.fill(1));
    expect(score(draws_of({ a: noise(2, 4, 100), b: still }))).toEqual({ theta: 0, square: 0 });
  });

  it('has no error where leaving chains out changes nothing, and one where it does', () => {
    const [one = new Float64Array()] = noise(1, 1, 100);
    const same = draws_of({ a: Array.from({ length: 20 }, () => one) });
    expect(error_of_theta(same)).toBeLessThan(1e-9 * score(same).theta);
    expect(error_of_theta(draws_of({ a: noise(1, 20, 100) }))).toBeGreaterThan(1);
    expect(error_of_theta(draws_of({ a: noise(1, 2, 100) }))).toBeUndefined();
  });
});

describe('the published estimator', () => {
  it('is n times the variance of the draws over that of batch means times their size', () => {
    // Two batches of two: means 1.5 and 3.5 with variance 2; the draws have variance 5/3. 4 · 5/3 / (2 · 2)
    expect(batch_means_ess(Float64Array.of(1, 2, 3, 4))).toBeCloseTo(5 / 3, 12);
  });

  it('takes short chains end to end, and divides by their steps', () => {
    const long = { a: noise(1, 4, 20_000), b: noise(2, 4, 20_000) };
    const steps = (chains: number, draws: number) =>
      Array.from({ length: chains }, () => new Float64Array(draws).fill(5));
    const each = long.a.map(
      (a, c) => Math.min(batch_means_ess(a), batch_means_ess(long.b[c] as Float64Array)) / 100_000,
    );
    const whole = published_efficiency(draws_of(long, steps(4, 20_000)));
    expect(whole?.value).toBeCloseTo(each.reduce((sum, x) => sum + x, 0) / 4, 12);
    const cut = (chains: Float64Array[]) =>
      chains.flatMap((chain) => Array.from({ length: 25 }, (_, k) => chain.subarray(800 * k, 800 * (k + 1))));
    expect(published_efficiency(draws_of({ a: cut(long.a), b: cut(long.b) }, steps(100, 800)))).toEqual(whole);
  });

  it('is silent where draws are too few', () => {
    expect(published_efficiency(draws_of({ a: noise(1, 3, 20_000) }, noise(1, 3, 20_000)))).toBeUndefined();
  });
});

it('lock-step waits for the longest of each iteration', () => {
  const n_steps = [Float64Array.of(1, 3), Float64Array.of(2, 1)];
  // 2 + 3 in two chains, where 7 are needed.
  expect(lock_step_waste(draws_of({ a: n_steps }, n_steps))).toBeCloseTo(10 / 7, 12);
});

describe('rows of our own', () => {
  it('are a logistic regression of the size of German credit A', () => {
    const rows = simulated_rows(1000);
    expect(rows.map((row) => row.length)).toEqual(new Array(1000).fill(25));
    const good = rows.filter(([y]) => y === 1).length;
    expect(rows.filter(([y]) => y === 0)).toHaveLength(1000 - good);
    // 700 in German credit; the rows' 1000 coin tosses alone have sd 14.
    expect(Math.abs(good - 700)).toBeLessThan(100);
    const products = rows.map(([, x0 = 0, x1 = 0]) => x0 * x1);
    expect(Math.abs(products.reduce((a, b) => a + b, 0) / 1000 - 0.5)).toBeLessThan(0.15);
    expect(simulated_rows(3)).toEqual(rows.slice(0, 3));
  });

  it('have the model of the tests', () => {
    expect(logistic_regression.wgsl.trim()).toBe(german_credit_a.wgsl.trim());
  });
});

describe('beside another tool', () => {
  const draws = draws_of({ a: noise(1, 4, 100), b: noise(2, 4, 100) });
  const row = row_of('ours', run_of(draws));
  const ess = row.sampling.ess;
  const sd = Math.sqrt(1 / 12);
  const answer = (shift: number): SampleAnswer => ({
    tool: 'rstan',
    version: '2',
    device: 'cpu',
    threads: 1,
    gradients: 500,
    seconds: 4,
    ess,
    mean: [0.5 + shift, 0.5],
    sd: [sd, sd],
    note: 'NUTS',
  });

  it('a peer has the time that it would take for our gradients', () => {
    // 8 ms a gradient where ours take 2.
    expect(peer_entry(answer(0), draws, row)).toMatchObject({ outcome: 'measured', median: 8000, ratio: 4 });
  });

  it('and none where its posterior is another one', () => {
    // Our mean is within four of its own errors of 0.5, and the difference has √2 of them.
    const off = 10 * Math.sqrt(2) * (sd / Math.sqrt(ess.theta));
    expect(peer_entry(answer(off), draws, row)).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^its answers differ/),
    });
    expect(peer_entry({ tool: 'rstan', skipped: 'not found' }, draws, row)).toEqual({
      outcome: 'skipped',
      tool: 'rstan',
      reason: 'not found',
    });
  });

  it('a software adapter counts per core', () => {
    const findings: Finding[] = [];
    const context = { device: device(), quick: false, cores: 2, find: (f: Finding) => void findings.push(f) };
    find_ratios(context, [{ name: 'nuts', row }], answer(0) as Exclude<SampleAnswer, { skipped: string }>);
    // 500 a second against 125, in two cores; as many ESS in 2 s as theirs in 4.
    expect(findings.map(({ value, met }) => [value, met])).toEqual([
      [2, true],
      [1, true],
    ]);
  });

  it('rstan is read from the line that it prints', () => {
    const line = {
      version: '2.21.7',
      estimator: 'posterior::ess_mean',
      metric: 'diag_e',
      delta: 0.8,
      seconds: { warmup: 1, sampling: 2, total: 3 },
      leapfrogs: { warmup: 10, sampling: 50_000 },
      microseconds_per_leapfrog: 40,
      ess_min: { theta: 3000, square: 1000 },
      ess_per_second: { sampling: 500, total: 333.3 },
      mean: [1],
      sd: [0.1],
    };
    expect(read_rstan(`loading\n${JSON.stringify(line)}\n`)).toEqual({
      tool: 'rstan',
      version: '2.21.7',
      device: 'cpu',
      threads: 1,
      gradients: 50_000,
      seconds: 2,
      ess: { theta: 3000, square: 1000 },
      mean: [1],
      sd: [0.1],
      note: '40.0 µs per gradient, NUTS, diag_e, δ 0.8; worse of θ and θ² by posterior::ess_mean: 500 per second, with warm-up 333',
    });
    expect(() => read_rstan('')).toThrow();
    expect(find_rstan('no-such-program')?.missing).toMatch(/^no-such-program with rstan.*apt-get install r-cran-rstan/);
  });
});

describe('on the software adapter', () => {
  const target = sample_target(undefined);
  const setting = { metric: 'diagonal', acceptance: 0.8 } as const;
  const rows: Row[] = [];
  const findings: Finding[] = [];
  const context = (): Context => ({
    device: device(),
    open_device: () => Promise.reject(new Error('not here')),
    quick: true,
    limits,
    cores: 2,
    report: (row) => void rows.push(row),
    find: (finding) => void findings.push(finding),
    skip: () => {},
    say: () => {},
  });

  it('every sampler gets its row, and the record passes the schema', async () => {
    const small = {
      ...sizes_for(context()),
      adapted: { chains: 6, warm_up: 30, draws: 16 },
      tuning_draws: 8,
      speed: [{ chains: 8, draws: 8 }],
    };
    const adapted = await run_all_adapted(context(), target, setting, small);
    expect(adapted.contenders.map(({ name }) => name)).toEqual([
      'nuts',
      'ehmc',
      'ehmcu',
      'ehmcq',
      'chees',
      expect.stringMatching(/^hmc, \d+ … \d+ steps$/),
    ]);
    expect(rows).toHaveLength(7);
    await show_speed(context(), target, [adapted], small);
    expect(rows.length).toBeGreaterThan(7);
    for (const { sampling, work, sizes, rate, wall } of rows) {
      const gradients = sampling?.gradients.sampling ?? Number.NaN;
      expect(work.count).toBe(gradients);
      expect(gradients).toBeCloseTo((sampling?.mean_steps ?? 0) * (sizes.chains ?? 0) * (sizes.draws ?? 0), 6);
      expect(rate).toBeCloseTo((1000 * gradients) / wall.median, 6);
    }
    // eHMC learns, NUTS does not; ChEES learns while it warms up.
    expect(rows.slice(0, 5).map(({ sampling }) => (sampling?.gradients.learning ?? 0) > 0)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    check_record(record({ subject: 'sample', rows, findings }));

    findings.splice(0);
    const work = { target, setting, chains: 6, draws: 10, from_draws: adapted.draws };
    await with_frozen(device(), work, (frozen) => show_lock_step(context(), 'x', frozen, { ...adapted, draws: 10 }));
    const [nuts, nuts_idle, own, own_idle, shared, shared_idle] = findings.map(({ value }) => value);
    // One length for all: the host submits exactly the steps that are taken.
    expect([shared, shared_idle]).toEqual([1, 1]);
    for (const waste of [nuts, nuts_idle, own, own_idle]) expect(waste).toBeGreaterThan(1);
  });
});
