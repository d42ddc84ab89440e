// The population of theta-particles and what the stages of one SMC² iteration share. M particles, D parameters, all in unconstrained space ("phi").
//
//   params       sizes, keys and decisions of this iteration                         host: IterationParams in src/smc2/params.ts
//   population   [row][particle]   D phi · log-likelihood · log-prior of phi (with the Jacobian) · D + D gradients of the two with respect to phi · family, as a number
//   log_weights  [particle]        normalised, Σ exp = 1, except between reweigh.wgsl and normalise.wgsl
//   frozen       numbers fixed within an iteration: mean and Cholesky factor of the population's covariance, and the fitted L-kernel
//   stats        a few numbers per iteration for the host
//
// A family is the index of the ancestor in the first population; families give the Monte Carlo error (src/diagnostics/families.ts).

import package::smc2_sizes::dimension;

struct Params {
  thetas: u32,
  iteration: u32,
  tempering: u32,      // 1: choose the next lambda by bisection; 0: stay
  lambda: f32,         // exponent of the likelihood now
  step: f32,           // step size of the proposal, in units of the frozen Cholesky factor
  drift_limit: f32,    // longest Langevin drift, in the same units
  keep_ess: f32,       // bisection: fraction of the effective sample size to keep
  resample_below: f32, // resample when ESS < this fraction of M
  key: vec2<u32>,      // of this run
}

const row_log_likelihood = dimension;
const row_log_prior = dimension + 1u;
const row_likelihood_gradient = dimension + 2u;
const row_prior_gradient = 2u * dimension + 2u;
const row_family = 3u * dimension + 2u;
const population_rows = 3u * dimension + 3u;

const frozen_mean = 0u;                                    // D
const frozen_factor = dimension;                           // D × D, lower triangle, row by row
const frozen_slope = frozen_factor + dimension * dimension; // L-kernel: old | new ~ N(offset + slope·new, factor·factorᵀ)
const frozen_offset = frozen_slope + dimension * dimension;
const frozen_back_factor = frozen_offset + dimension;
const frozen_scratch = frozen_back_factor + dimension * dimension; // two D × D matrices

const stat_lambda = 0u;
const stat_tempered_ess = 1u;      // after the step of lambda, before resampling
const stat_tempered_evidence = 2u; // log of the ratio of evidences of that step
const stat_resampled = 3u;
const stat_distinct = 4u;          // distinct parents
const stat_families = 5u;
const stat_ess = 6u;               // after the move
const stat_evidence = 7u;          // log of the move's ratio of evidences, whose expectation is 1
const stat_kept = 8u;              // ESS after the move over ESS before
const stat_refreshed = 9u;         // mean over parameters of 1 − corr(old, new)²
const stat_alive = 10u;            // particles whose likelihood is not zero
const stat_faults = 11u;           // NaN or infinite numbers met by the filters
const stat_accepted = 12u;         // weighted fraction of particles that moved
const stat_mean = 13u;             // D, phi
const stat_sd = 13u + dimension;   // D

const impossible = -1e30;
