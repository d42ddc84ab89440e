/** Latent SDEs beside the same networks trained through a solver: how large gradients are, and evaluations of the drift until forecasts are good. */

import { show_gradient_size } from '../sde/gradient_size.ts';
import { show_evaluations } from '../sde/predators.ts';
import type { Subject } from '../subject.ts';

export const sde_solver: Subject = {
  name: 'sde_solver',
  what: 'latent SDEs beside a solver: the gradient’s size against the length of the series, evaluations of the drift until a forecast is good',
  async run(context) {
    await show_gradient_size(context);
    await show_evaluations(context);
  },
};
