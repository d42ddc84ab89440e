/**
 * The windows of warm-up, as in Stan: a fast one that only finds the step size, slow ones of doubling length at whose end the metric is taken from their draws, and a fast one at
 * the end. Defaults 75, 25 and 50 of at least 150 iterations, else 15 %, 75 % and 10 %.
 */

export interface WarmUpPlan {
  iterations: number;
  /** Iterations [first, last) whose draws estimate the metric. */
  slow: { first: number; last: number };
  /** After how many iterations a new metric is taken; ascending. */
  ends: number[];
}

export function plan_warm_up(iterations: number): WarmUpPlan {
  const short = iterations < 150;
  const start = short ? Math.floor(0.15 * iterations) : 75;
  const final = short ? Math.floor(0.1 * iterations) : 50;
  const slow = { first: start, last: iterations - final };
  const ends: number[] = [];
  let size = short ? slow.last - slow.first : 25;
  for (let at = slow.first; at < slow.last && size > 0; size *= 2) {
    // The last window takes what would be too short for the next one.
    const end = at + 3 * size > slow.last ? slow.last : at + size;
    ends.push(end);
    at = end;
  }
  return { iterations, slow, ends };
}
