/**
 * Speed of the filter bank: LGSSM with the guided proposal and three tangents, filters × particles × steps, in millions of particle-steps per second; both shapes on one adapter.
 *
 * The work is what SMC² does in one iteration: every filter at its own parameters with its own noise. Wall time from the first submit until the
 * queue is idle. Then the memory check: bytes on the device after ten runs equal those after one.
 */

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { create_filter_bank, type Shape } from '../src/filter/bank.ts';
import { portable_lgssm } from '../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../src/model/resolve.ts';
import { close_and_exit, request_device } from '../src/node/dawn.ts';
import { commit, dawn_version } from './environment.ts';
import { measure, type Timing } from './measure.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, out: { type: 'string' }, adapter: { type: 'string' } },
});
const sizes = [
  { filters: 64, particles: 256, steps: 100 },
  { filters: 256, particles: 1024, steps: 100 },
];

const device = await request_device();
const { adapter } = device;
console.log(
  `${adapter.name} (${adapter.kind === 'software' ? 'software, not a GPU' : 'hardware'}), ${adapter.driver}, Node ${process.version}`,
);
console.log('shape      filters × particles × steps   M particle-steps/s (median, quartiles)');

interface Row {
  shape: Shape;
  filters: number;
  particles: number;
  steps: number;
  tangents: number;
  rate: number;
  timing: Timing;
}
const rows: Row[] = [];
const model = built_in_model('lgssm');

async function create(shape: Shape, size: (typeof sizes)[number]) {
  const bank = await create_filter_bank(device, {
    model,
    data: { y: portable_lgssm(size.steps) },
    ...size,
    gradient: true,
    shape,
  });
  const theta = new Float32Array(3 * size.filters);
  for (let f = 0; f < size.filters; f++) {
    theta[f] = 0.5 + (0.4 * f) / size.filters;
    theta[size.filters + f] = 1;
    theta[2 * size.filters + f] = 1;
  }
  device.gpu.queue.writeBuffer(bank.theta, 0, theta);
  device.gpu.queue.writeBuffer(
    bank.keys,
    0,
    Uint32Array.from({ length: 2 * size.filters }, (_, i) => i),
  );
  return bank;
}

for (const size of sizes) {
  for (const shape of ['lane', 'workgroup'] as const) {
    const bank = await create(shape, size);
    const timing = await measure(values.quick ? 3 : 7, async () => {
      await bank.evaluate(size.filters);
      await device.finish();
    });
    bank.destroy();
    const work = size.filters * size.particles * size.steps;
    const rate = (ms: number) => work / ms / 1e3;
    rows.push({ shape, ...size, tangents: bank.tangents, rate: rate(timing.median), timing });
    const label = `${size.filters} × ${size.particles} × ${size.steps}`;
    console.log(
      `${shape.padEnd(10)} ${label.padEnd(29)} ${rate(timing.median).toFixed(1)}  (${rate(timing.upper_quartile).toFixed(1)}–${rate(timing.lower_quartile).toFixed(1)})`,
    );
  }
}

const memory: number[] = [];
for (let run = 0; run < 10; run++) {
  const bank = await create(adapter.kind === 'software' ? 'lane' : 'workgroup', sizes[0] as (typeof sizes)[number]);
  await bank.evaluate(64);
  await device.finish();
  bank.destroy();
  memory.push(device.buffers.allocated);
}
const same = memory.every((bytes) => bytes === memory[0]);
console.log(`GPU bytes after one run ${memory[0]}, after ten ${memory[9]}${same ? '' : ': LEAK'}`);
if (values.out) {
  const result = {
    command: 'npm run bench -- filter',
    date: new Date().toISOString(),
    commit: commit(),
    adapter,
    dawn: dawn_version(),
    node: process.version,
    cores: availableParallelism(),
    rows,
    memory,
  };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
await close_and_exit(device, same ? 0 : 1);
