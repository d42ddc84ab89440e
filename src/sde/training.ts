/** The loop of a training: dispatches of a bearable length, and what is told of them. */

import { UserError } from '../model/user_error.ts';
import type { Training, TrainingOnlooker } from './onlooker.ts';
import type { Terms } from './trainer.ts';

export interface TrainOptions {
  /** Ends the training after the steps under way. */
  signal?: AbortSignal;
  /** The kernels are compiled. */
  on_start?(steps: number, of: number): void;
  on_progress?(done: number, of: number, terms: readonly Terms[]): void;
  onlooker?: TrainingOnlooker;
}

/** Milliseconds of a dispatch: long enough to cost nothing between them, short enough for the driver of a screen and for progress. */
const wanted_ms = 400;

/** @param in_data_units of terms as the trainer tells them. Throws UserError for a training that diverges. */
export async function train(
  training: Training,
  { on_start, on_progress, onlooker, signal }: TrainOptions,
  in_data_units: (terms: Terms) => Terms,
): Promise<void> {
  const { trainer, curve, settings } = training;
  const { steps: of } = settings.schedule;
  const wanted = onlooker?.wanted_ms ?? wanted_ms;
  on_start?.(training.steps, of);
  for (let chunk = 1; training.steps < of && !signal?.aborted; ) {
    const now = Math.min(chunk, of - training.steps, onlooker?.most_steps() ?? Number.POSITIVE_INFINITY);
    const started = performance.now();
    const terms = (await trainer.run(now)).map((own) => own.map(in_data_units));
    chunk = Math.max(1, Math.min(2 * chunk, Math.round((now * wanted) / (performance.now() - started))));
    training.steps += now;
    refuse_divergence(terms, training.steps);
    terms.forEach((own, net) => {
      curve[net]?.push(...own);
    });
    on_progress?.(
      training.steps,
      of,
      terms.map((own) => own.at(-1) as Terms),
    );
    await onlooker?.on_turn(training);
  }
}

function refuse_divergence(terms: readonly Terms[][], done: number): void {
  if (terms.flat().every((one) => Object.values(one).every(Number.isFinite))) return;
  throw new UserError(
    `The training diverged within ${done} steps: its bound is no number.\nUse a smaller training.learning_rate, or a longer training.warm_up.`,
  );
}
