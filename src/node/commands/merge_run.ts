/** Runs the methods of `langevin merge`: the one that was asked for, and those to compare it with. */

import type { Points } from '../../diagnostics/points.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import {
  compared_draws,
  type Merged,
  type MergeMethod,
  merge_by,
  merge_gradients,
  quick_methods,
} from '../../merge/methods.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { draws_of } from '../../merge/whiten.ts';
import { UserError } from '../../model/user_error.ts';
import type { Words } from '../../random/threefry.ts';
import type { CommandContext } from '../command.ts';
import { create_time_left, type Progress } from '../progress.ts';
import { type DiffusionRun, run_diffusion } from './merge_diffusion.ts';
import type { MergeInputs } from './merge_inputs.ts';
import type { MergeOptions } from './merge_options.ts';
import { type RoundsRun, run_rounds } from './merge_rounds.ts';

export interface MethodRuns {
  /** The one that was asked for first; in the coordinates of the merge. */
  merged: Map<MergeMethod, Merged>;
  learned?: DiffusionRun;
  rounds?: RoundsRun;
  /** Where a device was used. */
  adapter?: AdapterDescription;
}

export async function run_methods(
  { chosen, space, reachable }: MergeInputs,
  key: Words,
  open_device: CommandContext['open_device'],
  progress: Progress,
): Promise<MethodRuns> {
  const runs: MethodRuns = { merged: new Map() };
  if (chosen.method === 'diffusion' || chosen.rounds > 0) {
    const device = await open_device();
    runs.adapter = device.adapter;
    const time_left = create_time_left();
    let stage = '';
    const on_progress = (what: string, done: number, of: number) => {
      progress.show(`${what} ${done} of ${of}${time_left(what, done, of)}`, what !== stage);
      stage = what;
    };
    if (chosen.rounds > 0) runs.rounds = await run_rounds(device, chosen, space, reachable, key, on_progress);
    const learned = runs.rounds ? runs.rounds.learned : await run_diffusion(device, chosen, space, key, on_progress);
    if (learned) runs.learned = learned;
    runs.merged.set(chosen.method, { points: (runs.rounds ?? learned)?.points as Points });
  }
  run_quick_methods(runs.merged, chosen, space, key, (method) => {
    progress.show(`${method} of ${space.set.shards.length} shards`, true);
  });
  return runs;
}

/** The method that was asked for first, then all others that the shards allow. */
function run_quick_methods(
  found: Map<MergeMethod, Merged>,
  { method: asked, draws }: MergeOptions,
  { set, log_jacobian }: MergeSpace,
  key: Words,
  on_start: (method: MergeMethod) => void,
): void {
  const shards = set.shards.map(({ points }) => points);
  const run = (method: Exclude<MergeMethod, 'diffusion'>, count: number): Merged => {
    on_start(method);
    if (method !== 'gradient-gaussian') return merge_by(method, shards, { key, draws: count }, log_jacobian);
    return merge_gradients(set.shards.map(draws_of), { key, draws: count }, log_jacobian);
  };
  // A merge in rounds is there already.
  if (asked !== 'diffusion' && !found.has(asked)) found.set(asked, run(asked, draws));
  const others = set.shards.every(({ gradients }) => gradients)
    ? [...quick_methods, 'gradient-gaussian' as const]
    : quick_methods;
  for (const method of others.filter((other) => other !== asked)) {
    try {
      found.set(method, run(method, Math.min(draws, compared_draws)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}
