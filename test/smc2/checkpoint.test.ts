// A run that was interrupted goes on from a checkpoint, on a device of its own, to the numbers of one that was not. Acceptance: equality.

import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/gpu/device.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { Smc2Checkpoint } from '../../src/smc2/checkpoint.ts';
import type { Smc2Options, Smc2Result } from '../../src/smc2/options.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { methods, smc2_options } from './options.ts';

const lgssm = { model: built_in_model('lgssm'), data: { y: portable_lgssm(12) } };

const [device, another] = [use_device(), use_device()];
const run = (on: Device, options: Partial<Smc2Options>): Promise<Smc2Result> =>
  run_smc2(on, smc2_options(lgssm, { thetas: 40, particles: 20, iterations: 3, seed: 5, ...options }));

describe.each([
  ...methods,
  { proposal: 'langevin', correction: 'metropolis', noise: 'shared', step: 0.6 },
  { proposal: 'langevin', correction: 'weight', preconditioned: false, step: 0.05, tempering: false },
] as const)('%o', (method) => {
  it('goes on from the end of any iteration', async () => {
    const kept: Smc2Checkpoint[] = [];
    const whole = await run(device(), {
      ...method,
      on_iteration: async (_, __, checkpoint) => void kept.push(await checkpoint()),
    });
    expect(await run(device(), method)).toEqual(whole);
    expect(kept).toHaveLength(whole.iterations.length);
    // The first, in the midst of tempering, at lambda = 1 and when all is done.
    const points = new Set([0, Math.floor((kept.length - 3) / 2), kept.length - 2, kept.length - 1]);
    for (const point of points) {
      const seen: number[] = [];
      const resumed = await run(another(), {
        ...method,
        resumed: kept[point] as Smc2Checkpoint,
        on_iteration: ({ k }) => void seen.push(k),
      });
      expect(resumed).toEqual(whole);
      expect(seen).toEqual(whole.iterations.slice(point + 1).map(({ k }) => k));
    }
  });
});
