/**
 * How large the gradient by Lorenz's three parameters is against the length of the series (the second experiment of arXiv 2312.10550), through a solver over the whole series and ours.
 *
 * Sensitivities of Lorenz's system grow as exp(0.906 T) (Sprott 2003, the largest Lyapunov exponent), and with them what flows back through a solver.
 */

import { lorenz_equations } from '../../src/sde/examples/lorenz_equations.ts';
import { simulate } from '../../src/sde/examples/simulate.ts';
import { plan_fit } from '../../src/sde/fit.ts';
import { diffusion_count } from '../../src/sde/problem.ts';
import { summarise } from '../quartiles.ts';
import type { Context } from '../subject.ts';
import type { Problem } from './problems.ts';
import { create_trained, type Through, type Trained } from './trained.ts';

const spacing = 0.01;
const every = 4;
/** With the first the pull to the encoder's mean hardly holds the simulated path, with the second it does. */
const diffusions = [0.01, 1];

export async function show_gradient_size(context: Context): Promise<void> {
  for (const diffusion of diffusions) await show_sizes(context, diffusion);
}

async function show_sizes({ device, quick, find, say }: Context, diffusion: number): Promise<void> {
  const lengths = quick ? [1, 2] : [1, 2, 5, 10, 20, 50];
  const seeds = quick ? [1] : [1, 2, 3, 4, 5];
  const sizes: { ours: number; solver: number }[] = [];
  for (const time of lengths) {
    const ours: number[] = [];
    const solver: number[] = [];
    for (const seed of seeds) {
      const problem = problem_of(time, seed, diffusion);
      const through: Through = { intervals: time / spacing / every, steps_per_observation: 1, windows: 16 };
      ours.push(await size_of(await create_trained(device, problem, 1), problem));
      solver.push(await size_of(await create_trained(device, problem, 1, through), problem));
    }
    const size = { ours: summarise(ours).median, solver: summarise(solver).median };
    sizes.push(size);
    say(
      `D = ${diffusion}, T = ${time}: gradient through a solver ${size.solver.toExponential(2)}, ours ${size.ours.toExponential(2)}`,
    );
  }
  const grown = (of: 'ours' | 'solver') => (sizes.at(-1)?.[of] as number) / (sizes[0]?.[of] as number);
  const what = `norm of the gradient by Lorenz’s parameters per number observed, D = ${diffusion}: at T = ${lengths.at(-1)} over at T = ${lengths[0]}`;
  find({ label: `${what}, through a solver`, value: grown('solver') });
  const own = grown('ours');
  find({
    label: `${what}, ours`,
    value: own,
    ...(quick ? {} : { wanted: 'between 0.1 and 10', met: own > 0.1 && own < 10 }),
  });
}

function problem_of(time: number, seed: number, diffusion: number): Problem {
  const { config, drift, channels } = lorenz_equations;
  const { series } = simulate(
    {
      drift: drift as (z: ArrayLike<number>) => number[],
      start: [8, -2, 36.05],
      ...{ diffusion: 0, count: Math.round(time / spacing) + 1, spacing, inner: 2, noise: 1 },
    },
    [seed, 2],
  );
  const known = { every, noise: 1, diffusion: { known: [diffusion, diffusion, diffusion] } };
  const names = { series: ['series'], channels: [...channels] };
  return { name: `Lorenz’s system, T = ${time}`, plan: plan_fit([series], { config: { ...config, ...known }, names }) };
}

/** Of the gradient by the drift's parameters at where training starts, over all data. */
async function size_of({ trainer, tables, layout, per_step }: Trained, { plan }: Problem): Promise<number> {
  try {
    const first = layout.parts.drift.free_first + diffusion_count(plan.settings.model);
    const total = [0, 0, 0];
    for (let window = 0; window < tables.windows.length; window += per_step) {
      const { slopes } = await trainer.differentiate(window);
      for (let i = 0; i < 3; i++) total[i] = (total[i] as number) + (slopes[first + i] as number);
    }
    return Math.hypot(...total);
  } finally {
    trainer.destroy();
  }
}
