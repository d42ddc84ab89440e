/**
 * ChEES-HMC's trajectory time (Hoffman, Radul & Sountsov 2021): Adam ascends the expected squared change of squared distance from the centre, over all chains, while warm-up runs.
 *
 *   ∂/∂T ¼E[(‖x′‖² − ‖x‖²)²] = E[(‖x′‖² − ‖x‖²)·h·x′ᵀv′],  x centred, h the jitter of this iteration (Halton, base 2), weighted by acceptance
 *
 * Positions are measured in the metric's own coordinates, F⁻¹x, where velocities are the whitened momenta; for the unit metric it is the published criterion.
 */

import type { Engine } from './engine.ts';
import type { Metric } from './metric.ts';
import { vector_slot } from './params.ts';
import type { Seen } from './runner.ts';
import { seen_chains } from './seen_chains.ts';
import { fixed_length, type Law } from './trajectory.ts';

const learning_rate = 0.025;
const decay = { first: 0, second: 0.95 } as const;
const largest_move = 0.35;
/** Chains accepted less than this say nothing. */
const least_acceptance = 1e-4;
const most_steps = 1000;

/** Term i ≥ 1 of the van der Corput sequence in base 2, in (0, 1). */
export function halton(i: number): number {
  let value = 0;
  for (let digit = 0.5, rest = i; rest > 0; rest = Math.floor(rest / 2), digit /= 2) value += digit * (rest % 2);
  return value;
}

export interface TrajectoryTime {
  /** Learned so far: an average that weighs late iterates most. */
  readonly time: number;
  /** The law of the next iteration while learning: one length for all. */
  next(epsilon: number): Law;
  observe(before: Float32Array, seen: Seen): Promise<void>;
  on_metric(metric: Metric): void;
}

export function learn_time(engine: Engine, initial: Metric): TrajectoryTime {
  const { dimension, chains } = engine.sizes;
  const looked_at = seen_chains(chains);
  let metric = initial;
  let log_time: number | undefined;
  let averaged = 0;
  let iteration = 0;
  let first = 0;
  let second = 0;
  let jitter = 1;
  const current = () => Math.exp(log_time ?? 0);

  return {
    get time() {
      return log_time === undefined ? 1 : Math.exp(averaged);
    },
    next(epsilon) {
      // Starts as one step, which is MALA.
      log_time ??= Math.log(epsilon);
      iteration += 1;
      jitter = halton(iteration);
      return fixed_length(time_to_steps(jitter * current(), epsilon));
    },
    async observe(before, seen) {
      const at = (slot: number) => ({ buffer: 'vectors', first: slot * dimension, count: dimension }) as const;
      const [ends, momenta] = await engine.read([at(vector_slot.position), at(vector_slot.momentum)], looked_at);
      const slope = chees_slope(metric, dimension, {
        before,
        ends: ends as Float32Array,
        momenta: momenta as Float32Array,
        acceptance: seen.acceptance,
      });
      const gradient = jitter * slope * current();
      if (!Number.isFinite(gradient)) return;
      first = decay.first * first + (1 - decay.first) * gradient;
      second = decay.second * second + (1 - decay.second) * gradient ** 2;
      const move = (learning_rate * first) / (Math.sqrt(second / (1 - decay.second ** iteration)) + 1e-12);
      log_time = (log_time ?? 0) + Math.min(largest_move, Math.max(-largest_move, move));
      const weight = iteration ** -0.5;
      averaged += weight * (log_time - averaged);
    },
    on_metric(next) {
      // A time in the old coordinates, in units of the new ones.
      const change = mean_log_scale(metric, dimension) - mean_log_scale(next, dimension);
      log_time = (log_time ?? 0) + change;
      averaged += change;
      metric = next;
    },
  };
}

export const time_to_steps = (time: number, epsilon: number) =>
  Math.min(most_steps, Math.max(1, Math.ceil(time / epsilon)));

/** The frozen law: Halton times of the learned one, by turns. */
export function halton_law(time: number, epsilon: number, count = 1024): Law {
  return {
    kind: 'cycle',
    lengths: Uint32Array.from({ length: count }, (_, i) => time_to_steps(halton(i + 1) * time, epsilon)),
  };
}

interface Step {
  /** [D][chains] each. */
  before: Float32Array;
  ends: Float32Array;
  momenta: Float32Array;
  acceptance: Float32Array;
}

/** E[(‖x′‖² − ‖x‖²)·x′ᵀv′] over chains, weighted by acceptance; NaN when none is accepted. */
export function chees_slope(metric: Metric, dimension: number, { before, ends, momenta, acceptance }: Step): number {
  const chains = acceptance.length;
  const usable = Array.from(acceptance, (a, c) => {
    if (!(a > least_acceptance)) return false;
    for (let d = 0; d < dimension; d++) if (!Number.isFinite(ends[d * chains + c])) return false;
    return true;
  });
  const start = whitened(metric, dimension, before, chains);
  const end = whitened(metric, dimension, ends, chains);
  center(
    start,
    chains,
    () => true,
    () => 1,
  );
  center(
    end,
    chains,
    (c) => usable[c] as boolean,
    (c) => acceptance[c] as number,
  );
  let sum = 0;
  let total = 0;
  for (let c = 0; c < chains; c++) {
    if (!usable[c]) continue;
    let growth = 0;
    let along = 0;
    for (let d = 0; d < dimension; d++) {
      const at = d * chains + c;
      const x = end[at] as number;
      growth += x ** 2 - (start[at] as number) ** 2;
      along += x * (momenta[at] as number);
    }
    sum += (acceptance[c] as number) * growth * along;
    total += acceptance[c] as number;
  }
  return sum / total;
}

/** F⁻¹x, [D][chains]. */
function whitened({ kind, factor }: Metric, dimension: number, x: Float32Array, chains: number): Float64Array {
  const y = Float64Array.from(x);
  for (let d = 0; d < dimension; d++) {
    for (let c = 0; c < chains; c++) {
      let value = y[d * chains + c] as number;
      if (kind === 'dense') {
        for (let e = 0; e < d; e++) value -= (factor[d * dimension + e] as number) * (y[e * chains + c] as number);
      }
      y[d * chains + c] = value / (factor[kind === 'dense' ? d * (dimension + 1) : d] as number);
    }
  }
  return y;
}

function center(y: Float64Array, chains: number, counts: (c: number) => boolean, weight: (c: number) => number) {
  for (let first = 0; first < y.length; first += chains) {
    let sum = 0;
    let total = 0;
    for (let c = 0; c < chains; c++) {
      if (!counts(c)) continue;
      sum += weight(c) * (y[first + c] as number);
      total += weight(c);
    }
    for (let c = 0; c < chains; c++) y[first + c] = (y[first + c] as number) - sum / total;
  }
}

function mean_log_scale({ kind, factor }: Metric, dimension: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) sum += Math.log(factor[kind === 'dense' ? d * (dimension + 1) : d] as number);
  return sum / dimension;
}
