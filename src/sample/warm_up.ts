/**
 * Warm-up of all chains together: first step size, dual averaging in every iteration, and a metric from the draws of ever longer windows. What is adapted is the same for all
 * chains, and is fixed before anything is recorded.
 */

import { dual_averaging, mean_acceptance, type StepSize } from './dual_averaging.ts';
import { create_moments, type Metric, type MetricKind, unit_metric } from './metric.ts';
import type { Runner, Seen } from './runner.ts';
import type { Machine } from './stepper.ts';
import type { Transition } from './steps.ts';
import { fixed_length } from './trajectory.ts';
import { plan_warm_up } from './windows.ts';

export interface WarmUpMethod {
  /** Makes the probes of the search for the first step size, of which the sampler learns nothing. */
  machine: Machine;
  /** The transition to make with this step size. */
  transition(epsilon: number): Transition;
  /** That of the first, fast window, on the way from where chains start; absent: the same. */
  homeward?(epsilon: number): Transition;
  /** Told of every iteration, with the draws that it started from; for what a sampler learns besides. */
  observe?(before: Float32Array, seen: Seen): Promise<void>;
  /** Told when the metric changes. */
  on_metric?(metric: Metric): void;
  /** Wanted acceptance. */
  target: number;
  mean: 'arithmetic' | 'harmonic';
}

export interface WarmUpOptions {
  iterations: number;
  metric: MetricKind;
  /** Fixed, or found here. */
  step?: number;
  on_iteration(done: number, step: number, acceptance: number): void;
  signal?: AbortSignal;
}

export interface WarmedUp {
  step: number;
  metric: Metric;
}

/** Before anything is known, a step that is short for most models. */
const first_step = 0.1;

export async function warm_up(runner: Runner, method: WarmUpMethod, options: WarmUpOptions): Promise<WarmedUp> {
  const { engine } = runner;
  const { dimension } = engine.sizes;
  const { iterations, step: fixed } = options;
  const adapts_metric = options.metric !== 'unit';
  const plan = plan_warm_up(iterations);
  let metric = unit_metric(options.metric, dimension);
  engine.set_metric(metric);
  let step: StepSize | undefined;
  const search = async (from_step: number, strict = false) =>
    fixed === undefined
      ? dual_averaging(await find_step(runner, method.machine, from_step, strict), method.target)
      : undefined;
  if (iterations > 0) step = await search(first_step, true);
  let moments = create_moments(options.metric, dimension);
  let before: Float32Array | undefined;
  for (let n = 0; n < iterations && !options.signal?.aborted; n++) {
    const epsilon = fixed ?? (step as StepSize).current;
    if (n < plan.slow.first) {
      const seen = await runner.iterate({ ...(method.homeward ?? method.transition)(epsilon), homeward: true });
      // No chain may stay behind: one that is rejected for ever would be in every metric.
      const acceptance = mean_acceptance(forgiven(seen), 'harmonic');
      step?.observe(acceptance);
      options.on_iteration(n + 1, epsilon, acceptance);
      continue;
    }
    const seen = await runner.iterate(method.transition(epsilon));
    const acceptance = mean_acceptance(seen.acceptance, method.mean);
    step?.observe(acceptance);
    if (before) await method.observe?.(before, seen);
    before = seen.draws;
    options.on_iteration(n + 1, epsilon, acceptance);
    if (!adapts_metric || n >= plan.slow.last) continue;
    moments.add(seen.draws, seen.chains);
    if (!plan.ends.includes(n + 1)) continue;
    metric = moments.metric();
    moments = create_moments(options.metric, dimension);
    engine.set_metric(metric);
    method.on_metric?.(metric);
    step = await search((step as StepSize | undefined)?.averaged ?? first_step);
    // The probes have moved the chains on.
    before = undefined;
  }
  return { step: fixed ?? step?.averaged ?? first_step, metric };
}

/** Rounding of an energy, a sum of many terms, relative to its size. */
const energy_rounding = 2 ** -20;

/** Acceptance of chains that may be far out, where energies are so large that their rounding alone rejects or accepts: no smaller step mends that. */
function forgiven({ acceptance, energy, diverging }: Seen): Float32Array {
  return acceptance.map((a, c) => {
    const rounding = Math.min(80, energy_rounding * Math.abs(energy[c] as number));
    return (diverging[c] as number) > 0 ? 0 : Math.min(1, a * Math.exp(rounding));
  });
}

/**
 * The acceptance that one leapfrog step should have, by doubling or halving from `start` (Hoffman & Gelman 2014, algorithm 4; 0.8 as in Stan). Every probe is a move.
 *
 * @param strict no chain may diverge, and rounding is forgiven
 */
async function find_step(runner: Runner, machine: Machine, start: number, strict: boolean): Promise<number> {
  const crossing = 0.8;
  let epsilon = start;
  let direction = 0;
  for (let probe = 0; probe < 60; probe++) {
    const seen = await runner.iterate({ machine, epsilon, most_steps: 1, law: fixed_length(1), homeward: strict });
    const acceptance = strict ? forgiven(seen) : seen.acceptance;
    const lost = strict && acceptance.some((a) => a === 0);
    const next = !lost && mean_acceptance(acceptance, 'arithmetic') > crossing ? 1 : -1;
    if (direction !== 0 && next !== direction) break;
    direction = next;
    epsilon *= 2 ** direction;
  }
  return epsilon;
}
