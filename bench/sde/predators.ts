/**
 * Predators and prey at the settings of arXiv 2312.10550: evaluations of the drift that training takes until a forecast is so good, beside the same networks trained through a solver.
 *
 * Both know the noise and D. D is 0.001, with which the solver does better than with 0.01, 0.0001 or one that is learned; the data's is 0.000001. Every run is as long as its learning rate says, and what counts is its last
 * iterate; the best on the way is told beside it. Evaluations are those that go forward: the solver's are made again on the way back.
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
const samples = 32;

/** Root mean square of a forecast's error at which the sides are compared; channels have standard deviations of 0.46 and 0.28. */
const targets = [0.1, 0.05, 0.03];

interface Side {
  label: string;
  steps: readonly number[];
  through?: Through;
}

interface Outcome {
  evaluations: number;
  seconds: number;
  last: number;
  best: number;
  /** With the drift integrated as exactly as ours. */
  exact: number;
}

export async function show_evaluations({ device, quick, find, say }: Context): Promise<void> {
  const through = (steps_per_observation: number): Through => ({
    intervals,
    steps_per_observation,
    windows: samples / 2,
  });
  const sides: Side[] = quick
    ? [
        { label: 'ours', steps: [100] },
        { label: 'through a solver, 1 step', steps: [20], through: through(1) },
      ]
    : [
        { label: 'ours', steps: [125, 180, 250, 355, 500, 1000, 2000] },
        {
          label: 'through a solver, 1 step from one observation to the next',
          steps: [125, 180, 250, 355, 500, 710, 1000],
          through: through(1),
        },
        { label: 'through a solver, 2 steps', steps: [125, 180, 250, 355, 500, 710, 1000], through: through(2) },
      ];
  const seeds = quick ? [1] : [1, 2, 3];
  const reached = new Map<Side, Outcome[]>();
  for (const side of sides) {
    for (const steps of side.steps) {
      const runs: Outcome[] = [];
      for (const seed of seeds) runs.push(await train(device, seed, steps, side.through));
      const median = (of: (run: Outcome) => number) => summarise(runs.map(of)).median;
      const outcome: Outcome = {
        ...{ evaluations: median((run) => run.evaluations), seconds: median((run) => run.seconds) },
        ...{ last: median((run) => run.last), best: median((run) => run.best), exact: median((run) => run.exact) },
      };
      reached.set(side, [...(reached.get(side) ?? []), outcome]);
      say(
        `${side.label}: ${steps} steps, ${outcome.evaluations} evaluations, ${outcome.seconds.toFixed(1)} s: forecast ${runs.map((run) => run.last.toFixed(4)).join(', ')} off at the end, ${outcome.best.toFixed(4)} at best` +
          (side.through ? `; drift integrated exactly ${outcome.exact.toFixed(4)}` : ''),
      );
      find({
        label: `${label_of(side)}, ${steps} steps, ${outcome.evaluations} evaluations: error of the forecast at the end (best on the way ${outcome.best.toFixed(4)})`,
        value: outcome.last,
      });
    }
  }
  const [ours, ...others] = sides as [Side, ...Side[]];
  for (const target of quick ? [] : targets) {
    const first = (side: Side) => reached.get(side)?.find(({ last }) => last <= target);
    const mine = first(ours);
    const theirs = others.flatMap((side) => first(side) ?? []).toSorted((a, b) => a.evaluations - b.evaluations);
    if (mine === undefined || theirs[0] === undefined) {
      say(`an error of ${target} is not reached by ${mine === undefined ? 'ours' : 'a solver'}`);
      continue;
    }
    const ratio = theirs[0].evaluations / mine.evaluations;
    find({
      label: `evaluations until the forecast is ${target} off: the better of the solvers (${theirs[0].evaluations}, ${theirs[0].seconds.toFixed(1)} s) over ours (${mine.evaluations}, ${mine.seconds.toFixed(1)} s)`,
      value: ratio,
      unit: '×',
      wanted: 'at least 10',
      met: ratio >= 10,
    });
  }
}

const label_of = ({ label }: Side) => `predators and prey, ${label}`;

function problem(seed: number, steps: number, own: boolean): { problem: Problem; states: Float64Array } {
  const { series, states } = lotka_volterra.simulate([seed, 1]);
  const count = learned + 1;
  const raw = [{ times: series.times.subarray(0, count), values: series.values.subarray(0, 2 * count) }];
  const config = {
    ...lotka_volterra.config,
    ...{ noise: 0.01, diffusion: { known: [1e-3, 1e-3] }, every: own ? 2 : 1 },
    estimator: { windows: 1, pairs: samples / 2 },
    training: { steps, ramp: Math.ceil(steps / 10) },
  };
  const names = { series: ['series'], channels: [...lotka_volterra.channels] };
  return {
    problem: { name: 'predators and prey', plan: plan_fit(raw, { config, names }) },
    states: states as Float64Array,
  };
}

async function train(device: Device, seed: number, steps: number, through?: Through): Promise<Outcome> {
  const { problem: made, states } = problem(seed, steps, through === undefined);
  const { trainer, layout } = await create_trained(device, made, steps, through);
  const { mean, sd, time } = made.plan.units;
  const per_step = through ? samples * intervals * through.steps_per_observation : samples;
  /** Of a forecast from the true state at 50 to 65, in the data's units. @param simple by the solver's own steps; else by Runge and Kutta's */
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
    let best = Number.POSITIVE_INFINITY;
    let seconds = 0;
    const looks = Math.min(20, steps);
    for (let look = 0; look < looks; look++) {
      const count = Math.floor((steps * (look + 1)) / looks) - Math.floor((steps * look) / looks);
      const started = performance.now();
      await trainer.run(count);
      seconds += (performance.now() - started) / 1000;
      best = Math.min(best, error(await trainer.read_weights(), through?.steps_per_observation));
    }
    const weights = await trainer.read_weights();
    return {
      ...{ evaluations: per_step * steps, seconds, best },
      ...{ last: error(weights, through?.steps_per_observation), exact: error(weights, undefined) },
    };
  } finally {
    trainer.destroy();
  }
}
