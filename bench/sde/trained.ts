/** A problem of the benchmarks on the device. */

import type { Device } from '../../src/gpu/device.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import type { Words } from '../../src/random/threefry.ts';
import { batch, type SdeLayout, sde_layout } from '../../src/sde/problem.ts';
import { type Tables, tabulate } from '../../src/sde/series.ts';
import { table_options_of } from '../../src/sde/settings.ts';
import { start_net } from '../../src/sde/start.ts';
import { first_state } from '../../src/sde/state.ts';
import { create_sde_trainer, type SdeTrainer } from '../../src/sde/trainer.ts';
import type { Problem } from './problems.ts';

export const key: Words = [6, 2312];

export interface Trained {
  tables: Tables;
  layout: SdeLayout;
  trainer: SdeTrainer;
}

/** The caller destroys `trainer`. @param steps of the whole training, for its learning rate */
export async function create_trained(device: Device, { plan }: Problem, steps: number): Promise<Trained> {
  const { settings, series } = plan;
  const { model, estimator, schedule, ramp, diffusion } = settings;
  const tables = tabulate(series, table_options_of(settings));
  const layout = sde_layout(tiling_for(device, batch / 4), model, tables.encoder_inputs);
  const start = first_state(layout, start_net(layout, model, key, 0));
  const trainer = await create_sde_trainer(device, {
    ...{ model, estimator, layout, tables, start, key, ramp, diffusion },
    schedule: { ...schedule, steps },
  });
  return { tables, layout, trainer };
}

/** Multiply-adds of a step's matrix products: forward, back to the inputs, and the slopes; the encoder's and decoder's first layers go back to nothing and to the state. */
export function products_of_step({ plan }: Problem, { layout, tables }: Pick<Trained, 'layout' | 'tables'>): number {
  const { estimator } = plan.settings;
  const rows = {
    encoder: estimator.nodes,
    drift: 2 * estimator.pairs,
    decoder: estimator.repeats * tables.most_observations,
  };
  const of = (part: keyof typeof rows) =>
    rows[part] *
    layout.parts[part].layers.reduce((sum, { own_inputs, own_outputs }, n) => {
      const sweeps = part === 'encoder' && n === 0 ? 2 : 3;
      return sum + sweeps * own_inputs * own_outputs;
    }, 0);
  return estimator.nets * estimator.windows * (of('encoder') + of('drift') + of('decoder'));
}
