/**
 * Chains whose step size, metric and law of lengths are given and whose starts are draws of the target: no warm-up, so a run shows the sampler and not its adaptation. Counts the leapfrog steps that were
 * submitted, of which a chain that waits for others uses none.
 */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Device } from '../../src/gpu/device.ts';
import { site, uniform_at } from '../../src/random/threefry.ts';
import { create_collector } from '../../src/sample/collect.ts';
import { create_engine } from '../../src/sample/engine.ts';
import { type Learned, learn_lengths } from '../../src/sample/learn_lengths.ts';
import { create_moments, type Metric, type MetricKind } from '../../src/sample/metric.ts';
import { create_runner } from '../../src/sample/runner.ts';
import { chain_sizes, sample_key } from '../../src/sample/sample.ts';
import type { Transition } from '../../src/sample/steps.ts';
import { create_target } from '../../src/sample/target.ts';
import { type Sampled, type Setting, sample_options } from './run.ts';
import type { SampleTarget } from './target.ts';

export interface FrozenWork {
  target: SampleTarget;
  setting: Setting;
  chains: number;
  /** Per chain and recording, at most. */
  draws: number;
  /** Draws of the target, from which the chains start and the metric is made. */
  from_draws: DrawsFile;
}

export interface Frozen {
  /** Longest batches of the given step size, as the ehmc family learns them, and what that took. */
  learn(epsilon: number, transitions: number): Promise<Learned & { evaluations: number; seconds: number }>;
  /** Goes on from where the chains are. */
  record(transition: Transition, draws: number): Promise<Sampled & { submitted: number }>;
}

export async function with_frozen<T>(
  device: Device,
  { target, setting, chains, draws, from_draws }: FrozenWork,
  body: (frozen: Frozen) => Promise<T>,
): Promise<T> {
  // An ehmc run has the kernels of NUTS and of HMC both.
  const options = sample_options(target, 'ehmc', setting, { chains, warm_up: 0, draws });
  const key = sample_key(2);
  const { model } = target;
  const own = await create_target(device, { model, data: options.data, chains, key });
  try {
    const engine = await create_engine(
      device,
      own,
      chain_sizes(options, own.shape === 'fused' ? undefined : own.blocks),
      ['nuts', 'hmc'],
    );
    try {
      let submitted = 0;
      const counting: typeof engine = {
        ...engine,
        run(run) {
          submitted += run.ticks * chains;
          return engine.run(run);
        },
      };
      const runner = create_runner(device, counting, key);
      engine.set_metric(metric_of(from_draws, setting.metric));
      await engine.start(starts(from_draws, chains), key);

      const sum = (counts: Uint32Array) => counts.reduce((a, b) => a + b, 0);
      const measured = async <R>(work: () => Promise<R>) => {
        const before = await engine.counts();
        const [slots, started] = [submitted, performance.now()];
        const result = await work();
        const seconds = (performance.now() - started) / 1000;
        const after = await engine.counts();
        return {
          result,
          seconds,
          evaluations: sum(after.evaluations) - sum(before.evaluations),
          divergences: sum(after.divergences) - sum(before.divergences),
          submitted: submitted - slots,
        };
      };
      return await body({
        async learn(epsilon, transitions) {
          const { result, ...cost } = await measured(() => learn_lengths(runner, epsilon, transitions, () => {}));
          return { ...result, ...cost };
        },
        async record(transition, count) {
          const collector = create_collector(model, chains, count);
          const cost = await measured(() => runner.record(transition, count, { thinning: 1, take: collector.add }));
          return {
            draws: collector.finish(),
            divergences: cost.divergences,
            step: transition.epsilon,
            mean_steps: cost.evaluations / (count * chains),
            evaluations: { warm_up: 0, learning: 0, sampling: cost.evaluations },
            seconds: { warm_up: 0, learning: 0, sampling: cost.seconds },
            submitted: cost.submitted,
          };
        },
      });
    } finally {
      engine.destroy();
    }
  } finally {
    own.destroy();
  }
}

/** Parameters are unconstrained here, so a draw is a position. [D][chains] */
function starts({ chains: recorded, draws, parameters }: DrawsFile, chains: number): Float32Array<ArrayBuffer> {
  const phi = new Float32Array(parameters.size * chains);
  const columns = Array.from(parameters.values());
  for (let c = 0; c < chains; c++) {
    // From every recorded chain as many, at places of their own.
    const t = Math.floor(uniform_at([3, 0], site.start, 0, c) * draws);
    columns.forEach((all, d) => {
      phi[d * chains + c] = all[c % recorded]?.[t] as number;
    });
  }
  return phi;
}

function metric_of({ chains, draws, parameters }: DrawsFile, kind: MetricKind): Metric {
  const moments = create_moments(kind, parameters.size);
  const all = Array.from(parameters.values());
  // Some hundred draws of every chain tell a standard deviation to a percent.
  for (let t = 0; t < draws; t += Math.ceil(draws / 500)) {
    moments.add(Float32Array.from(all.flatMap((parameter) => parameter.map((chain) => chain[t] as number))), chains);
  }
  return moments.metric();
}
