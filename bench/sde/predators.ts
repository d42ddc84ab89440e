/**
 * Predators and prey at the settings of arXiv 2312.10550: evaluations of the drift that training takes until a forecast is so good, beside the same networks trained through a solver.
 *
 * Both sides are tuned alike: each has two learning rates and four sizes of a step, ours by samples and the solver's by windows, and the best counts. Both know the noise and D, which is 0.001: the solver did better with it than with 0.01 or one that
 * is learned; the data's is 0.000001. Every run is as long as its learning rate says, and what counts is its last iterate; the best on the way is told beside it. Evaluations are those that go forward: the solver's are made
 * again on the way back, which is not counted.
 */

import type { Device } from '../../src/gpu/device.ts';
import { evaluate_mlp } from '../../src/network/mlp_on_host.ts';
import { lotka_volterra } from '../../src/sde/examples/lotka_volterra.ts';
import { step_of } from '../../src/sde/examples/simulate.ts';
import { plan_fit } from '../../src/sde/fit.ts';
import { summarise } from '../quartiles.ts';
import type { Context } from '../subject.ts';
import type { Problem } from './problems.ts';
import { create_trained, type Through } from './trained.ts';

/** Windows of 8 intervals, as the neural differential equation has that the paper compares with. */
const intervals = 8;
const learned = 62 * intervals;
const first_forecast = 500;
const forecasts = 150;
const spacing = 0.1;

/** Root mean square of a forecast's error at which the sides are compared; channels have standard deviations of 0.46 and 0.28. */
const targets = [0.1, 0.05, 0.03];
const rates = [3e-3, 1e-2];

interface Way {
  label: string;
  rate: number;
  steps: readonly number[];
  /** Of a step of ours, two of each pair; a solver does not read it. */
  samples: number;
  through?: Through;
}

/** One training, of one series. */
interface Run {
  seconds: number;
  last: number;
  best: number;
}

/** Trainings of one length, one for each series. */
interface Outcome {
  evaluations: number;
  seconds: number;
  last: Summary;
}

interface Summary {
  lower_quartile: number;
  median: number;
  upper_quartile: number;
}

export async function show_evaluations({ device, quick, find, say }: Context): Promise<void> {
  const steps = quick ? [20] : [60, 125, 250, 500];
  const ours = (quick ? [32] : [4, 8, 16, 32]).flatMap((samples) =>
    rates.map((rate): Way => ({ label: `ours, ${samples} samples a step`, rate, steps, samples })),
  );
  const solver = (quick ? [16] : [2, 4, 8, 16]).flatMap((windows) =>
    rates.map((rate): Way => {
      const through = { intervals, steps_per_observation: 1, windows };
      return { label: `solver, ${windows} windows a step`, rate, steps, samples: 2, through };
    }),
  );
  const seeds = quick ? [1] : [1, 2, 3, 4, 5];
  const outcomes_of = async (way: Way): Promise<Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const steps of way.steps) {
      const runs: Run[] = [];
      for (const seed of seeds) runs.push(await train(device, seed, steps, way));
      const evaluations = steps * evaluations_of(way);
      const last = summarise(runs.map((run) => run.last));
      const seconds = summarise(runs.map((run) => run.seconds)).median;
      const best = summarise(runs.map((run) => run.best)).median;
      say(
        `${way.label}, rate ${way.rate}, ${steps} steps, ${evaluations} evaluations, ${seconds.toFixed(1)} s: forecast ${last.median.toFixed(4)} off at the end (${last.lower_quartile.toFixed(4)}–${last.upper_quartile.toFixed(4)}), ${best.toFixed(4)} at best`,
      );
      outcomes.push({ evaluations, seconds, last });
    }
    return outcomes;
  };
  const sides: Outcome[][][] = [];
  for (const ways of [ours, solver]) {
    const side: Outcome[][] = [];
    for (const way of ways) side.push(await outcomes_of(way));
    sides.push(side);
  }
  for (const target of quick ? [] : targets) {
    const [mine, theirs] = sides.map((side) => fewest(side, target));
    if (mine === undefined || theirs === undefined) {
      say(`an error of ${target} is not kept by ${mine === undefined ? 'ours' : 'a solver'}`);
      continue;
    }
    const ratio = theirs.evaluations / mine.evaluations;
    find({
      label: `evaluations of the drift until the forecast of predators and prey is ${target} off, of a solver (${theirs.evaluations}, ${theirs.seconds.toFixed(1)} s) over ours (${mine.evaluations}, ${mine.seconds.toFixed(1)} s)`,
      value: ratio,
      unit: '×',
      wanted: 'at least 10',
      met: ratio >= 10,
    });
  }
}

/** With which a way keeps to the target, and with all longer trainings of that way. */
function fewest(side: readonly Outcome[][], target: number): Outcome | undefined {
  const kept = side.flatMap((outcomes) => {
    const above = outcomes.findLastIndex(({ last }) => last.median > target);
    return outcomes[above + 1] ?? [];
  });
  return kept.toSorted((a, b) => a.evaluations - b.evaluations)[0];
}

/** Of a step. */
const evaluations_of = ({ through, samples }: Way) =>
  through ? 2 * through.windows * intervals * through.steps_per_observation : samples;

function problem(
  seed: number,
  steps: number,
  { rate, through, samples }: Way,
): { problem: Problem; states: Float64Array } {
  const { series, states } = lotka_volterra.simulate([seed, 1]);
  const count = learned + 1;
  const raw = [{ times: series.times.subarray(0, count), values: series.values.subarray(0, 2 * count) }];
  const config = {
    ...lotka_volterra.config,
    ...{ noise: 0.01, diffusion: { known: [1e-3, 1e-3] }, every: through ? 1 : 2 },
    estimator: { windows: 1, pairs: samples / 2 },
    training: { steps, learning_rate: rate, ramp: Math.ceil(steps / 10) },
  };
  const names = { series: ['series'], channels: [...lotka_volterra.channels] };
  return {
    problem: { name: 'predators and prey', plan: plan_fit(raw, { config, names }) },
    states: states as Float64Array,
  };
}

async function train(device: Device, seed: number, steps: number, way: Way): Promise<Run> {
  const { through } = way;
  const { problem: made, states } = problem(seed, steps, way);
  const { trainer, layout } = await create_trained(device, made, steps, through);
  const { mean, sd, time } = made.plan.units;
  /** Of a forecast from the true state at 50 to 65, in the data's units. @param simple by the solver's own steps, with which its drift was learned; else by Runge and Kutta's */
  const error = (weights: Float32Array, simple: number | undefined) => {
    const field = (z: readonly number[]) => Array.from(evaluate_mlp(layout.parts.drift, weights, z));
    const at = (n: number, d: number) => states[2 * n + d] as number;
    let z = [0, 1].map((d) => (at(first_forecast, d) - (mean[d] as number)) / (sd[d] as number));
    const inner = simple ?? 5;
    const h = spacing / inner / time;
    let sum = 0;
    for (let n = 1; n <= forecasts; n++) {
      for (let k = 0; k < inner; k++) {
        const f = simple ? field(z) : [];
        z = simple ? z.map((v, d) => v + h * (f[d] as number)) : step_of(field, z, h);
      }
      for (const [d, v] of z.entries()) {
        sum += ((mean[d] as number) + (sd[d] as number) * v - at(first_forecast + n, d)) ** 2;
      }
    }
    return Math.sqrt(sum / (2 * forecasts));
  };
  try {
    let [best, last] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    let seconds = 0;
    const looks = Math.min(20, steps);
    for (let look = 0; look < looks; look++) {
      const count = Math.floor((steps * (look + 1)) / looks) - Math.floor((steps * look) / looks);
      const started = performance.now();
      await trainer.run(count);
      seconds += (performance.now() - started) / 1000;
      last = error(await trainer.read_weights(), through?.steps_per_observation);
      best = Math.min(best, last);
    }
    return { seconds, best, last };
  } finally {
    trainer.destroy();
  }
}
