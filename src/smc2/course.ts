/**
 * The course of a run: what the host decides between iterations, lambda's next rise, the step size, when a move is recorded. It follows from what the iterations told
 * and from nothing else, so a run that goes on from a checkpoint is told them again.
 */

import { first_step, type Iteration, type Smc2Options } from './options.ts';
import type { IterationParams } from './params.ts';
import type { IterationStats } from './stats.ts';
import { create_step_size_search, fixed_step } from './step_size.ts';

export interface Course {
  /** Of the first population, which is only evaluated. */
  readonly first: IterationParams;
  /** Of the next iteration. */
  readonly next: IterationParams;
  readonly lambda: number;
  /** Moves at lambda = 1 so far. */
  readonly records: number;
  /** Log-evidence when lambda came to 1, before the move. */
  readonly evidence_at_one: number;
  /** Takes what the next iteration came to. */
  observe(stats: IterationStats): Iteration;
}

/**
 * Before lambda rises again, clones have to move apart: moves are repeated until this part of the population has moved, counting repeats, but at most so often.
 * Where every move is kept one move does it.
 */
const enough_moved = 0.8;
const most_moves = 3;

export function create_course(options: Smc2Options, key: readonly [number, number]): Course {
  const search = options.step === undefined ? create_step_size_search(first_step(options)) : fixed_step(options.step);
  let k = 0;
  let lambda = 0;
  let evidence = 0;
  let evidence_at_one = 0;
  let records = 0;
  let moves = 0; // at this lambda
  let moved = 0; // in these moves, as a part of the population, added up
  const rises = () => lambda < 1 && (k === 0 || moved >= enough_moved || moves >= most_moves);
  const params = (iteration: number, tempering: boolean): IterationParams => ({
    ...{ thetas: options.thetas, iteration, tempering, lambda, step: search.step, key },
    // Two population sds; in paper mode the published move, without a limit.
    drift_limit: options.preconditioned ? 2 : 1e30,
    keep_ess: options.tempering ? 0.5 : 0,
    // Accepted and rejected moves leave the weights as they are, so uneven ones would stay uneven for good.
    resample_below: options.correction === 'metropolis' ? 0.95 : 0.5,
  });
  return {
    get first() {
      return params(0, false);
    },
    get next() {
      return params(k + 1, rises());
    },
    get lambda() {
      return lambda;
    },
    get records() {
      return records;
    },
    get evidence_at_one() {
      return evidence_at_one;
    },
    observe(stats) {
      const rose = rises();
      const { step } = search;
      k += 1;
      moves = rose ? 1 : moves + 1;
      moved = rose ? stats.accepted : moved + stats.accepted;
      lambda = stats.lambda;
      evidence += stats.tempered_evidence;
      if (rose && lambda === 1) evidence_at_one = evidence;
      evidence += stats.evidence;
      search.observe(stats);
      if (lambda === 1) records += 1;
      return { ...stats, k, phase: lambda === 1 ? 'posterior' : 'tempering', step, log_evidence: evidence };
    },
  };
}
