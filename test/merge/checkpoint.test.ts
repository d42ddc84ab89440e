// A merge that was interrupted goes on from a checkpoint of its training, on a device of its own, to the draws of one that was not. Dispatches of eight updates, so that the losses of both are means
// over the same ones. Acceptance: equality.

import { expect, it } from 'vitest';
import { line_mixtures } from '../../bench/merge/line.ts';
import { line_draws } from '../../bench/merge/line_shards.ts';
import type { Device } from '../../src/gpu/device.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import type { MergeOnlooker } from '../../src/merge/onlooker.ts';
import { type MergeCheckpoint, run_training } from '../../src/merge/run_training.ts';
import { create_trainer } from '../../src/merge/train.ts';
import { whiten_shards } from '../../src/merge/whiten.ts';
import { tilings } from '../../src/network/tiles.ts';
import { use_device } from '../device.ts';

const [device, another] = [use_device(), use_device()];
const shards = line_mixtures.map((density, b) => line_draws(density, b + 1, 200));
const updates = 44;
const onlooker = (on_losses: MergeOnlooker['on_losses']): MergeOnlooker => ({
  ...{ wanted_ms: 1e9, most_updates: () => 8, on_losses, on_particles() {} },
});

it('goes on from any place of the training, to the same weights and losses', async () => {
  const train = async (on: Device, resumed?: MergeCheckpoint) => {
    const kept: MergeCheckpoint[] = [];
    const trainer = await create_trainer(on, {
      ...{
        sizes: { inputs: 1, units: 16, batch: 16, tiling: tilings.software },
        shards: whiten_shards(shards).training,
      },
      ...{ seeds: 2, updates, learning_rate: 0.01, most_slope: 1, energy_weight: 3, energy_every: 4, key: [7, 8] },
      ...(resumed ? { from: resumed.state } : {}),
    });
    const curve = await run_training(trainer, {
      ...{ shards: shards.length, seeds: 2, updates },
      onlooker: onlooker(async (_, checkpoint) => void kept.push(await checkpoint())),
      ...(resumed ? { before: resumed.curve } : {}),
    });
    const state = await trainer.keep();
    trainer.destroy();
    return { kept, curve, state };
  };
  const { kept, ...whole } = await train(device());
  expect(kept.map(({ state }) => state.updates)).toEqual([8, 16, 24, 32, 40, 44]);
  for (const checkpoint of kept) {
    const { kept: since, ...resumed } = await train(another(), checkpoint);
    expect(resumed).toEqual(whole);
    expect(since).toEqual(kept.filter(({ state }) => state.updates > checkpoint.state.updates));
  }
});

it('goes on to the same draws', async () => {
  const merge = (on: Device, resumed?: MergeCheckpoint, on_losses: MergeOnlooker['on_losses'] = () => {}) =>
    diffusion_merge(on, shards, {
      ...{ updates, seeds: 1, draws: 64, units: 16, key: [3, 4], onlooker: onlooker(on_losses) },
      ...(resumed ? { resumed } : {}),
    });
  const kept: MergeCheckpoint[] = [];
  const whole = await merge(device(), undefined, async (_, checkpoint) => void kept.push(await checkpoint()));
  expect(await merge(another(), kept.at(-1) as MergeCheckpoint)).toEqual(whole);
});
