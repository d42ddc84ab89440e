/**
 * Rank normalisation: draws become the normal scores of their ranks, so that diagnostics built on means and variances
 * also hold for distributions that have none (Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021, arXiv 1903.08008).
 */
import { type Chains, map_chains, pooled, split_chains } from './chains.ts';
import { normal_quantile } from './normal_quantile.ts';
import { quantile } from './quantiles.ts';
import { type Sorted, sort } from './sort.ts';

/**
 * z = Φ⁻¹((r − 3/8) / (S + 1/4)) with r the rank among all S draws, 1 the smallest (Blom 1958). [chain][draw], as given.
 * `sorted`, here and below: all draws of the chains, where they were sorted already.
 */
export function normal_scores(chains: Chains, sorted = sort(pooled(chains))): Float64Array[] {
  return replace(chains, sorted, (rank, draws) => normal_quantile((rank - 0.375) / (draws + 0.25)));
}

/** Of half chains. */
export function split_scores(chains: Chains, sorted?: Sorted): Float64Array[] {
  return normal_scores(split_chains(chains), has_middle(chains) ? undefined : sorted);
}

/** Of the distances from the median, in half chains: what is far out on either side ranks high. */
export function folded_scores(chains: Chains, sorted = sort(pooled(chains))): Float64Array[] {
  const median = quantile(sorted.values, 0.5);
  const folded = map_chains(chains, (x) => Math.abs(x - median));
  return split_scores(folded, has_middle(chains) ? undefined : fold(sorted, median));
}

/** The rank of every draw among all of them, 1 … S; equal draws get the mean of theirs. */
export function average_ranks(chains: Chains): Float64Array[] {
  return replace(chains, sort(pooled(chains)), (rank) => rank);
}

/** Whether halves lack draws that the chains have. */
function has_middle(chains: Chains): boolean {
  const length = chains[0]?.length ?? 0;
  return length > 1 && length % 2 === 1;
}

/** |x − center| sorted: from the center outwards on both sides, the nearer next. NaN, which come last, stay there. */
function fold({ values, order }: Sorted, center: number): Sorted {
  const n = values.length;
  const folded = { values: new Float64Array(n), order: new Uint32Array(n) };
  let right = 0;
  while (right < n && (values[right] as number) < center) right++;
  let left = right - 1;
  for (let i = 0; i < n; i++) {
    const below = center - (values[left] ?? Number.NEGATIVE_INFINITY);
    const above = (values[right] ?? Number.POSITIVE_INFINITY) - center;
    const place = left >= 0 && !(above <= below) ? left-- : right++;
    folded.values[i] = Math.abs((values[place] as number) - center);
    folded.order[i] = order[place] as number;
  }
  return folded;
}

/** Every draw becomes `score` of its rank, NaN where it is not finite. `score` is called once for each distinct value. */
function replace(
  chains: Chains,
  { values, order }: Sorted,
  score: (rank: number, draws: number) => number,
): Float64Array[] {
  const draws = values.length;
  const scores = new Float64Array(draws);
  for (let from = 0, to = 1; from < draws; from = to++) {
    while (to < draws && values[to] === values[from]) to++;
    // Ranks from + 1 … to.
    const found = Number.isFinite(values[from]) ? score((from + 1 + to) / 2, draws) : Number.NaN;
    for (let i = from; i < to; i++) scores[order[i] as number] = found;
  }
  let at = 0;
  return chains.map(({ length }) => {
    at += length;
    return scores.subarray(at - length, at);
  });
}
