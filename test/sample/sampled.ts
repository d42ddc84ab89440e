/** Runs the sampler on a model in a test, and compares its draws with expectations that are known. */

import { summarize_draws } from '../../src/data/draws_summary.ts';
import { draws_warnings } from '../../src/data/draws_warnings.ts';
import { mcse_mean } from '../../src/diagnostics/mcse.ts';
import { mean } from '../../src/diagnostics/moments.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { LogDensityModel, LogDensitySource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { SampleOptions, SampleResult } from '../../src/sample/options.ts';
import { run_sample } from '../../src/sample/sample.ts';

export type Settings = Partial<Omit<SampleOptions, 'model' | 'data'>> & Pick<SampleOptions, 'sampler' | 'seed'>;

export interface Sampled extends SampleResult {
  options: SampleOptions;
  /** [chain][draw] of a function of the constrained scalars, which are in the model's order. */
  quantity(f: (theta: readonly number[]) => number): Float64Array[];
}

/** Defaults are those of the command line. @param rows [row][column], in the order of struct Row */
export async function sample_model(
  device: Device,
  source: LogDensitySource,
  rows: readonly (readonly number[])[],
  settings: Settings,
): Promise<Sampled> {
  const options: SampleOptions = {
    model: validate_model(source) as LogDensityModel,
    data: { rows: { count: rows.length, values: Float32Array.from(rows.flat()) } },
    chains: 64,
    warm_up: 400,
    draws: 250,
    thinning: 1,
    keep: 'draws',
    metric: 'diagonal',
    jitter: 1,
    learn: 2000,
    length_per_chain: false,
    most_depth: 10,
    ...settings,
  };
  const result = await run_sample(device, options);
  const parameters = Array.from(result.draws.parameters.values());
  const quantity = (f: (theta: readonly number[]) => number) =>
    Array.from({ length: result.draws.chains }, (_, c) =>
      Float64Array.from({ length: result.draws.draws }, (_, n) =>
        f(parameters.map((chains) => (chains[c] as Float64Array)[n] as number)),
      ),
    );
  return { ...result, options, quantity };
}

/** (mean − expected) / √(MCSE² + mcse²). @param mcse standard error of what is expected; 0 where it is exact */
export function z_score(chains: readonly Float64Array[], expected: number, mcse = 0): number {
  const draws = chains.reduce((sum, chain) => sum + chain.length, 0);
  const total = chains.reduce((sum, chain) => sum + chain.length * mean(chain), 0);
  return (total / draws - expected) / Math.hypot(mcse_mean(chains), mcse);
}

/** What the command line would tell a person of the draws. */
export function warnings_of({ draws }: Sampled): string {
  return draws_warnings(summarize_draws(draws, { langevin: '', command: [], files: [], cost: {} }), draws).join('\n');
}
