/**
 * Do two programs that ran the same filter problem agree? A peer's time counts only if they do.
 *
 * Rounding. A log-likelihood L is the sum of T increments. An increment moves by no more than the largest error of the log-weights it is made from, about 4e-6 (exp, log, the density and the state, a
 * few units of 2⁻²⁴ each on values up to 10; seen: a tenth of that), and adding it up rounds L once more:
 *     |ΔL| ≤ T (4e-6 + 2⁻²⁴ |L|).
 * A derivative is taken per relative change of its parameter, θ dL/dθ, which has the scale of L whatever the unit of θ, and errs by as much for every unit of it:
 *     |θ Δ(dL/dθ)| ≤ κ T · 4e-6 · (1 + |θ dL/dθ|).
 * κ is 1 but for the overdispersion φ of `sir`: the density takes size = 1/φ, and dL/dsize is a difference of two digammas and a logarithm, each good to 6e-6 (shaders/lib/density.wgsl), times
 * |φ dsize/dφ| = 1/φ ≈ 20.
 *
 * Forks. Resampling compares integers made from weights. Weights that differ by a relative ε move prefix sums by about ε of the total, so one of the N points finds another parent with
 * probability about Nε; from there on the two filters are different filters, and neither is wrong. ε is that of the accumulated log-weights: about 1e-5 for `lgssm`
 * (seen: 3 % of filters fork at N = 256, R = 15); for `sir`, whose counts multiply the state's error, up to 3e-5 in the first 20 days and 1e-4 at the height of the epidemic. So a filter with R resamplings forks with probability about 1 − exp(−N R ε).
 *   1. On the check problem (64 filters, N = 128, T = 20, R ≈ 3.5) that is at most 1.3 %, 0.9 filters: more than `forks_allowed` = 5 of 64 happen by chance once in 3000 runs. A wrong counter, weight, index
 *      or estimator moves nearly every filter by a hundredth or more, where rounding allows 1e-4.
 *   2. At the timed size (N = 1024, T = 100, R ≈ 15) that is a seventh of the filters for `lgssm`, and most of them for `sir`. What remains is that they are filters of the same distribution. Two independent draws with Monte Carlo
 *      standard deviation s differ by 0.95 s in the median and by 3.6 s at 99 %. So the 99 % quantile
 *      must be below 5 s (the scatter s is measured with 64 filters at one θ: ± 27 % at three standard errors, and 10 % between parameters), the median below 1.3 s for the same reason, but below s/10
 *      where fewer than 40 % of the filters are expected to fork, and the mean difference within 4.5 of its standard errors of zero, or of rounding.
 */

import { quantile } from '../quartiles.ts';
import type { Scatter } from './ours.ts';
import type { FilterProblem, FilterValues } from './types.ts';

/** The size of check problem that the bounds above are derived for. */
export const check_size = { filters: 64, particles: 128, steps: 20, seed: 2 } as const;

export const forks_allowed = 5;

/** Each side's answer to a problem. */
export interface Pair {
  problem: FilterProblem;
  ours: FilterValues;
  theirs: FilterValues;
}

export interface Agreement {
  agrees: boolean;
  /** One line, with the numbers it was decided by. */
  text: string;
}

interface Quantity {
  name: string;
  ours: Float32Array;
  theirs: Float32Array;
  /** [filters]: how far rounding may take them apart. */
  rounding: Float64Array;
  /** Monte Carlo standard deviation of one filter. */
  scatter: number;
}

const per_step = 4e-6;
const ulp = 2 ** -24;

/** κ of the head comment. */
const conditioning = { lgssm: [1, 1, 1], sir: [1, 1, 20] } as const;

const parameter_names = { lgssm: ['mu', 'phi', 'sigma'], sir: ['beta', 'gamma', 'phi_inverse'] } as const;

export function compare_answers(check: Pair, timed: Pair, scatter: Scatter): Agreement {
  const small = compare_closely(check);
  const large = compare_spread(timed, scatter);
  return {
    agrees: small.agrees && large.agrees,
    text: `${small.text}; ${large.text}`,
  };
}

/** Part 1: how many filters agree to rounding in everything. */
export function compare_closely(pair: Pair): Agreement {
  const parts = quantities(pair);
  const { filters } = pair.problem;
  let apart = 0;
  let worst = '';
  let worst_ratio = 0;
  for (let f = 0; f < filters; f++) {
    const ratios = parts.map((part) => difference(part, f) / (part.rounding[f] as number));
    // A difference that is not a number is no agreement.
    const is_near = ratios.every((ratio) => ratio <= 1);
    if (is_near) continue;
    apart++;
    parts.forEach((part, i) => {
      const ratio = ratios[i] as number;
      if (ratio <= worst_ratio) return;
      worst_ratio = ratio;
      worst = `, furthest ${part.name} of filter ${f}: ${part.theirs[f]}, ours ${part.ours[f]}`;
    });
  }
  return {
    agrees: apart <= forks_allowed,
    text: `check: ${filters - apart} of ${filters} filters equal to rounding${apart > forks_allowed ? worst : ''}`,
  };
}

/** Part 2: the differences against the Monte Carlo scatter of one filter. */
export function compare_spread(pair: Pair, scatter: Scatter): Agreement {
  const findings = quantities(pair, scatter).map((part) => {
    const differences = Array.from(part.ours, (ours, f) => (part.theirs[f] as number) - ours);
    const distances = differences.map(Math.abs);
    const median = quantile(distances, 0.5);
    const tail = quantile(distances, 0.99);
    const { mean, standard_error } = moments(differences);
    const rounding = Math.max(...part.rounding);
    const agrees =
      median <= median_limit(pair.problem) * part.scatter + rounding &&
      tail <= 5 * part.scatter + rounding &&
      Math.abs(mean) <= 4.5 * standard_error + rounding;
    const sd = (x: number) => (x / part.scatter).toPrecision(2);
    return {
      agrees,
      text: `${part.name} median ${sd(median)}, 99 % ${sd(tail)}, mean ${sd(mean)} ± ${sd(standard_error)}`,
    };
  });
  return {
    agrees: findings.every(({ agrees }) => agrees),
    text: `differences in standard deviations of one filter: ${findings.map(({ text }) => text).join('; ')}`,
  };
}

/** ε of the head comment, for T = 100. */
const fork_rate = { lgssm: 1e-5, sir: 1e-4 } as const;

/** In units of the scatter. Filters of these models resample at about every seventh step. */
function median_limit({ model, particles, steps }: FilterProblem): number {
  const forked = 1 - Math.exp(-particles * 0.15 * steps * fork_rate[model]);
  return forked < 0.4 ? 0.1 : 1.3;
}

function quantities({ problem, ours, theirs }: Pair, scatter?: Scatter): Quantity[] {
  const { model, filters, steps, theta } = problem;
  const L = ours.log_likelihood;
  if (theirs.log_likelihood.length !== L.length)
    throw new Error('the two sides answer for different numbers of filters');
  const quantity = (
    name: string,
    ours: Float32Array,
    theirs: Float32Array,
    spread: number | undefined,
    of: (f: number) => number,
  ) => ({
    name,
    ours,
    theirs,
    rounding: Float64Array.from({ length: filters }, (_, f) => of(f)),
    scatter: spread ?? Number.NaN,
  });
  const list: Quantity[] = [
    quantity(
      'log-likelihood',
      L,
      theirs.log_likelihood,
      scatter?.log_likelihood,
      (f) => steps * (per_step + ulp * Math.abs(L[f] as number)),
    ),
  ];
  const { gradient } = ours;
  if (!gradient || !theirs.gradient) return list;
  for (const [d, name] of parameter_names[model].entries()) {
    const row = (values: Float32Array) => values.subarray(d * filters, (d + 1) * filters);
    const own = row(gradient);
    const parameter = row(theta);
    list.push(
      quantity(`d/d ${name}`, own, row(theirs.gradient), scatter?.gradient[d], (f) => {
        const unit = Math.abs(parameter[f] as number);
        return (conditioning[model][d] as number) * steps * per_step * (1 / unit + Math.abs(own[f] as number));
      }),
    );
  }
  return list;
}

const difference = ({ ours, theirs }: Quantity, f: number) => Math.abs((theirs[f] as number) - (ours[f] as number));

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, standard_error: Math.sqrt(variance / values.length) };
}
