// A run that was interrupted while it sampled goes on from a checkpoint, on a device of its own, to the draws of one that was not: chains in the midst of their trajectories, each at a draw of its
// own, with every sampler and every way to share out a gradient. Acceptance: equality of all but seconds.

import { expect, it } from 'vitest';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { SampleCheckpoint } from '../../src/sample/checkpoint.ts';
import type { SampleOptions, SampleResult } from '../../src/sample/options.ts';
import { run_sample } from '../../src/sample/sample.ts';
import { use_device } from '../device.ts';
import { read_rows } from './data/read_rows.ts';
import sblrc from './models/sblrc.ts';

const [device, another] = [use_device(), use_device()];

type Problem = Pick<SampleOptions, 'model' | 'data' | 'blocks'>;
const banana = validate_model({
  kind: 'log-density',
  name: 'banana',
  parameters: { a: { prior: { normal: [0, 1] } }, b: { prior: { flat: true } } },
  wgsl: 'fn log_density(theta: Theta) -> f32 { return normal_log_density(theta.b, theta.a * theta.a, 0.3); }',
}) as LogDensityModel;
const fused: Problem = { model: banana, data: { rows: { count: 0, values: new Float32Array() } } };
const line = validate_model({
  kind: 'log-density',
  name: 'line',
  parameters: { a: { prior: { normal: [0, 5] } }, b: { prior: { normal: [0, 5] } } },
  row: ['x', 'y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.a + theta.b * row.x, 0.5); }',
}) as LogDensityModel;
const x = Array.from({ length: 40 }, (_, n) => Math.sin(n));
const split: Problem = {
  model: line,
  data: { rows: pack_rows(line, { x, y: x.map((v, n) => 1 - v + Math.sin(7 * n)) }) },
  blocks: 3,
};
const sblrc_rows = read_rows('sblrc.csv');
const tile: Problem = {
  model: validate_model(sblrc),
  data: { rows: { count: sblrc_rows.length, values: Float32Array.from(sblrc_rows.flat()) } },
};
const series = { in_bed: Float64Array.from(built_in_data['influenza-1978']?.columns.in_bed as readonly number[]) };
const bank: Problem = { model: built_in_model('sir-ode'), data: { series, particles: 1 } };

const usual: Omit<SampleOptions, 'model' | 'data'> = {
  ...{ sampler: 'nuts', chains: 40, warm_up: 60, draws: 70, thinning: 1, keep: 'draws', metric: 'diagonal', jitter: 1 },
  ...{ learn: 200, length_per_chain: false, most_depth: 6, seed: 5 },
};

interface Case extends Partial<SampleOptions> {
  name: string;
  problem: Problem;
  /** How gradients are shared out; absent: fused. */
  shape?: SampleResult['shape'];
  /** Draws that are read together. */
  block?: number;
}

const cases: Case[] = [
  { name: 'nuts', problem: fused },
  { name: 'nuts, thinned, dense metric', problem: fused, thinning: 3, metric: 'dense' },
  { name: 'nuts, moments', problem: fused, keep: 'moments', draws: 300 },
  { name: 'hmc, a shared length', problem: fused, sampler: 'hmc' },
  { name: 'hmc, own lengths, moments', problem: fused, sampler: 'hmc', length_per_chain: true, keep: 'moments' },
  { name: 'ehmc', problem: fused, sampler: 'ehmc' },
  { name: 'ehmcu, own lengths', problem: fused, sampler: 'ehmcu', length_per_chain: true },
  { name: 'chees', problem: fused, sampler: 'chees' },
  {
    name: 'mala, blocks past a ring’s end',
    problem: fused,
    sampler: 'mala',
    chains: 4,
    draws: 2100,
    block: 300,
  },
  { name: 'blocks of rows', problem: split, shape: 'split' },
  { name: 'tiles of chains', problem: tile, shape: 'tile', warm_up: 15, draws: 20 },
  { name: 'a state-space model', problem: bank, shape: 'bank', chains: 8, warm_up: 20, draws: 20 },
];

/** All but seconds, and the columns of draws as they are. */
function told({ seconds: _, draws: { parameters, sampler, ...size }, ...rest }: SampleResult) {
  const columns = [...parameters, ...Object.entries(sampler)].map(
    ([name, chains]) => [name, chains.map((chain) => Float64Array.from(chain))] as const,
  );
  return { ...rest, size, columns };
}

it.each(cases)('$name', async ({ name: _, problem, block = 16, shape = 'fused', ...settings }) => {
  const options: SampleOptions = { ...usual, ...problem, ...settings };
  const kept: SampleCheckpoint[] = [];
  const onlooker = { wanted_ms: 5, block, most_steps: () => 15, on_turn() {} };
  let places = 0;
  const whole = told(
    await run_sample(device(), {
      ...options,
      onlooker: {
        ...onlooker,
        async on_place(checkpoint) {
          // A copy: what the run goes on to do must not reach it.
          if ((places & (places - 1)) === 0 || places % 25 === 0) kept.push(structuredClone(await checkpoint()));
          places += 1;
        },
      },
    }),
  );
  expect(told(await run_sample(device(), options))).toEqual(whole);
  expect(whole.shape).toBe(shape);
  expect(kept.length).toBeGreaterThan(2);
  const points = new Set([0, Math.floor(kept.length / 2), kept.length - 1]);
  for (const point of points) {
    const resumed = structuredClone(kept[point] as SampleCheckpoint);
    const phases = new Set<string>();
    const found = await run_sample(another(), {
      ...{ ...options, onlooker, resumed },
      on_progress: ({ phase }) => void phases.add(phase),
    });
    expect(told(found), `from checkpoint ${point} of ${kept.length}`).toEqual(whole);
    expect([...phases]).toEqual(['sampling']);
  }
});
