// The same posterior with 1, 2, 4 and 8 ranks, under every rule that keeps the target: y_i ~ N(m, s), whose posterior of m given the data is known by quadrature. Ranks run side by side in this process, on one device, over the embedded
// engine, and exchange as they come by. Means within 4.5 standard errors by the draws' effective sample size, sds by √(1/2 ESS): 10 runs of two such tests, false-alarm rate 20 · 6.8e-6.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain_statistics } from '../../src/diagnostics/chain_statistics.ts';
import { take_lease } from '../../src/engine/lease.ts';
import { sleep } from '../../src/engine/sleep.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { type ServedBroker, start_broker } from '../../src/node/engine/embedded/broker.ts';
import { connect_embedded } from '../../src/node/engine/embedded/client.ts';
import { board_store } from '../../src/population/board_store.ts';
import { geometric_ladder } from '../../src/population/exchange/replica.ts';
import { gather_draws } from '../../src/population/gather.ts';
import { run_rank } from '../../src/population/rank_run.ts';
import { begin_run } from '../../src/population/run.ts';
import { type ExchangeRule, keys, type PopulationSpec } from '../../src/population/spec.ts';
import { use_device } from '../device.ts';
import { draws } from '../smc2/population.ts';

const device = use_device();
const folder = mkdtempSync(join(tmpdir(), 'langevin-ranks-'));
let broker: ServedBroker;
beforeAll(async () => {
  broker = await start_broker(folder);
});
afterAll(async () => {
  await broker.close();
  rmSync(folder, { recursive: true });
});

const model = validate_model({
  kind: 'log-density',
  name: 'normal',
  parameters: { m: { prior: { normal: [0, 3] } }, s: { prior: { half_normal: [2] } } },
  row: ['y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { let z = (row.y - theta.m) / theta.s; return -0.5 * z * z - log(theta.s); }',
}) as LogDensityModel;
const random = draws(3);
const y = Array.from({ length: 30 }, () => 0.7 + 1.3 * random.normal());
const rows = pack_rows(model, { y });

/** Mean and sd of m by quadrature over (m, s). */
const truth = (() => {
  let [total, first, second] = [0, 0, 0];
  for (let i = -400; i <= 400; i++) {
    const m = 0.7 + i / 160;
    for (let j = 1; j <= 400; j++) {
      const s = j / 80;
      const likelihood = y.reduce((sum, v) => sum - 0.5 * ((v - m) / s) ** 2 - Math.log(s), 0);
      const p = Math.exp(likelihood + 45 - 0.5 * (m / 3) ** 2 - 0.5 * (s / 2) ** 2);
      [total, first, second] = [total + p, first + p * m, second + p * m * m];
    }
  }
  const mean = first / total;
  return { mean, sd: Math.sqrt(second / total - mean * mean) };
})();

/** @param apart milliseconds between the ranks' beginnings */
async function run(ranks: number, exchange: ExchangeRule, apart: number) {
  const spec: PopulationSpec = {
    ...{
      id: `r${ranks}-${exchange}-${apart}`,
      seed: 11,
      ranks,
      particles: 32,
      method: 'mala',
      batch: 0,
      segment_steps: 20,
    },
    ...{ warm_up: 16, segments: 56, thinning: 4, exchange, energy_rows: 0, friction: 0.1, known_noise: 0 },
    ...{ betas: exchange === 'replica' ? Array.from(geometric_ladder(0.1, ranks)) : [], learn_metric: true },
    ...{ budget: 0.05, decay: 0, decay_scale: 1, delay: 0, prior_power: 1 },
  };
  const engine = connect_embedded({ folder });
  await begin_run(engine, spec, new Uint8Array());
  await Promise.all(
    Array.from({ length: ranks }, async (_, rank) => {
      const own = connect_embedded({ folder });
      await sleep(rank * apart);
      const lease = await take_lease(own.store, keys(spec.id).lease(rank), { holder: `${rank}` });
      if (!lease) throw new Error('no seat');
      const signal = new AbortController().signal;
      expect(await run_rank({ engine: own, device: device(), model, rows, spec, rank, lease, signal })).toBe(true);
      await lease.release();
      await own.close();
    }),
  );
  const board = await board_store(engine.store, spec).read();
  const gathered = await gather_draws(engine.store, spec, { board, model });
  await engine.close();
  return { gathered, board };
}

const cases: [ranks: number, exchange: ExchangeRule, apart: number][] = [
  [1, 'none', 0],
  [2, 'none', 0],
  [4, 'none', 0],
  [8, 'none', 0],
  [2, 'permute', 0],
  [4, 'permute', 0],
  [4, 'differential-evolution', 0],
  [4, 'replica', 0],
  // Ranks that come when others are past their warm-up bring nothing of their own into the draws of those.
  [4, 'permute', 400],
  [4, 'replica', 400],
];
it.each(cases)('%i ranks, exchange %s, %i ms one after the other', async (ranks, exchange, apart) => {
  const { gathered, board } = await run(ranks, exchange, apart);
  const m = chain_statistics(gathered.parameters.get('m') as Float64Array[]);
  expect(Math.abs(m.mean - truth.mean) / (truth.sd / Math.sqrt(m.ess_mean))).toBeLessThan(4.5);
  expect(Math.abs(m.sd / truth.sd - 1) * Math.sqrt(2 * m.ess_sd)).toBeLessThan(4.5);
  expect(gathered.chains).toBe(exchange === 'replica' ? 32 : 32 * ranks);
  const met = board.met.reduce((a, b) => a + b, 0);
  if (apart === 0 && (exchange === 'permute' || exchange === 'replica')) expect(met).toBeGreaterThan(50);
});
