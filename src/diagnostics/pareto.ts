/**
 * Pareto-smoothed importance weights and their shape k̂ (Vehtari, Simpson, Gelman, Yao and Gabry 2024, "Pareto smoothed importance sampling", JMLR 25(72)): the largest weights are replaced by what a
 * generalised Pareto distribution fitted to them expects of their order statistics, and its shape tells how many moments the weights have. Below 0.7 averages under the weights are practical.
 *
 * How many are the largest is theirs, 3√n, where those look like such a distribution. Where they do not, the tail begins farther out: the threshold rises until the fit is not refused and its shape is that beyond its median too (as Bader, Yan and Zhang 2018, "Automated threshold
 * selection for extreme value analysis via ordered goodness-of-fit tests", Annals of Applied Statistics 12(1)). A log density that differs from the draws' by a cubic has a ratio with a flat maximum before its tail; when that is just
 * above the 3√n-th weight, half of the exceedances are next to nothing, and one distribution for both halves has a shape of 2 to 4 whatever the tail.
 */

import { fit_pareto, type Pareto, pareto_probability, pareto_quantile } from './pareto_fit.ts';

export interface SmoothedWeights {
  /** [draw] normalised: they sum to 1. */
  weights: Float64Array;
  /** Shape of the tail; −∞ where there is no tail, since all large weights are equal, and ∞ for fewer than `LEAST_TAIL` tail weights. */
  k_hat: number;
}

const LEAST_TAIL = 5;

/** The k̂ below which n weighted draws are of use, min(1 − 1/log₁₀ n, 0.7): fewer draws can carry less. */
export const largest_k_hat = (count: number) => Math.min(1 - 1 / Math.log10(Math.max(count, 2)), 0.7);

/** @param log_weights of independent draws, up to a common constant; −∞ is a weight of 0 */
export function smoothed_weights(log_weights: Float64Array): SmoothedWeights {
  const count = log_weights.length;
  const top = log_weights.reduce((most, w) => Math.max(most, w), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(top)) throw new Error('smoothed_weights: no weight is finite and above 0.');
  const weights = log_weights.map((w) => Math.exp(w - top));
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => (weights[a] as number) - (weights[b] as number),
  );
  const size = Math.ceil(Math.min(count / 5, 3 * Math.sqrt(count)));
  let k_hat = Number.POSITIVE_INFINITY;
  if (size >= LEAST_TAIL) {
    const tail = fit_tail(
      Float64Array.from(order, (i) => weights[i] as number),
      size,
    );
    if (tail === undefined) k_hat = Number.NEGATIVE_INFINITY;
    else {
      const { cutoff, shape, scale } = tail;
      k_hat = shape;
      // Beyond the largest weight that was seen nothing is known.
      order.subarray(count - tail.size).forEach((i, rank) => {
        weights[i] = Math.min(1, cutoff + pareto_quantile((rank + 0.5) / tail.size, shape, scale));
      });
    }
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  return { weights: weights.map((w) => w / total), k_hat };
}

interface Tail extends Pareto {
  size: number;
  cutoff: number;
}

/** Exceedances of which a fit can be refused at all; fewer may stand for a tail where they hardly matter. */
const LEAST_JUDGED = 20;
/** Times the mean weight over √n. */
const EQUAL = 0.1;

/**
 * Of the largest weights, from a threshold that rises to where the draws depart from the fit, until it is not refused; the first where that leads nowhere. Undefined where all of them are equal.
 *
 * Weights nearer to the threshold than `EQUAL` count as equal to it: taking that from each changes averages by a tenth of their chance, and how draws are spread over it says nothing of a tail.
 *
 * A few draws far above many are no tail to go by, except where averages with and without what they have above the threshold differ by less than chance: their share of all weight is then below 1/√n.
 *
 * @param sorted increasing, the last 1
 */
function fit_tail(sorted: Float64Array, most: number): Tail | undefined {
  const count = sorted.length;
  const total = sorted.reduce((sum, w) => sum + w, 0);
  const equal = (EQUAL / Math.sqrt(count)) * (total / count);
  const larger = sorted.reduce((n, w) => n + Number(w > (sorted.at(-most - 1) as number) + equal), 0);
  let first: Tail | undefined;
  for (let size = larger < LEAST_TAIL ? most : larger; size >= LEAST_TAIL; ) {
    const cutoff = sorted.at(-size - 1) as number;
    const exceeding = sorted.subarray(count - size).map((w) => w - cutoff);
    if ((exceeding.at(-1) as number) <= Number.EPSILON) return first;
    const tail = { size, cutoff, ...fit_pareto(exceeding) };
    const { distance, beyond } = departure(exceeding, tail);
    const is_stable =
      size < 2 * LEAST_JUDGED || Math.abs(shape_beyond_median(exceeding) - tail.shape) < unstable_from(tail);
    const is_small = exceeding.reduce((sum, x) => sum + x, 0) / total < 1 / Math.sqrt(count);
    const fits = distance < refused_beyond(size);
    if (fits && is_stable && (first === undefined || size >= LEAST_JUDGED || is_small)) return tail;
    first ??= tail;
    size = fits ? Math.floor(size / 2) : beyond;
  }
  return first;
}

/** How far draws are from a fit (Kolmogorov and Smirnov's largest difference between distribution functions), and how many lie beyond the place where most are below it that should not be. */
function departure(sorted: Float64Array, { shape, scale }: Pareto): { distance: number; beyond: number } {
  const count = sorted.length;
  let [distance, above, beyond] = [0, Number.NEGATIVE_INFINITY, 0];
  sorted.forEach((x, i) => {
    const expected = pareto_probability(x, shape, scale);
    const excess = (i + 1) / count - expected;
    distance = Math.max(distance, excess, expected - i / count);
    if (excess > above) [above, beyond] = [excess, count - i - 1];
  });
  return { distance, beyond };
}

/** A Pareto tail has the same shape from every threshold on. */
function shape_beyond_median(sorted: Float64Array): number {
  const half = Math.floor(sorted.length / 2);
  const cutoff = sorted.at(-half - 1) as number;
  const upper = sorted.subarray(sorted.length - half).map((x) => x - cutoff);
  return (upper.at(-1) as number) > 0 ? fit_pareto(upper).shape : Number.NEGATIVE_INFINITY;
}

/** Of the difference of two such estimates of n and of n/2 draws: the efficient one's variance is (1 + k)²/n, that of the other twice as much, and that of the difference what one has more than the other (Hausman 1978). */
const unstable_from = ({ shape, size }: Tail) => (3.3 * (1 + Math.max(0, shape))) / Math.sqrt(size);

/** Of tails that are Pareto ones, at most this many are refused. */
const FALSE_REFUSALS = 1e-3;

/** By Dvoretzky, Kiefer, Wolfowitz and Massart: P(distance > ε) ≤ 2 exp(−2nε²) of a distribution that is given; one that is fitted to the same draws is nearer. */
const refused_beyond = (count: number) => Math.sqrt(Math.log(2 / FALSE_REFUSALS) / (2 * count));
