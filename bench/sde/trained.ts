/** A problem of the benchmarks on the device, by our estimator or through a solver. */

import type { Device } from '../../src/gpu/device.ts';
import { tiling_for } from '../../src/network/tiles.ts';
import type { Words } from '../../src/random/threefry.ts';
import { places_per_batch } from '../../src/sde/modules.ts';
import { batch, is_exact, rotations_of, type SdeLayout, sde_layout } from '../../src/sde/problem.ts';
import { type Tables, tabulate } from '../../src/sde/series.ts';
import { type SdeSettings, table_options_of } from '../../src/sde/settings.ts';
import { known_in_units, start_net } from '../../src/sde/start.ts';
import { first_state } from '../../src/sde/state.ts';
import { create_sde_trainer, type SdeTrainer, type TrainerOptions } from '../../src/sde/trainer.ts';
import type { Problem } from './problems.ts';

export const key: Words = [6, 2312];

export interface Trained {
  tables: Tables;
  layout: SdeLayout;
  trainer: SdeTrainer;
  /** Windows of a step. */
  per_step: number;
}

/** q simulated instead, step by step (shaders/sde/solve.wgsl). */
export interface Through {
  /** Of a window: intervals between nodes, as many in every one. */
  intervals: number;
  steps_per_observation: number;
  /** Windows of a training step, up to the 16 of a workgroup; two paths of each. */
  windows: number;
}

/** The caller destroys `trainer`. @param steps of the whole training, for its learning rate */
export async function create_trained(
  device: Device,
  { plan }: Problem,
  steps: number,
  through?: Through,
): Promise<Trained> {
  const { settings, series, units } = plan;
  const { model, schedule, ramp, diffusion } = settings;
  const options = table_options_of(settings);
  const tables = tabulate(series, through ? { ...options, nodes: through.intervals + 1 } : options);
  const layout = sde_layout(tiling_for(device, batch / 4), model, tables.encoder_inputs);
  const known = known_in_units(settings.known, units, model.decoder === 'identity');
  const trainer = await create_sde_trainer(device, {
    ...{ model, layout, tables, key, ramp, diffusion },
    ...(through ? solver_options(settings, tables, through) : { estimator: settings.estimator }),
    ...(plan.drift_units ? { units: plan.drift_units } : {}),
    start: first_state(layout, start_net(layout, model, key, 0, known)),
    schedule: { ...schedule, steps },
  });
  return { tables, layout, trainer, per_step: through ? places_per_batch : settings.estimator.windows };
}

function solver_options(
  { model, every }: SdeSettings,
  { windows }: Tables,
  { intervals, steps_per_observation, windows: per_step }: Through,
): Pick<TrainerOptions, 'estimator' | 'solver'> {
  const fits =
    is_exact(model) &&
    !model.learns.noise &&
    model.diffusion_knots === 1 &&
    rotations_of(model) === 0 &&
    model.interpolation === undefined &&
    per_step <= places_per_batch;
  if (!fits || windows.some((window) => window.intervals !== intervals))
    throw new Error(
      'a solver is for windows of one length, up to 16 of them a step, one D, known Gaussian noise, two-sided slopes and no rotation',
    );
  const pairs = intervals * every * steps_per_observation;
  return {
    // The encoder works on whole batches of nodes; those behind the window's last repeat it.
    estimator: {
      nets: 1,
      windows: places_per_batch,
      nodes: batch * Math.ceil((intervals + 1) / batch),
      pairs,
      paths: 1,
      repeats: 1,
    },
    solver: { steps_per_observation, windows: per_step },
  };
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
