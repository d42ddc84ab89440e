/** What is seen of a run of SMC²: the cloud of θ closing in, marginals between prior and truth, states and data, and how the run goes. */

import { prior_curve } from '../../../data/prior_curve.ts';
import { marginal_panels } from '../../../data/report/marginals.ts';
import { fix, pad_range, type Range, range_of } from '../../../data/report/svg.ts';
import { weighted_mean, weighted_sd } from '../../../diagnostics/weighted.ts';
import type { Columns } from '../../../filter/observations.ts';
import type { Device } from '../../../gpu/device.ts';
import { constrain_all } from '../../../model/space.ts';
import type { StateSpaceModel } from '../../../model/types.ts';
import type { Iteration, PopulationView } from '../../../smc2/options.ts';
import { element } from '../../dom.ts';
import { create_collector } from '../../view/collect.ts';
import { groups } from '../../view/colours.ts';
import { create_facts, panel_box } from '../../view/panel_box.ts';
import { create_plot } from '../../view/plot.ts';
import { arrows } from './arrows.ts';
import { history_panels } from './history.ts';
import type { ExactPosterior } from './kalman.ts';
import { type Seen, see_population } from './population.ts';
import { create_states } from './states.ts';

interface PanelOptions {
  device: Device;
  model: StateSpaceModel;
  data: Columns;
  thetas: number;
  particles: number;
  shown: readonly [number, number];
  arrows: boolean;
  ancestors: boolean;
  seed: number;
  changed(): void;
}

export async function create_panel(options: PanelOptions) {
  const { device, model, thetas, shown, changed } = options;
  const names = shown.map((i) => model.scalars[i]?.name ?? '');
  const collector = await create_collector(device, { model, states: thetas, capacity: 1, shown });
  const [first_x, first_y] = [
    [0, 1],
    [0, 1],
  ] as const satisfies [Range, Range];
  const plot = await create_plot(
    device,
    {
      ...{ width: 520, height: 380, x: first_x, y: first_y, title: names[1] as string, x_label: names[0] as string },
      description: `θ-particles: ${names[1]} against ${names[0]}.`,
    },
    () => '',
  );
  const phase = element('p', { className: 'phase' }, 'Evaluating draws from the prior …');
  const marginals = element('div', { className: 'small' });
  const history = element('div', { className: 'small' });
  const states = create_states(options);
  const numbers = create_facts();
  const iterations: Iteration[] = [];
  let seen: Seen | undefined;
  let exact: ExactPosterior | undefined;
  let ranges: [Range, Range] | undefined;

  /** The plane follows the population: it is drawn anew when that has become much smaller or has left it. */
  const follow = (theta: readonly Float64Array[]) => {
    const now = shown.map((i) => pad_range(range_of(theta[i] as Float64Array), 0.25)) as unknown as [Range, Range];
    const fits = ranges?.every(([low, high], axis) => {
      const [a, b] = now[axis] as Range;
      return a >= low - 0.25 * (high - low) && b <= high + 0.25 * (high - low) && b - a > 0.55 * (high - low);
    });
    if (fits) return;
    ranges = now;
    plot.set_ranges(now[0], now[1], () => '');
  };

  const show_numbers = (iteration: Iteration, { theta, weights }: Seen) => {
    const rows: [string, string][] = model.scalars.map(({ name }, i) => {
      const sample = { values: theta[i] as Float64Array, weights };
      return [name, `${weighted_mean(sample).toPrecision(4)}, sd ${weighted_sd(sample).toPrecision(3)}`];
    });
    const truth = exact ? `, exactly ${exact.log_evidence.toFixed(2)}` : '';
    const evidence = `${iteration.log_evidence.toFixed(2)}${truth}`;
    rows.push(['log evidence', iteration.phase === 'posterior' ? evidence : `${evidence} (so far)`]);
    rows.push(['step, accepted', `${iteration.step.toPrecision(2)}, ${(100 * iteration.accepted).toFixed(0)} %`]);
    rows.push(['families', `${iteration.families} of ${thetas}`]);
    numbers.show(rows);
  };

  const show_marginals = ({ theta, weights }: Seen) => {
    marginals.innerHTML = marginal_panels({
      weights,
      marginals: model.scalars.map(({ name, prior }, i) => ({
        ...{ name, values: theta[i] as Float64Array },
        ...(exact ? { exact_density: exact.marginals[i] } : {}),
        ...prior_curve(prior, theta[i] as Float64Array),
      })),
    }).join('');
  };

  const show_estimates = () => {
    const last = iterations.at(-1);
    if (!seen || !last) return;
    show_marginals(seen);
    show_numbers(last, seen);
  };

  return {
    element: panel_box('Parameters', 'Parameters', phase, plot.element, marginals, numbers.element),
    beside: panel_box('States', 'States and data', states.element, history),
    /**
     * The population that the run begins with, while the kernels are compiled that will move it.
     *
     * @param phi rows of theta, the first D in unconstrained space
     * @param before what led to it, where a run goes on
     */
    begin(phi: Float32Array<ArrayBuffer>, before: readonly Iteration[]): void {
      iterations.push(...before);
      const last = before.at(-1);
      if (last) {
        history.innerHTML = history_panels(before, thetas);
        phase.textContent = `going on from iteration ${last.k} …`;
      }
      const source = device.upload('langevin.view.first', phi);
      collector.add(source, 0);
      device.buffers.give(source);
      const theta = model.scalars.map(() => new Float64Array(thetas));
      for (let m = 0; m < thetas; m++) {
        const one = constrain_all(
          model,
          model.scalars.map((_, d) => phi[d * thetas + m] as number),
        );
        for (const [d, value] of one.entries()) (theta[d] as Float64Array)[m] = value;
      }
      follow(theta);
      changed();
    },
    /** The truth, as soon as it is known; undefined where it cannot be shown. */
    know_exactly(found: ExactPosterior | undefined): void {
      exact = found;
      show_estimates();
    },
    async look(iteration: Iteration, view: PopulationView): Promise<void> {
      iterations.push(iteration);
      collector.add(view.population, 0);
      seen = await see_population(device, model, view);
      follow(seen.theta);
      show_estimates();
      history.innerHTML = history_panels(iterations, thetas);
      const where = iteration.phase === 'tempering' ? `tempering, λ = ${iteration.lambda.toPrecision(2)}` : 'posterior';
      phase.textContent = `iteration ${iteration.k}: ${where}`;
      changed();
    },
    async show_states(): Promise<void> {
      if (seen) await states.show(seen);
      changed();
    },
    draw() {
      const look = { colours: groups.slice(0, 1), alpha: 0.6, faintest: 1, radius: 2.4, matrix: plot.matrix };
      plot.cloud.draw([{ cloud: collector.cloud, look }]);
      plot.draw_over((scale) => {
        const [x, y] = shown.map((i) => states.theta?.[i]) as [number | undefined, number | undefined];
        const at = x === undefined || y === undefined ? '' : `cx="${fix(scale.x(x))}" cy="${fix(scale.y(y))}"`;
        return `${options.arrows && seen ? arrows(seen, shown, scale) : ''}${at && `<circle class="ringed" ${at} r="7"/>`}`;
      });
    },
    destroy() {
      plot.cloud.destroy();
      collector.destroy();
    },
  };
}
