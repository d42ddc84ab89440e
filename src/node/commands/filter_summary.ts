/** What `langevin filter` says of its run: `summary.json`, from which table and report are made. */

import { filter_steps } from '../../data/state_series.ts';
import type { Summary } from '../../data/summary.ts';
import { log_mean_exp } from '../../diagnostics/log_mean_exp.ts';
import type { FilterTrace } from '../../filter/trace.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import type { StateSpaceModel } from '../../model/types.ts';
import { version } from '../version.ts';

interface SummaryInput {
  model: StateSpaceModel;
  /** By scalar parameter, constrained. */
  theta: readonly number[];
  settings: { particles: number; proposal: string; noise: string; gradient: number | 'none'; seed: number };
  trace: FilterTrace;
  command: string[];
  adapter: AdapterDescription;
  /** `performance.now()` when the run began. */
  started: number;
}

export function filter_summary({ model, theta, settings, trace, command, adapter, started }: SummaryInput): Summary {
  const { seed, ...rest } = settings;
  return {
    langevin: version,
    command,
    model: model.name,
    adapter: { ...adapter },
    seed,
    seconds: { total: (performance.now() - started) / 1000 },
    parameters: {},
    log_likelihood: likelihood(trace),
    ...(settings.gradient === 'none' ? {} : { gradient: gradient(model, trace) }),
    warnings: warnings(trace, settings.particles),
    filter: {
      ...rest,
      filters: trace.filters,
      steps: trace.steps,
      at: Object.fromEntries(model.scalars.map((s, i) => [s.name, theta[i] as number])),
    },
  };
}

/** The log of the mean likelihood, and the sd of one filter's log-likelihood. */
function likelihood(trace: FilterTrace) {
  const alive = trace.log_likelihood.map((x, f) => (trace.died[f] === 0 ? x : Number.NEGATIVE_INFINITY));
  const { value } = log_mean_exp(alive);
  const finite = alive.filter(Number.isFinite);
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
  const sd = Math.sqrt(finite.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, finite.length - 1));
  return { value, sd, filters: trace.filters };
}

/** With respect to the constrained parameters; filters that died are left out. */
function gradient(model: StateSpaceModel, trace: FilterTrace) {
  const alive = (values: Float32Array) => Array.from(values).filter((_, f) => trace.died[f] === 0);
  return Object.fromEntries(
    model.scalars.map(({ name }, i) => {
      const values = alive(trace.gradient[i] as Float32Array);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length - 1));
      return [name, { mean, sd }];
    }),
  );
}

function warnings(trace: FilterTrace, particles: number): string[] {
  const list: string[] = [];
  const dead = trace.died.filter((step) => step > 0).length;
  if (dead > 0) list.push(`${dead} of ${trace.filters} filters lost every particle; they count as likelihood zero.`);
  if (trace.filters === 1)
    list.push('one filter says nothing about its own error: every sd is written as 0; use --filters 2 or more.');
  if (trace.faults > 0)
    list.push(
      `${trace.faults} log-weights or gradients were NaN or infinite and count as zero; look at the model's arithmetic.`,
    );
  const steps = filter_steps(trace);
  const worst = steps.reduce(
    (a, b) => (b.ess < a.ess ? b : a),
    steps[0] ?? { t: 0, ess: particles, log_likelihood: 0 },
  );
  if (particles > 1 && worst.ess < 10)
    list.push(
      `the effective sample size falls to ${worst.ess.toFixed(1)} of ${particles} particles at row ${worst.t}; more particles or a guided proposal would help.`,
    );
  return list;
}
