/** States and data under draws of the population: what filters say of every row, and of one of them the lines of its particles' ancestors. */

import { observation_panel, state_panel } from '../../../data/report/bands.ts';
import { observation_series, state_series } from '../../../data/state_series.ts';
import { resample_indices } from '../../../diagnostics/weighted.ts';
import { filter_lineage } from '../../../filter/lineage.ts';
import type { Columns } from '../../../filter/observations.ts';
import { type FilterTrace, trace_filters } from '../../../filter/trace.ts';
import type { Device } from '../../../gpu/device.ts';
import type { StateSpaceModel } from '../../../model/types.ts';
import { element } from '../../dom.ts';
import { ancestor_lines, most_lines } from './ancestors.ts';
import type { Seen } from './population.ts';

interface StatesOptions {
  device: Device;
  model: StateSpaceModel;
  data: Columns;
  particles: number;
  ancestors: boolean;
  seed: number;
}

export interface States {
  readonly element: HTMLElement;
  /** Of the filter whose lines are drawn. */
  readonly theta: readonly number[] | undefined;
  /** Runs filters under draws of the population, and draws what they say. */
  show(seen: Seen): Promise<void>;
}

/** Filters whose states are shown, and draws of each. */
const traced = { filters: 48, draws: 2 } as const;
const panel_width = 520;

export function create_states({ device, model, data, particles, ancestors, seed }: StatesOptions): States {
  const charts = element('div', { className: 'stack' });
  const words = element('p', { className: 'phase' });
  let theta: number[] | undefined;
  const run = { model, data, particles, ...(model.has_guided ? { proposal: 'guided' as const } : {}) };
  return {
    element: element('div', {}, charts, words),
    get theta() {
      return theta;
    },
    async show(seen) {
      const { filters, draws } = traced;
      const picked = resample_indices(seen.weights, filters, 0.5);
      const thetas = new Float32Array(model.scalars.length * filters);
      seen.theta.forEach((row, d) => {
        for (let f = 0; f < filters; f++) thetas[d * filters + f] = row[picked[f] as number] as number;
      });
      const keys = Uint32Array.from({ length: 2 * filters }, (_, i) => (i % 2 === 0 ? seed : 1000 + i));
      const trace = await trace_filters(device, {
        ...{ ...run, filters, gradient: false, theta: thetas, keys, draws, forecast: 0, counts: model.counts },
      });
      let lines: ReturnType<typeof ancestor_lines> | undefined;
      if (ancestors) {
        const best = likeliest(trace);
        const own = model.scalars.map((_, d) => thetas[d * filters + best] as number);
        const key = keys.slice(2 * best, 2 * best + 2);
        lines = ancestor_lines(await filter_lineage(device, { ...run, theta: Float32Array.from(own), key }));
        theta = own;
        words.textContent = `Lines: the ancestors of ${Math.min(most_lines, particles)} of one filter’s ${particles} particles. Of ${filters} filters it has the highest likelihood; a ring is around its θ.`;
      }
      charts.innerHTML = [
        ...observation_series(model, data, trace).map((series) => observation_panel(series, 'row', panel_width)),
        ...state_series(model, trace).map((series, i) =>
          state_panel(series, 'row', panel_width, (scale) => lines?.(i, scale) ?? ''),
        ),
      ].join('');
    },
  };
}

const likeliest = ({ log_likelihood }: FilterTrace) => log_likelihood.indexOf(Math.max(...log_likelihood));
