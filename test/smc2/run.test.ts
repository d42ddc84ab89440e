// A run from outside: seeds, shapes, shared noise, stopping, and what a user may get wrong. Acceptance: bits are equal or not; messages name what is wrong and where. Nothing here
// is a matter of chance but the two posteriors by different shapes, which differ by rounding: 6 of their own Monte Carlo errors is far more than that.

import { describe, expect, it } from 'vitest';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { UserError } from '../../src/model/user_error.ts';
import { validate_model } from '../../src/model/validate.ts';
import { with_prior } from '../../src/model/with_prior.ts';
import type { Smc2Options, Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { line, line_data } from './models.ts';
import { methods, smc2_options } from './options.ts';

const device = use_device();
const lgssm = { model: built_in_model('lgssm'), data: { y: portable_lgssm(12) } };
const line_problem = { model: line, data: line_data };
const small = { thetas: 40, particles: 20, iterations: 2 };

const bits = (r: Smc2Result) =>
  r.records.map((x) => [...x.theta, x.weights, x.families, x.log_likelihood].map((a) => Array.from(a)));

describe('a run', () => {
  it.each(methods)(
    'repeats bit by bit with its seed, and not with another: $proposal, $correction, $l_kernel',
    async (method) => {
      const run = (seed: number) => run_smc2(device(), smc2_options(lgssm, { ...small, ...method, seed }));
      const [first, again, other] = [await run(5), await run(5), await run(6)];
      expect(bits(again)).toEqual(bits(first));
      expect(again.parameters).toEqual(first.parameters);
      expect(again.log_evidence).toEqual(first.log_evidence);
      expect(other.parameters).not.toEqual(first.parameters);
    },
  );

  it('says what it did: iterations, phases, lambda rising to one, records', async () => {
    const seen: number[] = [];
    const result = await run_smc2(
      device(),
      smc2_options(lgssm, { ...small, seed: 7, on_iteration: (i) => void seen.push(i.k) }),
    );
    const lambdas = result.iterations.map((i) => i.lambda);
    expect(lambdas).toEqual([...lambdas].sort((a, b) => a - b));
    expect(lambdas.at(-1)).toBe(1);
    expect(seen).toEqual(result.iterations.map((_, k) => k + 1));
    expect(result.iterations.filter((i) => i.phase === 'posterior')).toHaveLength(small.iterations);
    expect(result.records).toHaveLength(small.iterations);
    expect(result.interrupted).toBe(false);
    for (const record of result.records) {
      expect(record.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      expect(Math.max(...record.families)).toBeLessThan(small.thetas);
    }
  });

  it('agrees with itself in the other shape of the filter bank', async () => {
    const run = (shape: 'lane' | 'workgroup') =>
      run_smc2(device(), smc2_options(lgssm, { ...small, thetas: 64, seed: 8, shape }));
    const [lane, workgroup] = [await run('lane'), await run('workgroup')];
    for (const [name, a] of Object.entries(lane.parameters)) {
      const b = workgroup.parameters[name];
      expect(Math.abs(a.mean - (b?.mean as number))).toBeLessThan(6 * Math.hypot(a.mcse, b?.mcse as number));
    }
  });

  it('runs on shared noise, where every evaluation of one theta gives one value', async () => {
    const result = await run_smc2(device(), smc2_options(lgssm, { ...small, seed: 9, noise: 'shared' }));
    for (const estimate of Object.values(result.parameters)) {
      expect(Object.values(estimate).every((x) => Number.isFinite(x))).toBe(true);
    }
    expect(Number.isFinite(result.log_evidence.value)).toBe(true);
    expect(result.likelihood_sd).toBe(0);
  });

  it('gives its memory back', async () => {
    const before = device().buffers.in_use;
    await run_smc2(device(), smc2_options(lgssm, { ...small, seed: 7, noise: 'shared' }));
    expect(device().buffers.in_use).toBe(before);
  });
});

describe('stopping', () => {
  it('keeps the iterations that are finished', async () => {
    const controller = new AbortController();
    let records = 0;
    const result = await run_smc2(
      device(),
      smc2_options(line_problem, {
        ...small,
        particles: 1,
        iterations: 50,
        seed: 10,
        signal: controller.signal,
        on_iteration: ({ phase }) => {
          if (phase === 'posterior' && ++records === 3) controller.abort();
        },
      }),
    );
    expect(result.interrupted).toBe(true);
    expect(result.records).toHaveLength(3);
    const whole = await run_smc2(
      device(),
      smc2_options(line_problem, { ...small, particles: 1, iterations: 3, seed: 10 }),
    );
    expect(bits(whole)).toEqual(bits(result));
  });

  it('before the posterior is reached, has nothing to report and says so', async () => {
    const before = device().buffers.in_use;
    const run = run_smc2(device(), smc2_options(line_problem, { ...small, seed: 10, signal: AbortSignal.abort() }));
    await expect(run).rejects.toThrow(UserError);
    await expect(run).rejects.toThrow(/[Ii]nterrupted/);
    expect(device().buffers.in_use).toBe(before);
  });
});

describe('what a user may get wrong', () => {
  const refuse = async (
    problem: Pick<Smc2Options, 'model' | 'data'>,
    options: Partial<Smc2Options>,
    ...texts: RegExp[]
  ) => {
    const run = run_smc2(device(), smc2_options(problem, { ...small, seed: 11, ...options }));
    await expect(run).rejects.toThrow(UserError);
    for (const text of texts) await expect(run).rejects.toThrow(text);
  };

  it('a flat prior: which parameter, and what to write', async () => {
    const model = with_prior(lgssm.model, 'phi', { prior: { flat: true }, lower: 0, upper: Infinity });
    await refuse({ ...lgssm, model }, {}, /\bphi\b/, /--prior phi=/);
  });

  it.each([0, 7, 16385, 10.5, Number.NaN])('%d thetas', async (thetas) => {
    await refuse(lgssm, { thetas }, /thetas/, new RegExp(`${thetas}`));
  });

  it.each([0, -1, Number.NaN])('a step of %d', async (step) => {
    await refuse(lgssm, { step }, /step/, new RegExp(`${step}`));
  });

  it.each([0, 16385])('%d particles', async (particles) => {
    await refuse(lgssm, { particles }, /particles/, new RegExp(`${particles}`));
  });

  it('data that no parameter can have produced: the row', async () => {
    const model = validate_model({
      kind: 'state-space',
      name: 'counts',
      parameters: { a: { prior: { normal: [0, 1] } } },
      state: ['x'],
      noise: 0,
      observation: ['y'],
      wgsl: `
        fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
        fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
        fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 {
          if (y.y > 5.0) { return -1e30; }
          return normal_log_density(y.y, theta.a, 1.0);
        }`,
    });
    await refuse({ model, data: { y: [1, 2, 1, 9, 1] } }, {}, /time step 4/, /prior/);
  });
});
