/** The merge of shards: diffusion_merge and the other methods, as `langevin merge` runs them. */

import type { Points } from '../../../diagnostics/points.ts';
import { diffusion_merge } from '../../../merge/diffusion.ts';
import { draws_by_network, type Learned, learned_facts } from '../../../merge/learned.ts';
import { compared_draws, type Merged, type MergeMethod, method_words, quick_methods } from '../../../merge/methods.ts';
import type { ParticlesView } from '../../../merge/onlooker.ts';
import type { MergeCheckpoint } from '../../../merge/run_training.ts';
import { draws_of } from '../../../merge/whiten.ts';
import { UserError } from '../../../model/user_error.ts';
import type { Words } from '../../../random/threefry.ts';
import { aside } from '../../aside/aside.ts';
import { element } from '../../dom.ts';
import { create_keeper } from '../../shell/keeper.ts';
import type { Scene, ScenePlace, SceneResult } from '../../shell/scene.ts';
import { create_beside } from './beside.ts';
import { create_flow, type Flow } from './flow.ts';
import { result_of } from './judged.ts';
import { create_loss_view } from './loss_curve.ts';
import { create_measure } from './measure.ts';
import { own_task } from './own.ts';
import { type Problem, problems } from './problems.ts';
import { merge_settings } from './settings.ts';
import { make_task, type Task } from './shards.ts';

/** Milliseconds for which a level of the particles is to be seen. */
const shown_ms = 250;

export const merge_scene: Scene = {
  name: 'merge',
  title: 'Diffusion merge',
  what: 'One posterior out of draws of shards of the data. Networks learn every shard with more and more noise; particles start in the product of Gaussians, where all is noise, and follow the sum of the shards as the noise goes.',
  takes: 'files',
  replaced: 'problem',
  settings: merge_settings,
  async run(place) {
    const { values, seed, device } = place;
    const sizes = { shard_draws: values.shard_draws as number, draws: values.draws as number };
    const problem = problems[values.problem as string] as Problem;
    const task =
      place.files.length > 0 ? await own_task(place.files) : make_task(problem, values.shards as number, sizes, seed);
    const capacity = Math.max(512, sizes.draws) + 32 * ((values.networks as number | undefined) ?? 0);
    const flow = await create_flow(device, { task, capacity, changed: place.changed });
    place.on_frame(flow.draw);
    try {
      return await merge_and_show(place, task, flow);
    } finally {
      place.when_left(flow.destroy);
    }
  },
};

async function merge_and_show(place: ScenePlace, task: Task, flow: Flow): Promise<SceneResult> {
  const { values, seed, figures, signal } = place;
  const method = values.method as MergeMethod;
  const beside = create_beside(task);
  const key: Words = [seed, 0];
  flow.show_shards(0);
  const { measured, add } = create_measure(method, task.exact, key, signal);
  const measure = async (...found: Parameters<typeof add>) => {
    await add(...found);
    beside.compare(measured, method);
  };
  const loss = method === 'diffusion' ? create_loss_view(values.updates as number) : undefined;
  const side = element('div', { className: 'side' }, beside.distances, ...(loss ? [loss.element] : []));
  figures.append(flow.element, side, beside.planes);
  let asked: Merged | undefined;
  await run_quick(place, task, method, async (name, merged) => {
    await measure(name, merged.points);
    if (name !== method) return beside.add(name, merged.points);
    asked = merged;
    flow.show_draws(merged.points);
    flow.say(`${merged.points.count} merged draws by ${method}: ${method_words[method]}.`);
  });
  if (!loss) return result_of(place, { task, method, merged: asked as Merged, measured });
  flow.say('Making kernels for networks of this size …');
  const { merged, learned, by_network } = await learn(place, task, flow, key, loss.add);
  flow.show_draws(merged.points);
  await measure(method, merged.points, by_network);
  flow.say(`${merged.points.count} merged draws, by ${learned.levels} levels of noise.`);
  return result_of(place, { task, method, merged, measured, learned });
}

/** The method that was asked for, unless it learns, and those to compare it with. */
async function run_quick(
  { values, seed, turns, signal }: ScenePlace,
  { set: { shards } }: Task,
  asked: MergeMethod,
  done: (method: MergeMethod, merged: Merged) => Promise<void>,
): Promise<void> {
  const has_gradients = shards.every(({ gradients }) => gradients);
  for (const method of [...quick_methods, 'gradient-gaussian'] as const) {
    if (method === 'gradient-gaussian' && method !== asked && !has_gradients) continue;
    const all = values.draws as number;
    const options = { key: [seed, 0] as const, draws: method === asked ? all : Math.min(all, compared_draws) };
    const points = shards.map((shard) => shard.points);
    try {
      const merged =
        method === 'gradient-gaussian'
          ? await aside(signal, 'merge_gradients', shards.map(draws_of), options)
          : await aside(signal, 'merge_by', method, points, options);
      await done(method, merged);
    } catch (error) {
      // One that is there to be compared with may not be able to merge these.
      if (method === asked || !(error instanceof UserError)) throw error;
    }
    await turns.take();
    signal.throwIfAborted();
  }
}

async function learn(
  { device, values, turns, signal, told, checkpoint: kept, keep }: ScenePlace,
  { set: { shards } }: Task,
  flow: Flow,
  key: Words,
  on_losses: (point: Parameters<ReturnType<typeof create_loss_view>['add']>[0]) => void,
): Promise<{ merged: Merged; learned: Learned; by_network: Points[] }> {
  const [updates, networks] = [values.updates as number, values.networks as number];
  const go_on = async () => {
    await turns.take();
    signal.throwIfAborted();
  };
  let shown = 0;
  const resumed = kept as MergeCheckpoint | undefined;
  for (const point of resumed?.curve ?? []) on_losses(point);
  const keep_now_and_then = create_keeper({ keep });
  const merge = await diffusion_merge(device, shards.map(draws_of), {
    ...{ updates, seeds: networks, draws: values.draws as number, key },
    ...(resumed ? { resumed } : {}),
    onlooker: {
      wanted_ms: device.adapter.kind === 'software' ? 80 : 25,
      most_updates: () => (turns.is_fine ? 1 : updates),
      async on_losses(point, checkpoint) {
        on_losses(point);
        if (point.update === updates) keep(await checkpoint());
        else await keep_now_and_then(checkpoint);
        flow.say(`Learning ${shards.length} shards: update ${point.update} of ${updates}.`);
        // Every update sees a batch of 32 in every network.
        told({ unit: 'updates', done: point.update, of: updates, steps: 32 * networks * shards.length * point.update });
        await go_on();
      },
      async on_particles(view) {
        flow.show_shards(view.time);
        await flow.show_particles(view);
        flow.say(level_words(view));
        if (view.phase === 'sampling') {
          told({ unit: 'levels', done: view.done, of: view.of as number, steps: view.done * view.count });
          await later(shown + shown_ms - performance.now());
          shown = performance.now();
        }
        await go_on();
      },
    },
  });
  return {
    merged: { points: merge.draws },
    learned: { ...learned_facts(merge), updates },
    by_network: draws_by_network(merge),
  };
}

function level_words({ phase, time, done, of, count }: ParticlesView): string {
  const noise = `t = ${time.toPrecision(2)}`;
  if (phase === 'path') return `${count} scouts look for levels of noise: level ${done}, ${noise}.`;
  return `${count} particles: level ${done} of ${of}, ${noise}.`;
}

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
