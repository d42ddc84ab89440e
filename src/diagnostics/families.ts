/**
 * Monte Carlo error of one SMC run from its own genealogy. Particles that descend from the same time-0 ancestor form a
 * family; families are nearly independent, so the spread of their contributions estimates the variance that repeating
 * the whole run would show (Chan and Lai 2013; Lee and Whiteley 2018, arXiv 1509.00394; Olsson and Douc 2019).
 *
 * The estimate degrades as families die out: with one family left every sum below is zero by construction. So the
 * number of effective families is reported beside it, and a single family counts as one independent draw.
 */

/** One recorded iteration: n particles with their weights and the index of each one's time-0 ancestor. */
export interface FamilyRecord {
  /** [particle], sums to 1 up to f32 rounding, which is taken out. */
  weights: ArrayLike<number>;
  /** [particle], in 0 … N−1. */
  families: ArrayLike<number>;
  /** How much this iteration counts in the recycled estimate; over all records these sum to 1. */
  coefficient: number;
}

export interface FamilyEstimate {
  /** m = Σ_k c_k Σ_i W_ki f_ki. */
  mean: number;
  /** Standard deviation of f under the recycled weights c_k W_ki. */
  sd: number;
  /** √ Σ_e (Σ_k c_k Σ_{i∈e} W_ki (f_ki − m))²; `sd` when only one family is left. */
  mcse: number;
  /** (sd / mcse)², between 1 and the number of recorded draws. A constant f gives the number of recorded draws. */
  ess: number;
}

/**
 * Mean of f over recycled SMC iterations with its Monte Carlo standard error; `values[k][i]` is f of particle i in
 * record k. Call once per parameter.
 */
export function family_estimate(
  records: readonly FamilyRecord[],
  values: readonly ArrayLike<number>[],
): FamilyEstimate {
  let mean = 0;
  visit(records, (k, i, mass) => {
    mean += mass * (values[k]?.[i] ?? Number.NaN);
  });
  let variance = 0;
  let draws = 0;
  const contributions = new Float64Array(count_families(records));
  visit(records, (k, i, mass, family) => {
    const deviation = (values[k]?.[i] ?? Number.NaN) - mean;
    variance += mass * deviation * deviation;
    draws += 1;
    contributions[family] = (contributions[family] ?? 0) + mass * deviation;
  });
  const sd = Math.sqrt(Math.max(0, variance));
  if (sd === 0) return { mean, sd, mcse: 0, ess: draws };
  const one_family = family_shares(records).filter((share) => share !== 0).length === 1;
  const mcse = one_family ? sd : Math.sqrt(contributions.reduce((sum, c) => sum + c * c, 0));
  return { mean, sd, mcse, ess: Math.min(draws, Math.max(1, (sd / mcse) ** 2)) };
}

/** 1 / Σ_e s_e² with s_e the share of family e in the recycled weights. Below about 20, distrust `family_estimate`. */
export function effective_families(records: readonly FamilyRecord[]): number {
  return 1 / family_shares(records).reduce((sum, share) => sum + share * share, 0);
}

/**
 * Relative variance of the evidence estimate after `resamplings` multinomial resampling steps, hence the squared standard error of
 * its log: V = 1 − (N/(N−1))^(n+1) (1 − Σ_e W_e²), with W_e the weight of family e in the last iteration (Lee and
 * Whiteley 2018, eq. 10 for φ = 1). Each multinomial step makes clones at random, about 1/N of
 * V, and the formula takes that out again; systematic resampling does not, so there count 0 steps, which errs a little on the safe side.
 * Not below zero. With one family left V is 1: the run says nothing about its own error.
 */
export function evidence_relative_variance(last: Omit<FamilyRecord, 'coefficient'>, resamplings: number): number {
  const n = last.weights.length;
  if (n < 2) throw new Error('evidence_relative_variance: needs at least two particles.');
  const shares = family_shares([{ ...last, coefficient: 1 }]);
  const concentration = shares.reduce((sum, share) => sum + share * share, 0);
  // expm1 and log1p keep the digits that 1 − (1 + small)(1 − small) would cancel.
  const growth = Math.expm1((resamplings + 1) * Math.log1p(1 / (n - 1)));
  return Math.max(0, concentration - growth * (1 - concentration));
}

/** Total recycled weight of each family. */
function family_shares(records: readonly FamilyRecord[]): Float64Array {
  const shares = new Float64Array(count_families(records));
  visit(records, (_k, _i, mass, family) => {
    shares[family] = (shares[family] ?? 0) + mass;
  });
  return shares;
}

/** Calls back with record, particle, recycled weight c_k W_ki (summing to 1) and family, where the weight is not 0. */
function visit(
  records: readonly FamilyRecord[],
  each: (k: number, i: number, mass: number, family: number) => void,
): void {
  const total = total_mass(records);
  records.forEach(({ weights, families, coefficient }, k) => {
    for (let i = 0; i < weights.length; i++) {
      const mass = (coefficient * (weights[i] ?? 0)) / total;
      if (mass !== 0) each(k, i, mass, families[i] ?? 0);
    }
  });
}

function count_families(records: readonly FamilyRecord[]): number {
  let largest = -1;
  for (const { families } of records) {
    for (let i = 0; i < families.length; i++) largest = Math.max(largest, families[i] ?? 0);
  }
  return largest + 1;
}

function total_mass(records: readonly FamilyRecord[]): number {
  let total = 0;
  records.forEach(({ weights, families, coefficient }, k) => {
    if (weights.length !== families.length) throw new Error(`families: record ${k} has arrays of unequal length.`);
    for (let i = 0; i < weights.length; i++) total += coefficient * (weights[i] ?? 0);
  });
  // Wide enough for f32 weights; anything coarser is weights that were not normalised.
  if (!(Math.abs(total - 1) < 1e-3)) throw new Error(`families: coefficients times weights sum to ${total}, not to 1.`);
  return total;
}
