/** What `langevin smc2 --dry-run` plans: the population with its filters, then states and forecast under the posterior. */

import type { Device } from '../../gpu/device.ts';
import { engine_dispatches } from '../../smc2/engine.ts';
import { engine_memory, history_memory } from '../../smc2/memory.ts';
import { check_options, type Smc2Options } from '../../smc2/options.ts';
import { bank_phase, predict_phases } from '../bank_phase.ts';
import type { Phase } from '../dry_run.ts';

/** @param filters posterior draws whose states are shown */
export function smc2_phases(
  device: Device,
  settings: Smc2Options,
  filters: number,
  forecast: number,
  rows: number,
): Phase[] {
  check_options(settings);
  const { model, data, thetas, particles, iterations, filter_proposal, shape } = settings;
  const filter = {
    model,
    data,
    particles,
    ...(filter_proposal ? { proposal: filter_proposal } : {}),
    ...(shape ? { shape } : {}),
  };
  const langevin = settings.proposal === 'langevin';
  const population = bank_phase(
    device,
    'population, one evaluation of its filters',
    { ...filter, filters: thetas, gradient: langevin, blend: settings.blend },
    settings.noise === 'shared',
    [...engine_memory(model, thetas), history_memory(model, thetas, iterations)].map((plan) => ({
      ...plan,
      role: `smc2.${plan.role}`,
    })),
  );
  return [
    {
      ...population,
      work: {
        ...population.work,
        // Steps of lambda come on top: their number is found as the population moves.
        [settings.tempering ? 'evaluations, at least' : 'evaluations']: 1 + iterations,
        'dispatches beside the filters, each evaluation': engine_dispatches.iteration,
      },
    },
    bank_phase(
      device,
      'states under the posterior',
      { ...filter, filters, gradient: false, trace: { draws: 1 } },
      false,
    ),
    ...predict_phases(model, rows, forecast, filters),
  ];
}
