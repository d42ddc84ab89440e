/**
 * `summary.json`: its type, its check, its text. Scripts rely on the fields (DESIGN.md, "Command line"), so what we
 * write passes the same schema as what we read. JSON has no NaN; a value that is not finite is our mistake, and it is
 * refused here with the field's name rather than written as null.
 */
import * as v from 'valibot';
import { UserError } from '../model/user_error.ts';

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const count = v.pipe(number, v.integer('must be a whole number'), v.minValue(0, 'must not be negative'));

const statistics = v.looseObject({
  mean: number,
  sd: number,
  /** Monte Carlo standard error of the mean. */
  mcse: number,
  q05: number,
  q50: number,
  q95: number,
  /** (sd / mcse)² for weighted populations, rank-normalised bulk ESS for chains. */
  ess: number,
  rhat: v.exactOptional(number),
  /** Of chains that started in groups at one point each. */
  nested_rhat: v.exactOptional(number),
  /** Of chains: standard errors of the sd and of the quantiles, and the effective sample sizes behind all errors. */
  mcse_sd: v.exactOptional(number),
  mcse_q05: v.exactOptional(number),
  mcse_q50: v.exactOptional(number),
  mcse_q95: v.exactOptional(number),
  ess_bulk: v.exactOptional(number),
  ess_tail: v.exactOptional(number),
  ess_mean: v.exactOptional(number),
  ess_square: v.exactOptional(number),
  ess_sd: v.exactOptional(number),
  ess_q05: v.exactOptional(number),
  ess_q50: v.exactOptional(number),
  ess_q95: v.exactOptional(number),
});

const smc2_iteration = v.looseObject({
  k: count,
  phase: v.picklist(['tempering', 'posterior']),
  /** Power of the likelihood, in [0, 1]. */
  lambda: number,
  /** Effective sample size of the weights, in draws. */
  ess: number,
  /** How many of the first iteration's thetas still have descendants. */
  distinct_ancestors: count,
  /** Distinct parents at this iteration's resampling; all of them if there was none. */
  distinct_parents: v.exactOptional(count),
  /** Part of the moves that was accepted; 1 where all are kept. */
  accepted: v.exactOptional(number),
  /** Mean over parameters of 1 − corr(old, new)²: what the move did to the population. */
  refreshed: v.exactOptional(number),
  step: number,
  log_evidence: number,
  /** Per parameter: population sd relative to the final posterior sd. */
  spread: v.array(number),
  resampled: v.boolean(),
});

const smc2_block = v.looseObject({ thetas: count, particles: count, iterations: v.array(smc2_iteration) });

const cost = v.looseObject({ warm_up: number, learning: number, sampling: number });

const sample_block = v.looseObject({
  sampler: v.string(),
  chains: count,
  /** Of every chain, that are kept. */
  draws: count,
  warm_up: count,
  thinning: count,
  metric: v.string(),
  step_size: number,
  /** Leapfrog steps per transition while sampling. */
  mean_steps: number,
  /** Joint evaluations of log density and gradient, all chains together. */
  gradients: cost,
  seconds: cost,
  superchains: v.exactOptional(count),
  /** The target was prior^prior_power × likelihood. */
  prior_power: v.exactOptional(number),
  /** Where quantiles are not those of all draws: what they are of. */
  quantiles: v.exactOptional(v.string()),
  /** ehmc family: the lengths learned, in leapfrog steps. */
  longest_batches: v.exactOptional(v.looseObject({ count, mean: number, q05: number, q50: number, q95: number })),
  /** chees: the trajectory's mean time. */
  trajectory_time: v.exactOptional(number),
});

const filter_block = v.looseObject({
  particles: v.exactOptional(count),
  filters: v.exactOptional(count),
  steps: v.exactOptional(count),
});

export const summary_schema = v.looseObject({
  /** Version of langevin that wrote the file. */
  langevin: v.string(),
  /** The command line, one argument per entry. */
  command: v.array(v.string()),
  model: v.string(),
  /** Kind none: no device was used. */
  adapter: v.looseObject({ kind: v.picklist(['hardware', 'software', 'none']), name: v.string() }),
  seed: count,
  seconds: v.looseObject({ total: number, gpu: v.exactOptional(number) }),
  /** Keyed by the column names of draws.csv. */
  parameters: v.record(v.string(), statistics),
  log_evidence: v.exactOptional(v.looseObject({ value: number, se: number })),
  log_likelihood: v.exactOptional(v.looseObject({ value: number, sd: number, filters: count })),
  /** With respect to the constrained parameters. */
  gradient: v.exactOptional(v.record(v.string(), v.looseObject({ mean: number, sd: number }))),
  warnings: v.array(v.string()),
  filter: v.exactOptional(filter_block),
  smc2: v.exactOptional(smc2_block),
  sample: v.exactOptional(sample_block),
});

export type Summary = v.InferOutput<typeof summary_schema>;
export type ParameterStatistics = v.InferOutput<typeof statistics>;
export type Smc2Iteration = v.InferOutput<typeof smc2_iteration>;

/**
 * Checks that `x` is a summary whose numbers are all finite, those of loose blocks included. Throws Error naming the
 * first field that is not right, as `summary.parameters.beta.ess must be finite`.
 */
export function validate_summary(x: unknown): Summary {
  const bad = find_non_finite(x, 'summary');
  if (bad !== undefined) throw new Error(`${bad} must be finite.`);
  const result = v.safeParse(summary_schema, x);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  throw new Error(`summary${path === null ? '' : `.${path}`}: ${issue.message}.`);
}

/** The text of summary.json, checked. */
export function write_summary(summary: Summary): string {
  return `${JSON.stringify(validate_summary(summary), null, 2)}\n`;
}

/** Reads summary.json. Throws UserError naming the file when it is not JSON or not a summary. */
export function parse_summary(text: string, path: string): Summary {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is not JSON.\nGive the summary.json that a langevin run wrote.`);
  }
  try {
    return validate_summary(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${path} is not a langevin summary: ${reason}\nGive the summary.json that a langevin run wrote.`,
    );
  }
}

/** Path of the first number that JSON could not hold, or undefined. */
function find_non_finite(x: unknown, path: string): string | undefined {
  if (typeof x === 'number') return Number.isFinite(x) ? undefined : path;
  if (typeof x !== 'object' || x === null) return undefined;
  for (const [key, value] of Object.entries(x)) {
    const bad = find_non_finite(value, Array.isArray(x) ? `${path}[${key}]` : `${path}.${key}`);
    if (bad !== undefined) return bad;
  }
  return undefined;
}
