/** What one iteration tells the host: a few hundred bytes. Must match the `stat_…` places in shaders/smc2/population.wgsl. */
export interface IterationStats {
  lambda: number;
  tempered_ess: number;
  tempered_evidence: number;
  resampled: boolean;
  /** Distinct parents at this iteration's resampling; M if there was none. */
  distinct: number;
  /** Families (ancestors in the first population) that survive. */
  families: number;
  /** Effective sample size after the move. */
  ess: number;
  /** Log of the evidence ratio of the move. */
  evidence: number;
  /** ESS after the move over ESS before it, at most 1. */
  kept: number;
  /** Mean over parameters of 1 − corr(old, new)². */
  refreshed: number;
  /** Particles whose likelihood is not zero. */
  alive: number;
  faults: number;
  /** Weighted fraction of particles that moved; 1 when moves are corrected by weight. */
  accepted: number;
  /** Weighted mean and sd of the population in unconstrained space, before the move. [D] each. */
  mean: number[];
  sd: number[];
}

export const stats_length = (dimension: number) => 13 + 2 * dimension;

export function unpack_stats(s: Float32Array, dimension: number): IterationStats {
  const at = (i: number) => s[i] as number;
  return {
    lambda: at(0),
    tempered_ess: at(1),
    tempered_evidence: at(2),
    resampled: at(3) !== 0,
    distinct: at(4),
    families: at(5),
    ess: at(6),
    evidence: at(7),
    kept: at(8),
    refreshed: at(9),
    alive: at(10),
    faults: at(11),
    accepted: at(12),
    mean: Array.from(s.slice(13, 13 + dimension)),
    sd: Array.from(s.slice(13 + dimension, 13 + 2 * dimension)),
  };
}
