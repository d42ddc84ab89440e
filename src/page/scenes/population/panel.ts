/** One population under one rule of exchange: particles in the colours of their ranks over the exact density, who meets whom, and what it says beside the truth. */

import type { DrawsFile } from '../../../data/draws_file.ts';
import { pad_range, type Range, range_of } from '../../../data/report/svg.ts';
import { chain_statistics } from '../../../diagnostics/chain_statistics.ts';
import type { Device } from '../../../gpu/device.ts';
import type { Model } from '../../../model/types.ts';
import type { Board } from '../../../population/exchange/board.ts';
import type { PopulationSpec } from '../../../population/spec.ts';
import { element } from '../../dom.ts';
import { groups } from '../../view/colours.ts';
import { contour_marks } from '../../view/contours.ts';
import { histogram_chart } from '../../view/histogram.ts';
import { create_host_points } from '../../view/host_points.ts';
import { create_plot } from '../../view/plot.ts';
import { grid_of, marginal_of } from '../hmc/targets.ts';
import { create_chain_means, type Estimate } from './chain_means.ts';
import { estimate_rows } from './estimates.ts';
import type { Feed, FeedListener, Spot } from './feed.ts';
import { create_ring } from './ring.ts';
import type { PopulationTarget } from './targets.ts';

export interface Panel extends FeedListener {
  readonly element: HTMLElement;
  follow(feed: Feed): void;
  /** The end: all draws, and what is to be doubted. @returns the estimate of every quantity */
  judge(draws: DrawsFile, warnings: readonly string[]): Estimate[];
  draw(): void;
  destroy(): void;
}

interface PanelOptions {
  device: Device;
  model: Model;
  target: PopulationTarget;
  spec: PopulationSpec;
  changed(): void;
}

/** Milliseconds between drawings of what is told in numbers. */
const between = 700;
/** Of the first parameter, for its histogram. */
const most_kept = 40_000;

export async function create_panel({ device, model, target, spec, changed }: PanelOptions): Promise<Panel> {
  const names = target.shown.map((i) => (model.scalars[i] as Model['scalars'][number]).name) as [string, string];
  const grid = grid_of(target);
  const [x, y] = target.ranges as [Range, Range];
  const plot = await create_plot(
    device,
    {
      ...{ width: 520, height: 380, x, y, title: names[1], x_label: names[0] },
      description: `Particles of ${spec.ranks} ranks under exchange ${spec.exchange}, over the exact density`,
    },
    (scale) => (grid ? contour_marks(grid, [x, y], scale) : ''),
  );
  const many = spec.ranks * spec.particles;
  const [cold, hot] = [create_host_points(device, many), create_host_points(device, many)];
  const chains = spec.exchange === 'replica' ? spec.particles : many;
  const means = create_chain_means(target.quantities, chains);
  const ring = create_ring(spec.ranks, `Ranks that have met under exchange ${spec.exchange}`);
  const phase = element('p', { className: 'phase' }, 'Starting …');
  const marginal = element('div', {});
  const numbers = element('dl', { className: 'facts' });
  let kept: number[] = [];
  let stride = 1;
  let drawn = 0;
  let told = 0;
  let board: Board | undefined;
  let feed: Feed | undefined;

  const show_marginal = (values: ArrayLike<number>) => {
    const exact = grid ? { range: x, exact: marginal_of(grid, 0, x) } : {};
    marginal.innerHTML = values.length > 0 ? histogram_chart({ title: names[0], values, ...exact }) : '';
  };
  const show_estimates = (estimates: readonly (Estimate | undefined)[]) =>
    numbers.replaceChildren(...estimate_rows(target.quantities, estimates), ...exchanged_rows(board));
  /** The plane of an unknown target is where its particles are. */
  const follow = () => {
    const at = (feed?.particles ?? []).flat().filter((spot) => spot.place === 0 && Number.isFinite(spot.at[0]));
    if (grid || at.length < 2) return;
    const [across, up] = [0, 1].map((axis) => pad_range(range_of(at.map((spot) => spot.at[axis] as number)), 0.15));
    plot.set_ranges(across as Range, up as Range, () => '');
  };
  const tell = () => {
    if (!board) return;
    follow();
    const least = Math.min(...board.seats.map(({ segments }) => segments));
    const step = board.seats[0]?.tuned?.step_size;
    phase.textContent = `${least < spec.warm_up ? 'warm-up' : 'sampling'}, ${Math.min(least, spec.segments)} of ${spec.segments} segments of each rank${step === undefined ? '' : `, step size ${step.toPrecision(3)}`}`;
    show_marginal(kept);
    show_estimates(means.estimates());
    told = performance.now();
  };
  /** Ranks have colours by turns, as the drawing gives them to points: what is not in a cloud is far away. */
  const points = (of: (spot: Spot) => boolean) =>
    Array.from({ length: many }, (_, n) => {
      const spot = feed?.particles[n % spec.ranks]?.[Math.floor(n / spec.ranks)];
      return spot && of(spot) && Number.isFinite(spot.at[0]) ? spot.at : ([1e6, 1e6] as const);
    });

  const box = element(
    'section',
    { className: 'panel', ariaLabel: spec.exchange },
    element('h3', {}, spec.exchange === 'none' ? 'no exchange' : spec.exchange),
    phase,
    plot.element,
    element('div', { className: 'small' }, ring.element, marginal),
    numbers,
  );
  return {
    element: box,
    follow(now) {
      feed = now;
    },
    drawn(chain, a, b) {
      means.add(chain, a, b);
      drawn += 1;
      if (drawn % stride !== 0) return;
      kept.push(a);
      if (kept.length < most_kept) return;
      kept = kept.filter((_, n) => n % 2 === 1);
      stride *= 2;
    },
    met: ring.met,
    changed(now) {
      board = now;
      if (performance.now() - told > between) tell();
      changed();
    },
    judge(draws, warnings) {
      tell();
      const [a, b] = names.map((name) => draws.parameters.get(name)) as [Float64Array[], Float64Array[]];
      const estimates = target.quantities.map(({ of }) => {
        const found = chain_statistics(a.map((own, c) => own.map((value, t) => of(value, b[c]?.[t] as number))));
        return { mean: found.mean, error: found.mcse, rhat: found.rhat };
      });
      show_marginal(a.flatMap((chain) => Array.from(chain)));
      show_estimates(estimates);
      if (warnings.length > 0)
        box.append(element('ul', { className: 'warnings' }, ...warnings.map((text) => element('li', {}, text))));
      return estimates;
    },
    draw() {
      const look = { colours: groups.slice(0, spec.ranks), faintest: 1, radius: 2.6, matrix: plot.matrix };
      cold.show(points(({ place }) => place === 0));
      hot.show(spec.exchange === 'replica' ? points(({ place }) => place > 0) : []);
      plot.cloud.draw([
        { cloud: hot.cloud, look: { ...look, alpha: 0.18 } },
        { cloud: cold.cloud, look: { ...look, alpha: 0.8 } },
      ]);
      ring.draw(board?.seats.map(({ segments }) => segments) ?? new Array<number>(spec.ranks).fill(0));
    },
    destroy() {
      plot.cloud.destroy();
      cold.destroy();
      hot.destroy();
    },
  };
}

function exchanged_rows(board: Board | undefined): HTMLElement[] {
  if (!board) return [];
  const [met, exchanged] = [board.met, board.exchanged].map((counts) => counts.reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  if (met === 0) return [];
  return [element('dt', {}, 'exchanged'), element('dd', {}, `${exchanged} of ${met} pairs that met`)];
}
