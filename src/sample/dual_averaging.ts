/**
 * Step size by dual averaging (Hoffman & Gelman 2014, §3.2; constants as in Stan): log ε is moved by the running mean of (wanted − seen acceptance), and the averaged log ε is what
 * remains when the adaptation ends.
 */

export interface StepSize {
  /** To use in the next iteration. */
  readonly current: number;
  /** The average, to keep when the adaptation ends. */
  readonly averaged: number;
  /** Takes the acceptance statistic of one iteration, in [0, 1]. */
  observe(acceptance: number): void;
}

const gamma = 0.05;
const t0 = 10;
const kappa = 0.75;

/** @param target wanted acceptance, in (0, 1) */
export function dual_averaging(initial: number, target: number): StepSize {
  const mu = Math.log(10 * initial);
  let count = 0;
  let gap = 0;
  let log_step = Math.log(initial);
  let log_averaged = Math.log(initial);
  return {
    get current() {
      return Math.exp(log_step);
    },
    get averaged() {
      return Math.exp(count === 0 ? log_step : log_averaged);
    },
    observe(acceptance) {
      count += 1;
      const seen = Number.isFinite(acceptance) ? Math.min(1, acceptance) : 0;
      gap += (target - seen - gap) / (count + t0);
      log_step = mu - (Math.sqrt(count) / gamma) * gap;
      const rate = count ** -kappa;
      log_averaged += rate * (log_step - log_averaged);
    },
  };
}

/**
 * One number for many chains. Arithmetic for NUTS, whose statistic is a mean over the tree already; harmonic for trajectories of a shared length, where a few chains in a
 * narrow place should count (TensorFlow Probability's ChEES-HMC).
 */
export function mean_acceptance(acceptance: Float32Array, kind: 'arithmetic' | 'harmonic'): number {
  let sum = 0;
  for (const a of acceptance) sum += kind === 'harmonic' ? 1 / Math.max(a, 1e-10) : a;
  return kind === 'harmonic' ? acceptance.length / sum : sum / acceptance.length;
}
