/** What `langevin sample --dry-run` plans: the chains, with all their buffers. */

import { shared_noise_memory } from '../../filter/memory.ts';
import { row_count } from '../../filter/observations.ts';
import { type BufferPlan, per_number, plan_buffer } from '../../gpu/buffer_plan.ts';
import type { Device } from '../../gpu/device.ts';
import { chain_memory, host_memory } from '../../sample/memory.ts';
import type { SampleOptions } from '../../sample/options.ts';
import { chain_sizes, planned_blocks } from '../../sample/sample.ts';
import { bank_phase } from '../bank_phase.ts';
import type { Phase } from '../dry_run.ts';
import { free_memory, type HostMemory } from '../host_memory.ts';

/** Of chains that keep moments only the last draw comes to the host. */
const kept_draws = ({ draws, thinning, keep }: SampleOptions) =>
  keep === 'moments' ? 1 : Math.floor(draws / thinning);

export function sample_host_memory(settings: SampleOptions, keep_gradients: boolean): HostMemory {
  const { model, chains } = settings;
  const kept = kept_draws(settings);
  const parameters = model.scalars.length;
  const densities = plan_buffer(
    'log densities and gradients',
    [kept, 'draws'],
    [chains, 'chains'],
    [2 * parameters + 2, 'numbers'],
    [8, 'bytes'],
  );
  const plans = [...host_memory({ chains, kept, parameters }), ...(keep_gradients ? [densities] : [])];
  return { plans, free: free_memory() };
}

export function sample_phases(device: Device, settings: SampleOptions): Phase[] {
  const { model, data, chains, warm_up, draws, sampler } = settings;
  const blocks = planned_blocks(settings, device.adapter.kind);
  const memory = chain_memory(chain_sizes(settings, blocks));
  const work = {
    sampler,
    chains,
    coordinates: model.dimension,
    'transitions of warm-up, about': warm_up * chains,
    'transitions recorded': draws * chains,
    'draws kept': kept_draws(settings) * chains,
  };
  if (model.kind === 'state-space' && 'series' in data) {
    const { series, particles } = data;
    const own = memory.map((plan) => ({ ...plan, role: `sample.${plan.role}` }));
    const noise: BufferPlan = shared_noise_memory(model, row_count(model, series), particles);
    const bank = bank_phase(
      device,
      'chains, one leapfrog step of them',
      { model, data: series, particles, filters: chains, gradient: true },
      false,
      [noise, ...own],
    );
    return [{ ...bank, work: { ...work, ...bank.work } }];
  }
  const rows = 'rows' in data ? data.rows : { count: 0, values: [] };
  const columns = rows.count > 0 ? rows.values.length / rows.count : 0;
  const packed = rows.count > 0 ? [plan_buffer('data', [rows.count, 'rows'], [columns, 'columns'], per_number)] : [];
  return [
    {
      name: 'chains',
      memory: [...packed, ...memory],
      work: { ...work, rows: rows.count, 'blocks of rows': blocks ?? 1 },
    },
  ];
}
