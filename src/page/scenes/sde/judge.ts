/** The end of a training: the best network against what is true, as `langevin sde` judges it. */

import type { SdeFit } from '../../../sde/fit.ts';
import { bounds_of } from '../../../sde/learned/bounds.ts';
import { bounds_warnings, gap_warnings } from '../../../sde/learned/doubts.ts';
import { estimates_of } from '../../../sde/learned/estimates.ts';
import { evidence_gap } from '../../../sde/learned/importance.ts';
import { type LearnedSde, learned_networks } from '../../../sde/learned/learned.ts';
import { step_length } from '../../../sde/learned/step_length.ts';
import { compare_with_truth, type TruthScores } from '../../../sde/learned/truth.ts';
import type { ScenePlace, SceneResult } from '../../shell/scene.ts';
import { estimate_rows, final_bound_rows, gap_row, numbers_of, truth_row } from './facts.ts';
import type { Seen, Watch } from './watch.ts';

/** Error of the drift from which on it is doubted: trained as the page does by itself, the examples come to 0.10 to 0.15. */
const far_off = 0.25;

/** Of the importance weights, as the command line has by default. */
const paths = 512;

export async function judge_fit(
  { device, values, seed, signal }: ScenePlace,
  fit: SdeFit,
  { shown: { example }, simulated, panel, watch }: Seen & { watch: Watch },
): Promise<Pick<SceneResult, 'numbers' | 'warnings'>> {
  panel.say('comparing with the truth');
  const networks = await learned_networks(fit);
  const found = bounds_of(fit);
  const best = networks[found.shown] as LearnedSde;
  await watch.look(best, fit, found.shown);
  await watch.rollouts(best);
  signal.throwIfAborted();
  const judge = values.judge as boolean;
  const truth = await compare_with_truth(device, best, example, simulated, judge);
  signal.throwIfAborted();
  const gap = judge
    ? await evidence_gap(device, best, 0, { paths, step: await step_length(device, best), key: [seed, 2] })
    : undefined;
  panel.say(`learned in ${fit.steps} steps`);
  panel.show_facts([
    ...final_bound_rows(found, fit.bound.length, fit.tables.numbers),
    ...estimate_rows(best, example),
    ...(truth === undefined ? [] : [truth_row(truth, fit.steps)]),
    ...(gap === undefined ? [] : [gap_row(gap)]),
  ]);
  return {
    numbers: numbers_of(estimates_of(best), found, truth, example.channels),
    warnings: [...truth_warnings(truth), ...bounds_warnings(found), ...gap_warnings(gap)],
  };
}

function truth_warnings(truth: TruthScores | undefined): string[] {
  const error = truth?.drift_error ?? 0;
  if (error < far_off) return [];
  return [
    `The learned drift is ${(100 * error).toFixed(0)} % off the true one: it is not the equation yet. Train longer, by --steps.`,
  ];
}
