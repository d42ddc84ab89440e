// Simulation-based calibration (Talts et al. 2018) of whole runs: parameters from the prior, three observations from the parameters, a short run with its own warm-up; then the true parameters' ranks among
// the draws are uniform. So are those of the log-likelihood and of the log prior, which see what ranks of parameters do not: a posterior that ignores the data, or the prior (Modrák et al. 2022).
//
// Acceptance: 104 replications are independent; 16 chains give 4 draws each, 20 iterations apart, so 64 draws that hardly depend on each other and ranks 0 … 64 in five cells of thirteen. Chi-square below
// its limit for a false-alarm rate of 1e-4 over the file; its lower tail is no fault. So many replications see a likelihood or a prior that counts double or not at all, not a bias of a tenth of an sd.

import { describe, expect, it } from 'vitest';
import { pack_rows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { SamplerKind } from '../../src/sample/options.ts';
import { run_sample } from '../../src/sample/sample.ts';
import { use_device } from '../device.ts';
import { normal } from '../reference/special_functions.ts';
import { chi_square_score, z_limit } from '../reference/statistics.ts';
import { draws, numbers } from '../smc2/population.ts';

const device = use_device();
const replications = 104;
const observations = 3;
const chains = 16;
const cells = 5;
const samplers: SamplerKind[] = ['nuts', 'ehmcu', 'chees'];

const model = validate_model({
  kind: 'log-density',
  name: 'normal',
  parameters: {
    mu: { prior: { normal: [1, 0.7] } },
    sigma: { prior: { lognormal: [0, 0.35] } },
  },
  row: ['y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.mu, theta.sigma); }',
}) as LogDensityModel;

interface Replication {
  truth: { mu: number; sigma: number };
  y: number[];
}

function simulate(seed: number): Replication {
  const random = draws(seed);
  const truth = { mu: 1 + 0.7 * random.normal(), sigma: Math.exp(0.35 * random.normal()) };
  return { truth, y: numbers(observations, () => truth.mu + truth.sigma * random.normal()) };
}

const quantities: ((theta: Replication['truth'], y: readonly number[]) => number)[] = [
  ({ mu }) => mu,
  ({ sigma }) => sigma,
  ({ mu, sigma }, y) => y.reduce((sum, value) => sum + normal(value, mu, sigma), 0),
  ({ mu, sigma }) => normal(mu, 1, 0.7) + normal(Math.log(sigma), 0, 0.35),
];

/** Of the truth among the draws, for every quantity. */
async function ranks(sampler: SamplerKind, { truth, y }: Replication, seed: number): Promise<number[]> {
  const result = await run_sample(device(), {
    model,
    data: { rows: pack_rows(model, { y }) },
    sampler,
    chains,
    warm_up: 40,
    draws: 80,
    thinning: 20,
    keep: 'draws',
    metric: 'diagonal',
    jitter: 0.5,
    learn: 160,
    length_per_chain: false,
    most_depth: 8,
    seed,
  });
  const { parameters } = result.draws;
  const [mu, sigma] = ['mu', 'sigma'].map((name) => (parameters.get(name) ?? []).flatMap((chain) => Array.from(chain)));
  const thetas = (mu as number[]).map((m, i) => ({ mu: m, sigma: sigma?.[i] as number }));
  expect(thetas).toHaveLength(64);
  return quantities.map((f) => thetas.filter((theta) => f(theta, y) < f(truth, y)).length);
}

describe.each(samplers)('%s', (sampler) => {
  it('true parameters have uniform ranks among the draws', async () => {
    const all: number[][] = [];
    for (let r = 0; r < replications; r++) all.push(await ranks(sampler, simulate(3000 + r), 4000 + r));
    quantities.forEach((_, q) => {
      const counts = numbers(cells, () => 0);
      for (const rank of all) {
        const cell = Math.floor((rank[q] as number) / 13);
        counts[cell] = (counts[cell] as number) + 1;
      }
      const expected = numbers(cells, () => replications / cells);
      const score = chi_square_score(counts, expected);
      expect(score).toBeLessThan(z_limit(2e-4, samplers.length * quantities.length));
    });
  });
});
