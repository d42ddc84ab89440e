/** Steps of training per second, beside the limit of arithmetic and beside other tools. */

import { bound_of } from '../bounds.ts';
import { measure, repeats } from '../measure.ts';
import { peer_entry } from '../peers/beside.ts';
import type { SdeProblem } from '../peers/train_types.ts';
import type { Context } from '../subject.ts';
import type { Problem } from './problems.ts';
import { create_trained, products_of_step, type Trained } from './trained.ts';

/** Nats per number by which bounds may be apart that other random numbers lead to: less than half of the path's divergence (0.136 on Lorenz's system, docs/sde.md's run of 8000 steps), the smallest term that matters, so that none can be missing or halved. */
const most_apart = 0.05;

export async function show_steps(context: Context, problem: Problem): Promise<void> {
  const { device, quick, limits, report, say, peers } = context;
  const steps = quick ? 100 : 1600;
  const trained = await create_trained(device, problem, steps);
  try {
    const { estimator, model } = problem.plan.settings;
    const last = Math.max(1, Math.floor(steps / 20));
    const first = await trained.trainer.run(steps - last);
    const [curve = []] = await trained.trainer.run(last);
    const loss =
      curve.reduce((sum, { likelihood, path, start, prior }) => sum - likelihood + path + start + prior, 0) / last;
    say(
      `bound after ${steps} steps: ${(-loss).toFixed(4)} a number observed, from ${(first[0]?.[0]?.likelihood ?? 0).toFixed(2)}`,
    );
    const count = quick ? 20 : 100;
    const measured = await measure(device, repeats(quick), async () => void (await trained.trainer.run(count)));
    const { median } = measured.wall;
    const products = products_of_step(problem, trained);
    const answers = peers === undefined ? [] : await peers.sde(for_peers(problem, trained, steps, quick));
    report({
      label: `training a latent SDE: ${problem.name}`,
      sizes: {
        ...{ latent: model.latent, channels: model.observed, nodes: estimator.nodes, samples: 2 * estimator.pairs },
        parameters: trained.layout.parameters,
      },
      work: { count, unit: 'steps' },
      ...measured,
      rate: (1000 * count) / median,
      bound: bound_of({ bytes: 0, operations: products }, count, limits, measured.gpu?.median ?? median),
      peers: answers.map((answer) =>
        peer_entry(answer, { total: steps, updates: count, ms: median }, (other) => {
          const apart = Math.abs(other - loss);
          return { agrees: apart <= most_apart, words: `bounds ${apart.toFixed(3)} nats a number apart` };
        }),
      ),
      note: `${(products / 1e6).toFixed(2)} M multiply-adds of matrix products a step`,
    });
  } finally {
    trained.trainer.destroy();
  }
}

function for_peers({ plan }: Problem, { tables }: Trained, steps: number, quick: boolean): SdeProblem {
  const { model, estimator, schedule, ramp } = plan.settings;
  const { drift, decoder, encoder } = model;
  if ('wgsl' in drift) throw new Error('other tools know no WGSL');
  return {
    tables: {
      ...{ inputs: tables.inputs, bases: tables.bases, values: tables.values },
      spans: Float32Array.from(tables.nodes, ({ span }) => span),
      windows: Float32Array.from(
        tables.windows.flatMap((w) => [
          w.first_node,
          w.intervals,
          w.first_observation,
          w.observations,
          Number(w.starts),
        ]),
      ),
      places: Float32Array.from(tables.observations.flatMap(({ node, u }) => [node, u])),
    },
    ...{ latent: model.latent, observed: model.observed, encoder: encoder.hidden, drift: drift.hidden },
    ...(decoder === 'identity' ? {} : { decoder: decoder.hidden }),
    ...{ pairs: estimator.pairs, paths: estimator.paths, repeats: estimator.repeats, numbers: tables.numbers },
    ...{
      steps,
      warm_up: schedule.warm_up,
      ramp,
      learning_rate: schedule.learning_rate,
      most_slope: schedule.most_slope,
    },
    quick,
  };
}
