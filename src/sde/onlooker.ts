/** Who watches a training while it runs: a page. The training waits for it after every dispatch, so it can hold it, and lead it step by step; what is learned does not depend on it. */

import type { SdeLayout } from './problem.ts';
import type { Series, Tables } from './series.ts';
import type { SdeSettings } from './settings.ts';
import type { SdeTrainer, Terms } from './trainer.ts';
import type { Units } from './units.ts';

/** A training as far as it has come. */
export interface Training {
  settings: SdeSettings;
  units: Units;
  /** In the model's units. */
  series: Series[];
  layout: SdeLayout;
  tables: Tables;
  trainer: SdeTrainer;
  /** [net][step] of this training; likelihoods are densities in the data's units, here and in the bound of a fit. */
  curve: Terms[][];
  steps: number;
}

export interface TrainingOnlooker {
  /** After steps were made, and after every pass over all data in the end. What it asks the trainer for must not move it. */
  on_turn(training: Training): void | Promise<void>;
  /** Milliseconds of a dispatch. */
  wanted_ms: number;
  /** Steps of a dispatch at most, asked before each. */
  most_steps(): number;
}
