/** What is looked at while a latent SDE trains: the bound always, the posterior now and then, drift and rollouts a few times in all. */

import type { Words } from '../../../random/threefry.ts';
import type { Simulated } from '../../../sde/examples/example.ts';
import { type LearnedSde, learned_networks } from '../../../sde/learned/learned.ts';
import { compare_with_truth } from '../../../sde/learned/truth.ts';
import type { Training } from '../../../sde/onlooker.ts';
import { create_keeper } from '../../shell/keeper.ts';
import type { ScenePlace } from '../../shell/scene.ts';
import type { ShownExample } from './examples.ts';
import { bound_row, estimate_rows, truth_row } from './facts.ts';
import { type KeptTraining, keep_training, whole_curve } from './kept.ts';
import type { SdePanel } from './panel.ts';
import type { Picture } from './picture.ts';
import { prior_paths } from './rollouts.ts';
import { times_count, tube_of } from './tube.ts';

export interface Seen {
  shown: ShownExample;
  simulated: Simulated;
  picture: Picture;
  panel: SdePanel;
}

export interface Watch {
  on_turn(training: Training): Promise<void>;
  /** The posterior and the curve of a network. */
  look(learned: LearnedSde, training: Training, net: number): Promise<void>;
  rollouts(learned: LearnedSde): Promise<void>;
}

/** A software adapter draws with the cores that compute. */
export const most_points = {
  software: { observations: 3400, draws: 6 * times_count },
  hardware: { observations: 20_000, draws: 60 * times_count },
} as const;

/** Milliseconds between looks at the posterior; and of the training's time, the part that they take at most. */
const between = { software: 700, hardware: 250 } as const;
const most_share = 0.25;
/** Comparisons with the truth over a training. */
const comparisons = 8;
/** Rollouts over a training: thousands of Euler's steps each, two seconds on two cores. */
const rollouts_shown = { software: 3, hardware: 8 } as const;
/** Of paths; not that of the training. */
const rollout_key = (seed: number): Words => [seed, 3];

export function create_watch(
  { device, seed, signal, turns, told, checkpoint, keep }: ScenePlace,
  { shown, simulated, picture, panel }: Seen,
): Watch {
  const { kind } = device.adapter;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const draws = most_points[kind].draws / times_count;
  const before = checkpoint as KeptTraining | undefined;
  let next_look = Number.NEGATIVE_INFINITY;
  const keep_now_and_then = create_keeper({ keep });
  const comparison = create_milestones(comparisons);
  const rollout = create_milestones(rollouts_shown[kind]);
  let turned = performance.now();
  let passes = 0;
  let truth: ReturnType<typeof truth_row> | undefined;

  const look: Watch['look'] = async (learned, training, net) => {
    const began = performance.now();
    panel.show_posterior(await tube_of(learned, picture, draws, signal));
    panel.show_curve(whole_curve(training, before, net));
    const ended = performance.now();
    next_look = ended + Math.max(between[kind], (ended - began) / most_share);
  };
  const rollouts = async (learned: LearnedSde) => {
    panel.show_rollouts(await prior_paths(device, learned, shown.rollouts, picture, rollout_key(seed)));
  };
  const turn = () => {
    const now = performance.now();
    // After a pause it goes on from where it was.
    if (!still) panel.drift(Math.min(300, now - turned));
    turned = now;
  };

  return {
    look,
    rollouts,
    async on_turn(training) {
      const { steps, settings, curve } = training;
      const { steps: of } = settings.schedule;
      const { windows, pairs, nets } = settings.estimator;
      if (steps < of || passes === 0)
        told({ unit: 'steps', done: steps, of, steps: steps * nets * windows * 2 * pairs });
      if (steps === of) {
        panel.say(passes === 0 ? `trained by ${of} steps` : `the bound over all data: pass ${passes} of 8`);
        passes += 1;
      } else panel.say(`training: step ${steps} of ${of}`);
      turn();
      if (steps < of) await keep_now_and_then(() => keep_training(training, before));
      const is_compared = comparison(steps, of);
      const is_rolled = rollout(steps, of);
      const is_looked = turns.is_fine || performance.now() > next_look;
      if (passes <= 1 && (is_looked || is_compared || is_rolled)) {
        const [first] = (await learned_networks(training)) as [LearnedSde];
        if (is_looked) await look(first, training, 0);
        if (is_compared) {
          const scores = await compare_with_truth(device, first, shown.example, simulated, false);
          truth = scores && truth_row(scores, steps);
        }
        if (is_rolled) await rollouts(first);
        panel.show_facts([
          bound_row(curve[0] ?? []),
          ...estimate_rows(first, shown.example),
          ...(truth === undefined ? [] : [truth]),
        ]);
      }
      await turns.take();
      signal.throwIfAborted();
    },
  };
}

/** Whether a training has come to the next of `count` parts of equal length; the last one's end is not told, since more is said of it. */
function create_milestones(count: number): (steps: number, of: number) => boolean {
  let reached = 0;
  return (steps, of) => {
    const now = Math.floor((count * steps) / of);
    const is_new = now > reached && steps < of;
    reached = now;
    return is_new;
  };
}
