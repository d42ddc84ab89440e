/**
 * Finds the step size while the moves run.
 *
 * The effective sample size alone is a trap: it is best for a step of zero, where nothing moves and a clump of clones looks healthy (smc2.md §2.1).
 * What a move achieves is the product of the part of the effective sample size it keeps and the part of the population's spread it refreshes,
 * kept · (1 − corr(old, new)²). Its logarithm is climbed in log step: go on while it improves, turn and halve the stride when it does not. The step for an iteration depends on earlier
 * iterations only, so every move stays a proper one. Where moves are accepted or rejected, none of the effective sample size is lost and what stayed counts as not refreshed.
 */

export interface StepSizeSearch {
  /** The step size to use next. */
  readonly step: number;
  /** Tells what the move with that step achieved. */
  observe(move: { kept: number; refreshed: number }): void;
}

export function create_step_size_search(first: number, range: readonly [number, number] = [1e-3, 2.5]): StepSizeSearch {
  let log_step = Math.log(first);
  let stride = 0.4;
  let direction = 1;
  let best: { log_step: number; score: number } | undefined;
  return {
    get step() {
      return Math.exp(log_step);
    },
    observe({ kept, refreshed }) {
      const score = Math.log(Math.max(kept, 1e-6)) + Math.log(Math.max(refreshed, 1e-6));
      if (!best || score > best.score) {
        best = { log_step, score };
      } else {
        direction = -direction;
        stride = Math.max(0.1, stride / 2);
        // The target changes as lambda grows, so an old best is trusted a little less each time.
        best.score -= 0.02;
      }
      const [low, high] = range;
      log_step = Math.min(Math.log(high), Math.max(Math.log(low), best.log_step + direction * stride));
    },
  };
}

/** A step size that stays as it is given. */
export const fixed_step = (step: number): StepSizeSearch => ({ step, observe() {} });
