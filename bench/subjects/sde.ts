/** The training of latent SDEs by time: steps per second beside the same estimator in PyTorch and JAX, and a step's cost for short and for long series. How well it learns is in docs/sde.md. */

import { show_costs } from '../sde/costs.ts';
import { lorenz_problem, mocap_problem } from '../sde/problems.ts';
import { show_steps } from '../sde/steps.ts';
import type { Subject } from '../subject.ts';

export const sde: Subject = {
  name: 'sde',
  what: 'latent SDEs: steps of training per second, and their cost against the length of the series',
  async run(context) {
    for (const problem of [lorenz_problem(100), mocap_problem()]) await show_steps(context, problem);
    await show_costs(context);
  },
};
