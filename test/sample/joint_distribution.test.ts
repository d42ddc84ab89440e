// Geweke's joint distribution test (2004, "Getting it right", §3): parameters given data by the sampler, data given parameters by simulation, in turn, leave their joint distribution as it is. It
// sees a wrong prior, Jacobian, likelihood or transition alike.
//
// The data are coordinates of the position too, and the metric gives them the factor 0, so that they neither move nor are pushed. 4096 chains start with exact draws of the joint distribution, so they
// stay independent exact draws: expectations known in closed form, |z| < 4.5, 12 of them in three cases: false-alarm rate 36 · 6.8e-6 = 2.5e-4 at fixed seeds.

import { describe, expect, it } from 'vitest';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { create_runner } from '../../src/sample/runner.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { fixed_length, uniform_lengths } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { draws, numbers } from '../smc2/population.ts';
import { with_engine } from './chains.ts';

const device = use_device();
const chains = 4096;
const observations = 4;
const rounds = 10;
const prior = { mean: 0.5, sd: 1, log_mean: -0.5, log_sd: 0.5 };

const model = validate_model({
  kind: 'log-density',
  name: 'joint',
  parameters: {
    mu: { prior: { normal: [prior.mean, prior.sd] } },
    sigma: { prior: { lognormal: [prior.log_mean, prior.log_sd] } },
    y: { size: observations, prior: { flat: true } },
  },
  wgsl: `fn log_density(theta: Theta) -> f32 {
    var sum = 0.0;
    for (var i = 0u; i < ${observations}u; i++) {
      sum += normal_log_density(theta.y[i], theta.mu, theta.sigma);
    }
    return sum;
  }`,
}) as LogDensityModel;

const transitions: (Transition & { name: string })[] = [
  // The momenta of what stands still keep a tree from ever turning.
  { name: 'nuts', machine: 'nuts', epsilon: 0.9, most_steps: 3 },
  { name: 'hmc', machine: 'hmc', epsilon: 0.9, most_steps: 100, law: uniform_lengths(1, 4), shared_length: false },
  { name: 'mala', machine: 'hmc', epsilon: 1, most_steps: 100, law: fixed_length(1) },
];

/** Functions of one draw (mu, log sigma, y …) and their means. Var y = sd² + E sigma². */
function functions() {
  const second = Math.exp(2 * prior.log_mean + 2 * prior.log_sd ** 2);
  const fourth = Math.exp(4 * prior.log_mean + 8 * prior.log_sd ** 2);
  const mu = ([m = 0]: readonly number[]) => (m - prior.mean) / prior.sd;
  const log = ([, l = 0]: readonly number[]) => (l - prior.log_mean) / prior.log_sd;
  const y = (x: readonly number[]) => (x[2] as number) - prior.mean;
  const mean = (x: readonly number[]) => mean_of(x.slice(2)) - prior.mean;
  const spread = (x: readonly number[]) => variance_of(x.slice(2));
  const list: [what: string, f: (x: readonly number[]) => number, expected: number][] = [
    ['mu', mu, 0],
    ['mu²', (x) => mu(x) ** 2, 1],
    ['mu⁴', (x) => mu(x) ** 4, 3],
    ['log sigma', log, 0],
    ['log sigma²', (x) => log(x) ** 2, 1],
    ['log sigma³', (x) => log(x) ** 3, 0],
    ['mu log sigma', (x) => mu(x) * log(x), 0],
    ['y', y, 0],
    ['y²', (x) => y(x) ** 2, prior.sd ** 2 + second],
    ['mean y · mu', (x) => mean(x) * mu(x), prior.sd],
    ['spread of y / sigma²', (x) => spread(x) / Math.exp(2 * (x[1] as number)), 1],
    ['spread of y · sigma²', (x) => spread(x) * Math.exp(2 * (x[1] as number)), fourth],
  ];
  return list;
}

describe.each(transitions)('$name', ({ name: _, ...transition }) => {
  it('keeps the joint distribution of parameters and data', async () => {
    const random = draws(63);
    const { dimension } = model;
    const simulate = (mu: number, log_sigma: number) =>
      numbers(observations, () => mu + Math.exp(log_sigma) * random.normal());
    let joint = numbers(chains, () => {
      const mu = prior.mean + prior.sd * random.normal();
      const log_sigma = prior.log_mean + prior.log_sd * random.normal();
      return [mu, log_sigma, ...simulate(mu, log_sigma)];
    });
    const first = joint;
    const metric = { kind: 'diagonal', factor: Float32Array.of(0.4, 0.4, 0, 0, 0, 0) } as const;
    await with_engine(device(), { model, chains, metric, machines: [transition.machine] }, async (engine) => {
      for (let round = 0; round < rounds; round++) {
        const key = [round, 63] as const;
        await engine.start(Float32Array.from(numbers(dimension, (d) => joint.map((x) => x[d] as number)).flat()), key);
        let after: Float32Array | undefined;
        await create_runner(device(), engine, key).record(transition, 2, {
          thinning: 2,
          take: (block) => {
            after = block.draws;
          },
        });
        const at = (d: number, c: number) => (after as Float32Array)[d * chains + c] as number;
        // The data stood still.
        expect(joint.every((x, c) => x.every((v, d) => d < 2 || at(d, c) === Math.fround(v)))).toBe(true);
        joint = joint.map((_, c) => [at(0, c), at(1, c), ...simulate(at(0, c), at(1, c))]);
      }
    });
    for (const [what, f, expected] of functions()) {
      const values = joint.map(f);
      const z = (mean_of(values) - expected) / Math.sqrt(variance_of(values) / chains);
      expect(Math.abs(z), what).toBeLessThan(4.5);
    }
    // And the parameters have gone far from where they were: a sampler that stands still would keep the distribution too.
    const together = joint.map((x, c) =>
      [x, first[c] as number[]].reduce((product, [, l = 0]) => product * ((l - prior.log_mean) / prior.log_sd), 1),
    );
    expect(mean_of(together)).toBeLessThan(0.5);
  });
});
