// Acceptance: on a linear SDE the bound at the exact posterior is the log evidence. The float64 formulas and the kernels get the same 720 samples at the exact moments. Float64: 1e-12. Kernels: every term is a
// sum of numbers of one sign, each with some 30 roundings of 2⁻²⁴ and two exponentials of 4 ulp: 5e-6 of the sum.

import { describe, expect, it } from 'vitest';
import { tiling_for } from '../../src/network/tiles.ts';
import { batch, type Estimator, type SdeModel, sde_layout } from '../../src/sde/problem.ts';
import { use_device } from '../device.ts';
import { log_density, normal_divergence, path_density } from '../reference/sde.ts';
import { terms_at } from './given_samples.ts';
import * as ou from './ou_golden.ts';

const device = use_device();

const golden = {
  log_evidence: -7.8219216682976667,
  likelihood: -1.3799172043939978,
  start: 0.2503679901631901,
  path: 6.191636473740499,
};

const model: SdeModel = {
  ...{ latent: 1, observed: 1, drift: { hidden: [], activation: 'tanh', moves_in_time: false }, decoder: 'identity' },
  ...{ encoder: { hidden: [], activation: 'tanh' }, likelihood: 'gaussian', rotation: false, diffusion_knots: 1 },
  learns: { diffusion: false, noise: false, start: false },
};

const cases: [string, ou.Moments, { path: number; start: number; bound: number }][] = [
  ['the exact posterior', ou.exact.at, { ...golden, bound: golden.log_evidence }],
  ['the prior', ou.prior, { path: 0, start: 0, bound: -42.63936873722719 }],
];

describe.each(cases)('at %s', (name, moments, wanted) => {
  const samples = ou.path_samples(moments);
  const at_times = ou.times.map((t) => {
    const { m, S } = moments(t);
    return { m, l: Math.log(S) };
  });
  const log_noise = Math.log(ou.noise_variance);

  it('float64', () => {
    if (name === 'the exact posterior') expect(ou.exact.log_evidence).toBeCloseTo(golden.log_evidence, 12);
    const path = samples.reduce(
      (sum, { weight, eps, m, dm, l, dl }) =>
        sum +
        weight *
          path_density({ m: [m], dm: [dm], l: [l], dl: [dl], omega: [] }, [eps], [ou.diffusion], ([z]) => [
            -ou.theta * (z as number),
          ]),
      0,
    );
    const likelihood = at_times.reduce(
      (sum, { m, l }, k) => sum + log_density(model, m, Math.exp(l), ou.values[k] as number, log_noise),
      0,
    );
    const { m, S } = moments(0);
    const start = normal_divergence(m, Math.log(S), 0, Math.log(ou.stationary));
    expect(path).toBeCloseTo(wanted.path, 12);
    expect(start).toBeCloseTo(wanted.start, 12);
    expect(likelihood - path - start).toBeCloseTo(wanted.bound, 12);
  });

  it('kernels', async () => {
    const estimator: Estimator = { nets: 1, windows: 1, nodes: 32, pairs: samples.length / 2, paths: 1, repeats: 1 };
    const layout = sde_layout(tiling_for(device(), batch / 4), model, 1);
    const { encoder, drift, decoder } = layout.parts;
    const weights = new Float32Array(layout.numbers);
    const [layer] = drift.layers;
    weights[(layer?.first as number) + 2 * (layer?.outputs as number)] = -ou.theta;
    weights[layer?.back as number] = -ou.theta;
    weights[drift.free_first] = Math.log(ou.diffusion);
    // So narrow that D is its median.
    weights[drift.free_first + 1] = -40;
    weights[decoder.free_first] = log_noise;
    weights[encoder.free_first + 1] = Math.log(ou.stationary);
    const { m, S } = moments(0);
    const terms = await terms_at(device(), { model, estimator, layout, weights }, samples, at_times, ou.values, {
      m,
      l: Math.log(S),
    });
    const likelihood = wanted.bound + wanted.path + wanted.start;
    expect(Math.abs(terms.path - wanted.path)).toBeLessThan(5e-6 * Math.max(1, wanted.path));
    expect(Math.abs(terms.start - wanted.start)).toBeLessThan(1e-6);
    expect(Math.abs(terms.likelihood - likelihood)).toBeLessThan(5e-6 * Math.max(8, Math.abs(likelihood)));
    expect(Math.abs(terms.likelihood - terms.path - terms.start - wanted.bound)).toBeLessThan(1e-4);
  });
});
