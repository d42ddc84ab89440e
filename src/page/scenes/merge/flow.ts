/** The plane on which a merge happens: shards' draws with the noise of a level, and over them the particles, drawn from the buffer that they move in. */

import type { Points } from '../../../diagnostics/points.ts';
import type { Device } from '../../../gpu/device.ts';
import { shard_moments } from '../../../merge/baselines/shards.ts';
import { noised_draws } from '../../../merge/noised.ts';
import type { ParticlesView } from '../../../merge/onlooker.ts';
import { element } from '../../dom.ts';
import { type Colour, groups } from '../../view/colours.ts';
import { contour_marks } from '../../view/contours.ts';
import { create_host_points } from '../../view/host_points.ts';
import { panel_box } from '../../view/panel_box.ts';
import { create_plot } from '../../view/plot.ts';
import type { Problem } from './problems.ts';
import type { Task } from './shards.ts';

export interface Flow {
  readonly element: HTMLElement;
  /** Draws of all shards with the noise of this time; 0: as they are. */
  show_shards(time: number): void;
  /** Particles where they are on the device. */
  show_particles(view: ParticlesView): void;
  show_draws(points: Points): void;
  say(text: string): void;
  draw(): void;
  destroy(): void;
}

interface FlowOptions {
  problem: Problem;
  task: Task;
  /** Particles and draws at most. */
  capacity: number;
  changed(): void;
}

/** Draws of all shards that are shown: they are noised on the host, and a software adapter takes its time for each. */
const most_shown = { software: 1500, hardware: 6000 } as const;
const shard_colours = [0, 2, 3, 4].map((n) => groups[n] as Colour);
const merge_colour = groups[5] as Colour;
/** Noise of a shard's draw is the same at all levels, so that it moves and does not flicker. */
const noise_key = [0, 7] as const;

export async function create_flow(device: Device, { problem, task, capacity, changed }: FlowOptions): Promise<Flow> {
  const shards = task.set.shards.map(({ points }) => points);
  const moments = shard_moments(shards);
  const each = Math.min(
    Math.floor(most_shown[device.adapter.kind] / shards.length),
    ...shards.map(({ count }) => count),
  );
  const some = shards.map((points): Points => ({ ...points, count: each, values: points.values.slice(0, 2 * each) }));
  const [x, y] = problem.ranges;
  const plot = await create_plot(
    device,
    {
      ...{ width: 560, height: 450, x, y, title: problem.names[1], x_label: problem.names[0] },
      description: 'Draws of the shards and of their merge over the exact density of the whole',
    },
    (scale) => contour_marks(task.grid, [x, y], scale),
  );
  const of_shards = create_host_points(device, each * shards.length);
  const of_merge = create_host_points(device, capacity);
  const plain = { center: new Float64Array(2), root: Float64Array.of(1, 0, 0, 1) };
  let place: Pick<ParticlesView, 'center' | 'root'> = plain;
  let is_over = false;
  const phase = element('p', { className: 'phase' }, 'Merging by other methods …');
  const key = (colour: Colour, label: string) => {
    const dot = element('span', { className: 'spot' });
    dot.style.background = `rgb(${colour.map((c) => Math.round(255 * c)).join(' ')})`;
    return element('span', {}, dot, label);
  };
  const keys = element(
    'p',
    { className: 'spots' },
    ...shards.map((_, b) => key(shard_colours[b] as Colour, `shard ${b + 1}`)),
    key(merge_colour, 'merge'),
    element('span', {}, 'lines: 20, 50, 80, 95, 99 % of the exact density'),
  );
  return {
    element: panel_box(
      'Merge',
      'Shards and their merge',
      element('p', { className: 'caption' }, problem.what),
      phase,
      plot.element,
      keys,
    ),
    show_shards(time) {
      const noised = some.map((points, b) =>
        time === 0 ? points : noised_draws(points, moments[b] as (typeof moments)[number], time, noise_key),
      );
      // Shard by shard in turns, as colours go.
      const one = (n: number) => point_of(noised[n % shards.length] as Points, Math.floor(n / shards.length));
      of_shards.show(Array.from({ length: each * shards.length }, (_, n) => one(n)));
      changed();
    },
    show_particles(view) {
      place = view;
      of_merge.copy(view.particles, 2, view.count);
      changed();
    },
    show_draws(draws) {
      place = plain;
      of_merge.show(Array.from({ length: draws.count }, (_, n) => point_of(draws, n)));
      changed();
    },
    say(text) {
      phase.textContent = text;
    },
    draw() {
      // A frame may have been asked for before the end.
      if (is_over) return;
      const look = { faintest: 1, radius: 1.8 };
      plot.cloud.draw([
        {
          cloud: of_shards.cloud,
          look: { ...look, matrix: plot.matrix, colours: shard_colours.slice(0, shards.length), alpha: 0.4 },
        },
        {
          cloud: of_merge.cloud,
          look: { ...look, matrix: moved(plot.matrix, place), colours: [merge_colour], alpha: 0.5 },
        },
      ]);
    },
    destroy() {
      is_over = true;
      plot.cloud.destroy();
      of_shards.destroy();
      of_merge.destroy();
    },
  };
}

const point_of = ({ values }: Points, n: number) => Array.from(values.subarray(2 * n, 2 * n + 2));

/** Column-major: `matrix` of center + root · u. */
function moved(matrix: Float32Array, { center, root }: Pick<ParticlesView, 'center' | 'root'>): Float32Array {
  const of = (a: number, b: number) =>
    [0, 1, 2, 3].map((row) => (matrix[row] as number) * a + (matrix[4 + row] as number) * b);
  const [a = 0, b = 0, c = 0, d = 0] = root;
  const shift = of(center[0] as number, center[1] as number);
  return Float32Array.from([
    ...of(a, c),
    ...of(b, d),
    ...[0, 0, 0, 0],
    ...shift.map((value, row) => value + (matrix[12 + row] as number)),
  ]);
}
