// Acceptance: a training that was interrupted and goes on from what it left gives the numbers of one that was not, bit for bit, and so does one that is looked at step by step; and a series that the learned model is asked about as if it were new is read as it was in training, bit for bit.

import { expect, it } from 'vitest';
import { normals_at } from '../../src/random/normals.ts';
import { site } from '../../src/random/threefry.ts';
import type { SdeConfig } from '../../src/sde/config.ts';
import { fit_sde } from '../../src/sde/fit.ts';
import { infer } from '../../src/sde/learned/infer.ts';
import { type LearnedSde, learned_networks } from '../../src/sde/learned/learned.ts';
import { pack_state } from '../../src/sde/state.ts';
import { use_device } from '../device.ts';

const device = use_device();

const count = 60;
const noise = normals_at([8, 8], site.start, 0, count);
const series = [
  {
    times: Float64Array.from({ length: count }, (_, n) => 0.1 * n),
    values: Float64Array.from({ length: count }, (_, n) => Math.sin(0.3 * n) + 0.1 * (noise[n] as number)),
  },
];
const config: SdeConfig = {
  ...{ drift: { hidden: [8] }, encoder: { hidden: [8] }, networks: 2 },
  estimator: { pairs: 16 },
  training: { steps: 30, warm_up: 5, ramp: 10 },
};
const options = { config, names: { series: ['s'], channels: ['y'] }, key: [1, 2] as const };

it('goes on as if nothing had happened', async () => {
  const whole = await fit_sde(device(), series, options);
  const stop = new AbortController();
  const begun = await fit_sde(device(), series, {
    ...options,
    signal: stop.signal,
    on_progress(done) {
      if (done >= 7) stop.abort();
    },
  });
  expect(begun.steps).toBeGreaterThanOrEqual(7);
  expect(begun.steps).toBeLessThan(30);
  const left = pack_state(begun.layout, await begun.trainer.read_state());
  const resumed = await fit_sde(device(), series, { ...options, resumed: { steps: begun.steps, numbers: left } });
  expect(resumed.steps).toBe(30);
  expect(pack_state(resumed.layout, await resumed.trainer.read_state())).toEqual(
    pack_state(whole.layout, await whole.trainer.read_state()),
  );
  for (const [net, own] of whole.curve.entries()) {
    expect([...(begun.curve[net] ?? []), ...(resumed.curve[net] ?? [])]).toEqual(own);
  }
  const [first] = (await learned_networks(whole)) as [LearnedSde];
  const again = await infer(device(), first, series, ['s']);
  for (const time of [0, 1.234, 5.9]) {
    expect(again.posterior.at(0, time / first.units.time)).toEqual(first.posterior.at(0, time / first.units.time));
  }
  for (const { trainer } of [whole, begun, resumed]) trainer.destroy();
});

it('learns the same under the eyes of an onlooker', async () => {
  const alone = await fit_sde(device(), series, options);
  const seen: number[] = [];
  const watched = await fit_sde(device(), series, {
    ...options,
    onlooker: {
      ...{ wanted_ms: 5, most_steps: () => 4 },
      async on_turn(training) {
        seen.push(training.steps);
        await learned_networks(training);
      },
    },
  });
  expect(seen.length).toBeGreaterThanOrEqual(30 / 4);
  expect(watched.curve).toEqual(alone.curve);
  expect(watched.bound).toEqual(alone.bound);
  expect(pack_state(watched.layout, await watched.trainer.read_state())).toEqual(
    pack_state(alone.layout, await alone.trainer.read_state()),
  );
  for (const { trainer } of [alone, watched]) trainer.destroy();
});
