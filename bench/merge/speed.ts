/** What an update of one network costs, and a level of one particle; then a whole merge, by the clock. */

import { create_annealer, type Level } from '../../src/merge/anneal.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { create_trainer, type TrainOptions } from '../../src/merge/train.ts';
import { draws_of, whiten_shards } from '../../src/merge/whiten.ts';
import { work_rows } from '../../src/network/residual.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site, type Words } from '../../src/random/threefry.ts';
import { measure, repeats } from '../measure.ts';
import { peer_entry } from '../peers/beside.ts';
import type { Context } from '../subject.ts';
import { exact_toy_shards, toy_rows } from './toy.ts';

const key: Words = [15, 32];
const batch = 32;
const units = 32;
const leapfrogs = 3;

/** Of the final loss, relative: both sides have random numbers of their own, 15 networks × a twentieth of the updates × 32 draws leave 2 % of chance at the fewest updates. */
const most_apart = 0.1;

export async function show_speed(context: Context): Promise<void> {
  const { device, quick, report, find, say, peers } = context;
  const is_gpu = device.adapter.kind === 'hardware';
  const drawn = exact_toy_shards(toy_rows(), quick ? 1000 : 10_000).map(draws_of);
  const white = whiten_shards(drawn);
  const sizes = { inputs: 2, units, batch, tiling: tiling_for(device, batch / 4) };
  const shards = white.training;
  const updates = quick ? 50 : is_gpu ? 2000 : 200;
  const training = (energy_weight: number): TrainOptions => ({
    ...{ sizes, shards, seeds: 1, updates: 20 * updates, learning_rate: 2e-3, most_slope: 1 },
    ...{ energy_weight, energy_every: 4, key },
  });

  for (const [what, energy_weight] of [
    ['the loss of the score and, every fourth time, of the energy', 0.1],
    ['the loss of the score', 0],
  ] as const) {
    const trainer = await create_trainer(device, training(energy_weight));
    try {
      const measured = await measure(device, repeats(quick), async () => void (await trainer.run(updates)));
      const count = updates * shards.length;
      const row = {
        label: `training, ${what}`,
        sizes: { networks: shards.length, units, batch, parameters: 2, updates },
        work: { count, unit: 'updates of a network' },
        ...measured,
        rate: count / (measured.wall.median / 1000),
        note: `${((1000 * measured.wall.median) / count).toFixed(1)} µs per update and network`,
      };
      if (energy_weight > 0 || !peers) report({ ...row, peers: [] });
      else {
        const loss = await final_loss(context, training(0));
        const problem = {
          rows: shards.map((shard) => shard.rows),
          inputs: 2,
          units,
          batch,
          learning_rate: 2e-3,
          most_slope: 1,
        };
        const total = 20 * updates;
        const answers = await peers.train({ ...problem, updates: total, quick });
        report({
          ...row,
          peers: answers.map((answer) =>
            peer_entry(answer, { total, updates, ms: measured.wall.median }, (other) => {
              const apart = Math.abs(other / loss - 1);
              return { agrees: apart <= most_apart, words: `final losses ${(100 * apart).toFixed(1)} % apart` };
            }),
          ),
        });
      }
    } finally {
      trainer.destroy();
    }
  }

  const particles = quick ? 512 : is_gpu ? 65_536 : 2048;
  const levels: Level[] = [0.9, 0.6, 0.3, 0.1].map((time) => ({ time, step: 0.5 }));
  const trainer = await create_trainer(device, training(0));
  const annealer = await create_annealer(
    device,
    {
      ...{ sizes, weights: trainer.buffers.weights, shards: shards.length, seeds: 1, maps: white.maps },
      ...{ particles, transitions: 1, leapfrogs, key },
    },
    Float32Array.from(normals_at(key, site.start, 0, 2 * particles)),
  );
  try {
    const measured = await measure(device, repeats(quick), () => annealer.run(levels));
    const count = particles * levels.length;
    report({
      label: `annealing, ${leapfrogs} leapfrog steps a level`,
      sizes: { shards: shards.length, particles, levels: levels.length, units, parameters: 2 },
      work: { count, unit: 'particles · levels' },
      ...measured,
      rate: count / (measured.wall.median / 1000),
      peers: [],
      note: `${((1000 * measured.wall.median) / count).toFixed(2)} µs per particle and level; ${(4 * work_rows(sizes)) / 1024} KiB of activations each`,
    });
  } finally {
    annealer.destroy();
    trainer.destroy();
  }

  const all = quick ? 100 : is_gpu ? 156_000 : 20_000;
  const started = performance.now();
  const merge = await diffusion_merge(device, drawn, {
    updates: all,
    seeds: 1,
    draws: quick ? 512 : 10_000,
    units,
    key,
  });
  const seconds = (performance.now() - started) / 1000;
  const most = is_gpu ? 10 : 180;
  say(`${merge.path.levels.length} levels`);
  find({
    label: `a whole merge of 15 shards, ${all} updates of each network, ${merge.draws.count} draws`,
    value: seconds,
    unit: 's',
    ...(quick ? {} : { wanted: `at most ${most}`, met: seconds <= most }),
  });
}

/** Mean loss of the score over the last twentieth of a whole training. */
async function final_loss({ device, say }: Pick<Context, 'device' | 'say'>, options: TrainOptions): Promise<number> {
  const trainer = await create_trainer(device, options);
  try {
    const last = options.updates / 20;
    for (let n = 0; n < 19; n++) await trainer.run(last);
    const losses = await trainer.run(last);
    const loss = losses.reduce((sum, { score }) => sum + score / losses.length, 0);
    say(`loss of the score after ${options.updates} updates: ${loss.toFixed(4)}`);
    return loss;
  } finally {
    trainer.destroy();
  }
}
