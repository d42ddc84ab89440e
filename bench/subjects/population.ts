/** A population of particles on 1, 2, 4 and 8 ranks, each a process of this machine with a device of its own: particle-updates a second, what exchange costs, and the part of its time that a rank does not compute. */

import { geometric_ladder } from '../../src/population/exchange/replica.ts';
import type { ExchangeRule, PopulationSpec } from '../../src/population/spec.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import type { Context, PopulationTimes, Subject } from '../subject.ts';

/** A regression by rows, as plain data: it goes to the ranks. */
const coefficients = 10;
const model = {
  kind: 'log-density',
  name: 'regression',
  parameters: { b: { size: coefficients, prior: { normal: [0, 1] } } },
  row: [...Array.from({ length: coefficients }, (_, i) => `x${i}`), 'y'],
  wgsl: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
    let mean = ${Array.from({ length: coefficients }, (_, i) => `theta.b[${i}] * row.x${i}`).join(' + ')};
    return -0.5 * (row.y - mean) * (row.y - mean);
  }`,
};

function rows_of(count: number): number[][] {
  const at = (step: number, index: number) => uniform_at([7, 7], 5, step, index) - 0.5;
  return Array.from({ length: count }, (_, i) => {
    const x = Array.from({ length: coefficients }, (_, d) => Math.fround(at(d, i)));
    return [...x, Math.fround(x.reduce((sum, v, d) => sum + v * (d / 5 - 1), 0) + at(coefficients, i))];
  });
}

function spec_of(ranks: number, exchange: ExchangeRule, quick: boolean): PopulationSpec {
  return {
    ...{ id: `bench-${exchange}-${ranks}`, seed: 1, ranks, particles: 64, method: 'sgld', batch: 256 },
    ...{ segment_steps: 200, warm_up: 4, segments: quick ? 8 : 44, thinning: 20, exchange, energy_rows: 0 },
    ...{ betas: exchange === 'replica' ? Array.from(geometric_ladder(0.3, ranks)) : [], friction: 0.1, known_noise: 0 },
    ...{ learn_metric: true, budget: 0.05, decay: 0, decay_scale: 1000, delay: 0, prior_power: 1 },
  };
}

export const population: Subject = {
  name: 'population',
  what: 'a population on 1 to 8 ranks of this machine: particle-updates/s, efficiency, cost of exchange, time not computing',
  async run(context) {
    const { populations, cores, quick } = context;
    if (!populations) {
      context.skip('populations on ranks', 'ranks are processes, which a page cannot start');
      return;
    }
    const rows = rows_of(2000);
    const run = async (ranks: number, exchange: ExchangeRule) => {
      const times = await populations({ spec: spec_of(ranks, exchange, quick), model, rows });
      return tell(context, ranks, exchange, times);
    };
    const counts = quick ? [1, 2] : [1, 2, 4, 8];
    const rates: number[] = [];
    for (const ranks of counts) rates.push(await run(ranks, 'none'));
    const alone = rates[0] as number;
    for (const [n, ranks] of counts.entries()) {
      const useful = Math.min(ranks, cores);
      context.find({
        label: `a population: rate of ${ranks} rank${ranks === 1 ? '' : 's'} over that of one, by ${useful} core${useful === 1 ? '' : 's'} that they have`,
        value: (rates[n] as number) / alone / useful,
        unit: '×',
      });
    }
    for (const exchange of ['permute', 'replica'] as const) {
      const rate = await run(2, exchange);
      context.find({
        label: `a population: rate of 2 ranks with exchange ${exchange} over that without`,
        value: rate / (rates[1] as number),
        unit: '×',
      });
    }
  },
};

/** @returns particle-updates a second of all ranks together */
function tell({ find, say }: Context, ranks: number, exchange: ExchangeRule, times: PopulationTimes): number {
  const rate = times.reduce((sum, { updates, seconds }) => sum + updates / seconds, 0);
  const idle = times.map(({ seconds, computing }) => 1 - computing / seconds);
  const worst = Math.max(...idle);
  say(
    `${ranks} ranks, exchange ${exchange}: ${rate.toPrecision(3)} particle-updates/s, not computing ${(100 * worst).toFixed(1)} %`,
  );
  const label = `a population of ${ranks} rank${ranks === 1 ? '' : 's'}, exchange ${exchange}`;
  find({ label: `${label}: updates of a particle by 256 rows`, value: rate, unit: '/s' });
  find({
    label: `${label}: part of its time that a rank does not compute, the worst`,
    value: 100 * worst,
    unit: '%',
    wanted: 'below 5',
    met: worst < 0.05,
  });
  return rate;
}
