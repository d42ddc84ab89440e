/**
 * HMC with lengths uniform on {least, …, most}, the range chosen by trying: what a person gets who tunes the jitter by hand, and what a learned law is to be compared with. Chosen by the worse of the ESS of θ
 * and θ² per gradient; the draws of the search do not count.
 */

import { uniform_lengths } from '../../src/sample/trajectory.ts';
import type { Frozen } from './frozen.ts';
import { hmc_transition } from './law.ts';
import { score, worse } from './score.ts';

const middles = [2, 3, 4, 6, 9, 13];
const jitters = [0.5, 1];

export interface Tuned {
  least: number;
  most: number;
  /** What the search took. */
  gradients: number;
  seconds: number;
}

export async function tune_jitter(frozen: Frozen, epsilon: number, draws: number): Promise<Tuned> {
  let best = { least: 1, most: 1, worth: -1 };
  let gradients = 0;
  let seconds = 0;
  for (const middle of middles) {
    for (const jitter of jitters) {
      const spread = Math.floor(jitter * (middle - 1));
      const [least, most] = [middle - spread, middle + spread];
      const run = await frozen.record(hmc_transition(epsilon, uniform_lengths(least, most)), draws);
      gradients += run.evaluations.sampling;
      seconds += run.seconds.sampling;
      const worth = worse(score(run.draws)) / run.evaluations.sampling;
      if (worth > best.worth) best = { least, most, worth };
    }
  }
  return { least: best.least, most: best.most, gradients, seconds };
}
