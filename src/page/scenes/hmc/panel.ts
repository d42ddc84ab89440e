/** One sampler on one target: the cloud of its chains over the truth, trajectories, marginals, and what its diagnostics say. */

import type { DrawsFile } from '../../../data/draws_file.ts';
import { energy_panel } from '../../../data/report/energy.ts';
import { pad_range, type Range, type Scale } from '../../../data/report/svg.ts';
import { chain_statistics } from '../../../diagnostics/chain_statistics.ts';
import type { Device } from '../../../gpu/device.ts';
import type { Model } from '../../../model/types.ts';
import type { ChainsView } from '../../../sample/onlooker.ts';
import type { Progress } from '../../../sample/options.ts';
import { element } from '../../dom.ts';
import { type Collector, create_collector } from '../../view/collect.ts';
import { groups } from '../../view/colours.ts';
import { contour_marks } from '../../view/contours.ts';
import { histogram_chart } from '../../view/histogram.ts';
import { create_facts, panel_box } from '../../view/panel_box.ts';
import { create_room } from '../../view/room.ts';
import { chain_facts, type Statistics } from './facts.ts';
import { first_chains } from './first_chains.ts';
import { grid_of, marginal_of, type ShownTarget } from './targets.ts';
import { create_trails, type Trails } from './trails.ts';

export interface Panel {
  readonly element: HTMLElement;
  /** Shows where the chains are. @param is_fine their trajectories too */
  look(view: ChainsView, is_fine: boolean): Promise<void>;
  told(progress: Progress): void;
  /** The same as from time to time, of all draws. */
  judge(draws: DrawsFile, statistics: Statistics): void;
  draw(): void;
  destroy(): void;
}

interface PanelOptions {
  device: Device;
  model: Model;
  target: ShownTarget;
  title: string;
  chains: number;
  trajectories: boolean;
  changed(): void;
}

/** Points of a cloud: more hide each other, and a software adapter takes its time for each. */
const most_points = { software: 16384, hardware: 262_144 } as const;
/** Milliseconds between looks at the diagnostics; and of the page's time, the part that they take at most. */
const [between, most_share] = [900, 0.1];
/** Draws that are looked at while a run goes on; all are in the end. */
const most_judged = 40_000;

export async function create_panel(options: PanelOptions): Promise<Panel> {
  const { device, model, target, title, chains, changed } = options;
  const names = target.shown.map((i) => (model.scalars[i] as Model['scalars'][number]).name);
  const grid = grid_of(target);
  const description = `States of the chains of ${title} over the exact density`;
  const [x, y] = target.ranges as [Range, Range];
  const view = await create_room(
    device,
    {
      ...{ ranges: target.ranges, names, description },
      ...(grid ? { below: (scale: Scale) => contour_marks(grid, [x, y], scale) } : {}),
    },
    changed,
  );
  const capacity = Math.max(2, Math.ceil(most_points[device.adapter.kind] / chains));
  const collector: Collector = await create_collector(device, { model, states: chains, capacity, shown: target.shown });
  const trails: Trails = create_trails(model, target.shown);
  const phase = element('p', { className: 'phase' }, 'Starting …');
  const marginals = element('div', { className: 'small' });
  const others = element('div', { className: 'small' });
  const numbers = create_facts();
  /** When there is a next look. */
  let next_look = 0;
  let lengths: Uint32Array | undefined;
  let sampling = false;
  let collected = 0;
  let last_view: ChainsView | undefined;

  const judge: Panel['judge'] = (draws, statistics) => {
    const shown = names.map((name) => ({ name, chains: draws.parameters.get(name) as readonly Float64Array[] }));
    marginals.innerHTML = shown
      .slice(0, 2)
      .map(({ name, chains: of }, axis) => {
        const values = of.flatMap((chain) => Array.from(chain));
        if (!grid) return histogram_chart({ title: name, values });
        const range = target.ranges[axis] as Range;
        return histogram_chart({ title: name, values, range, exact: marginal_of(grid, axis as 0 | 1, range) });
      })
      .join('');
    // The plane of an unknown target is where its draws are.
    if (!grid) view.set_ranges(shown.map(({ chains: of }) => middle_of(of)));
    const { energy } = draws.sampler;
    others.innerHTML =
      (energy ? energy_panel(energy, { width: 270, height: 150 }) : '') +
      (lengths ? histogram_chart({ title: 'longest batches', values: lengths, x_label: 'leapfrog steps' }) : '');
    if (draws.draws >= 8) numbers.show(chain_facts(draws, { names, statistics, chains }));
  };

  /** All draws up to this one of every chain, as far as there is room. */
  const collect = (done: number) => {
    // A run that goes on tells of draws that were on another device before there is anything on this one.
    if (last_view) {
      const { recorded, capacity: slots, dimension } = last_view;
      const first = Math.max(collected, done - capacity);
      for (let n = first; n < done; n++) collector.add(recorded, dimension * (n % slots));
    }
    collected = done;
    changed();
  };

  return {
    element: panel_box(title, title, phase, view.element, marginals, numbers.element, others),
    async look(chains_now, is_fine) {
      last_view = chains_now;
      if (!sampling) collector.add(chains_now.vectors, chains_now.draws);
      if (is_fine && options.trajectories) await trails.add(device, chains_now);
      else trails.clear();
      changed();
    },
    told(progress) {
      const { phase: now, done, of, step, acceptance, so_far } = progress;
      if (now === 'sampling' && !sampling) {
        // What came before is not from the target yet.
        sampling = true;
        collector.clear();
      }
      lengths = progress.lengths ?? lengths;
      if (sampling) collect(done);
      const accepted = acceptance === undefined ? '' : `, acceptance ${acceptance.toFixed(2)}`;
      phase.textContent = `${now} ${done} of ${of}, step size ${step.toPrecision(3)}${accepted}`;
      const now_is = performance.now();
      if (!so_far || now_is < next_look) return;
      const draws = so_far();
      if (draws.draws === 0) return;
      const some = first_chains(draws, Math.floor(most_judged / draws.draws));
      judge(some, (name) => chain_statistics(some.parameters.get(name) as readonly Float64Array[]));
      const ended = performance.now();
      next_look = ended + Math.max(between, (ended - now_is) / most_share);
    },
    judge,
    draw() {
      const look = { colours: groups, alpha: 0.75, faintest: 0.15, radius: 2.2 };
      view.cloud.draw([{ cloud: collector.cloud, look: { ...look, matrix: view.matrix() } }]);
      view.draw_over((to) => trails.paths(to));
    },
    destroy() {
      view.cloud.destroy();
      collector.destroy();
    },
  };
}

/** Where nearly all draws are, with room around. */
function middle_of(chains: readonly Float64Array[]): Range {
  const all = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
  const at = (p: number) => all[Math.floor(p * (all.length - 1))] as number;
  const [low, high] = [at(0.005), at(0.995)];
  return low < high ? pad_range([low, high], 0.2) : [low - 1, high + 1];
}
