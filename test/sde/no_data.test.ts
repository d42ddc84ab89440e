// Acceptance: without data the best q is the prior, and the bound is 0: here the stationary law of dz = −θ z dt + √D dW, whose variance D/(2θ) the path's divergence alone has to find. The bound at the end is integrated over
// 8 passes; path and start are divergences, so that it lies below 0 by what training leaves, less than 0.01 nats; the variance of q is within 5 % of the stationary one, the mean within 0.05 of its sd, at all nodes.

import { expect, it } from 'vitest';
import { tiling_for } from '../../src/network/tiles.ts';
import { batch, type SdeModel, sde_layout } from '../../src/sde/problem.ts';
import { tabulate } from '../../src/sde/series.ts';
import { start_net } from '../../src/sde/start.ts';
import { first_state } from '../../src/sde/state.ts';
import { create_sde_trainer } from '../../src/sde/trainer.ts';
import { use_device } from '../device.ts';

const device = use_device();
const [theta, diffusion] = [1.5, 0.6];
const stationary = diffusion / (2 * theta);

it('q becomes the prior', async () => {
  const model: SdeModel = {
    drift: {
      wgsl: 'fn drift(z: State, theta: Theta, t: f32) -> State { return State(-theta.decay * z.x); }',
      states: ['x'],
      parameters: [{ name: 'decay', start: theta, learns: false }],
    },
    ...{ latent: 1, observed: 1, decoder: 'identity', likelihood: 'gaussian', rotation: false, diffusion_knots: 1 },
    ...{ encoder: { hidden: [], activation: 'tanh' }, learns: { diffusion: false, noise: false, start: false } },
  };
  const estimator = { nets: 1, windows: 1, nodes: 32, pairs: 64, paths: 1, repeats: 1 };
  const count = 9;
  const series = [
    {
      times: Float64Array.from({ length: count }, (_, n) => 0.5 * n),
      values: new Float64Array(count).fill(Number.NaN),
    },
  ];
  const tables = {
    ...tabulate(series, { latent: 1, observed: 1, every: 1, sees: 3, nodes: 32, is_identity: true }),
    numbers: 1,
  };
  const layout = sde_layout(tiling_for(device(), batch / 4), model, tables.encoder_inputs);
  const known = { noise: [1], diffusion: [diffusion], start: { mean: [0], variance: [stationary] } };
  const steps = 1500;
  const trainer = await create_sde_trainer(device(), {
    ...{ model, estimator, layout, tables, ramp: 1, diffusion: { mean: 0, sd: 1 }, key: [3, 5] },
    schedule: { steps, warm_up: 20, learning_rate: 0.03, last_rate: 0.001, most_slope: 10, average: 0.99 },
    units: { mean: [0], sd: [1], time: 1, longest: 4 },
    start: first_state(layout, start_net(layout, model, [1, 1], 0, known)),
  });
  await trainer.run(steps);
  const bounds = (await trainer.evaluate(8)).map(([terms]) => terms);
  const [encoded] = await trainer.encode();
  trainer.destroy();
  for (const terms of bounds) {
    expect(terms?.likelihood).toBe(0);
    expect(Math.abs(terms?.path ?? Number.NaN)).toBeLessThan(0.01);
    expect(Math.abs(terms?.start ?? Number.NaN)).toBeLessThan(0.01);
  }
  for (let node = 0; node < count; node++) {
    // Channels: mean and its slopes, log variance and its slopes.
    const at = (channel: number) => encoded?.[6 * node + channel] as number;
    expect(Math.abs(at(0)) / Math.sqrt(stationary)).toBeLessThan(0.05);
    expect(Math.abs(Math.exp(at(3)) / stationary - 1)).toBeLessThan(0.05);
  }
});
