// Acceptance: q is a linear SDE whose marginals are the interpolated means and variances, whatever the rotation; simulated with its drift, 8192 paths must have them. Euler's scheme with 400 steps over 2 s errs by a
// few 1e-3 of what changes within a step; chance of a mean is sd/√8192 = 0.011 sd, of a variance √(2/8192) = 0.016 of it. Bound: 5 chances and 0.01, false alarm 1.4e-5 for all 24 numbers.
// Densities of the prior over q's: mean 1 (Girsanov),
// within 5 of its standard errors.

import { describe, expect, it } from 'vitest';
import { initial_net } from '../../src/network/mlp.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site } from '../../src/random/threefry.ts';
import { create_posterior } from '../../src/sde/posterior.ts';
import { batch, channels_of, type Estimator, type SdeModel, sde_layout } from '../../src/sde/problem.ts';
import { roll_out } from '../../src/sde/rollout.ts';
import { tabulate } from '../../src/sde/series.ts';
import { use_device } from '../device.ts';

const device = use_device();
const paths = 8192;
const steps = 400;
const latent = 2;

describe.each([false, true])('rotation: %s', (rotation) => {
  const model: SdeModel = {
    ...{ latent, observed: 2, drift: { hidden: [16], activation: 'tanh', moves_in_time: false }, decoder: 'identity' },
    ...{ encoder: { hidden: [], activation: 'tanh' }, likelihood: 'gaussian', rotation, diffusion_knots: 1 },
    learns: { diffusion: true, noise: true, start: true },
  };
  const estimator: Estimator = { nets: 1, windows: 1, nodes: 32, pairs: 16, paths: 1, repeats: 1 };
  const times = Float64Array.from({ length: 5 }, (_, i) => 0.5 * i);
  const options = { latent, observed: 2, every: 1, sees: 1, nodes: 32, is_identity: true };
  const tables = tabulate([{ times, values: new Float64Array(10) }], options);
  const channels = channels_of(model);

  /** Means and log variances that bend, with kinks at the nodes. */
  async function simulate(bend: number, drift: number, diffusion: readonly number[], made = steps) {
    const encoded = Float32Array.from({ length: 5 * channels }, (_, i) => bend * Math.sin(1.7 * i));
    const posterior = create_posterior(model, tables, encoded);
    const layout = sde_layout(tiling_for(device(), batch / 4), model, tables.encoder_inputs);
    const weights = initial_net(layout, [1, 2], 0, { drift });
    diffusion.forEach((big, d) => {
      weights[layout.parts.drift.free_first + d] = Math.log(big);
      // So narrow that D is its median.
      weights[layout.parts.drift.free_first + latent + d] = -30;
    });
    const dt = 2 / steps;
    // Steps of two lengths by turns.
    const lengths = Array.from({ length: steps }, (_, n) => (n % 2 === 0 ? 1.5 : 0.5) * dt);
    const schedule = lengths.slice(0, made).map((length, n) => ({
      dt: length,
      clock: 0,
      moments: posterior.at(0, n * dt + (n % 2 === 0 ? 0 : 0.5 * dt)),
    }));
    const first = posterior.at(0, 0);
    const eps = normals_at([4, 4], site.start, 0, latent * paths);
    const states = Float32Array.from(eps, (z, i) => {
      const d = Math.floor(i / paths);
      return (first.mean[d] as number) + Math.exp(0.5 * (first.log_variance[d] as number)) * z;
    });
    const buffer = device().upload('test.weights', weights);
    const rollout = await roll_out(device(), {
      ...{ model, estimator, layout, most_observations: tables.most_observations, weights: buffer, net: 0, states },
      ...{ steps: schedule, every: 100, key: [7, 7] },
    });
    device().buffers.give(buffer);
    return { posterior, rollout };
  }

  it('simulated paths of q have its marginals', async () => {
    const { posterior, rollout } = await simulate(0.5, 1, [0.5, 0.8]);
    expect(rollout.stored).toBe(5);
    for (const slot of [1, 2, 4]) {
      const exact = posterior.at(0, 0.5 * slot);
      for (let d = 0; d < latent; d++) {
        const own = rollout.trajectory.subarray((slot * latent + d) * paths, (slot * latent + d + 1) * paths);
        const mean = own.reduce((sum, v) => sum + v, 0) / paths;
        const variance = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (paths - 1);
        const sd = Math.exp(0.5 * (exact.log_variance[d] as number));
        expect(Math.abs(mean - (exact.mean[d] as number)) / sd).toBeLessThan(5 / Math.sqrt(paths) + 0.01);
        expect(Math.abs(variance / sd ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / paths) + 0.01);
      }
    }
  });

  it('densities of the prior over those of q have mean 1', async () => {
    // So near to each other that the ratios have a variance.
    const { rollout } = await simulate(0.1, 0.3, [0.5, 0.8], steps / 4);
    const ratios = Float64Array.from(rollout.log_weights, Math.exp);
    const mean = ratios.reduce((sum, v) => sum + v, 0) / paths;
    const sd = Math.sqrt(ratios.reduce((sum, v) => sum + (v - mean) ** 2, 0) / paths);
    expect(Math.abs(mean - 1)).toBeLessThan((5 * sd) / Math.sqrt(paths));
    expect(sd).toBeGreaterThan(0.1);
    expect(sd).toBeLessThan(3);
  });
});
