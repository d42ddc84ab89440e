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
import type { Task } from './shards.ts';

export interface Flow {
  readonly element: HTMLElement;
  /** Draws of all shards with the noise of this time; 0: as they are. */
  show_shards(time: number): void;
  /** Particles where they are on the device. */
  show_particles(view: ParticlesView): Promise<void>;
  show_draws(points: Points): void;
  say(text: string): void;
  draw(): void;
  destroy(): void;
}

interface FlowOptions {
  task: Task;
  /** Particles and draws at most. */
  capacity: number;
  changed(): void;
}

/** Draws of all shards that are shown: they are noised on the host, and a software adapter takes its time for each. */
const most_shown = { software: 1500, hardware: 6000 } as const;
const shard_colours = [0, 2, 3, 4, 1].map((n) => groups[n] as Colour);
const merge_colour = groups[5] as Colour;
/** Noise of a shard's draw is the same at all levels, so that it moves and does not flicker. */
const noise_key = [0, 7] as const;

export async function create_flow(device: Device, { task, capacity, changed }: FlowOptions): Promise<Flow> {
  const shards = task.set.shards.map(({ points }) => points);
  const moments = shard_moments(shards);
  const each = Math.min(
    Math.floor(most_shown[device.adapter.kind] / shards.length),
    ...shards.map(({ count }) => count),
  );
  const some = shards.map(
    (points): Points => ({ ...points, count: each, values: points.values.slice(0, points.dimension * each) }),
  );
  const { grid, set } = task;
  const [x, y] = task.ranges;
  const order = drawing_order(shards.length, each);
  const plot = await create_plot(
    device,
    {
      ...{ width: 560, height: 450, x, y, title: set.names[1] as string, x_label: set.names[0] as string },
      description: `Draws of the shards and of their merge${grid ? ' over the exact density of the whole' : ''}`,
    },
    (scale) => (grid ? contour_marks(grid, [x, y], scale) : ''),
  );
  const of_shards = create_host_points(device, order.length);
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
    ...set.shards.map(({ name }, b) => key(shard_colours[b % shard_colours.length] as Colour, name)),
    key(merge_colour, 'merge'),
    ...(grid ? [element('span', {}, 'lines: 20, 50, 80, 95, 99 % of the exact density')] : []),
  );
  return {
    element: panel_box(
      'Merge',
      'Shards and their merge',
      element('p', { className: 'caption' }, task.what),
      phase,
      plot.element,
      keys,
    ),
    show_shards(time) {
      const noised = some.map((points, b) =>
        time === 0 ? points : noised_draws(points, moments[b] as (typeof moments)[number], time, noise_key),
      );
      of_shards.show(order.map(([b, n]) => point_of(noised[b] as Points, n)));
      changed();
    },
    async show_particles(view) {
      const { particles, count } = view;
      const dimension = view.center.length;
      if (dimension === 2) {
        place = view;
        of_merge.copy(particles, 2, count);
      } else {
        const u = new Float32Array(await device.read(particles, 4 * dimension * count));
        place = plain;
        of_merge.show(Array.from({ length: count }, (_, n) => projected(view, u, n)));
      }
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

/** The first two parameters. */
const point_of = ({ dimension, values }: Points, n: number) =>
  Array.from(values.subarray(dimension * n, dimension * n + 2));

/** The same of θ = center + root · u. @param u [row][particle] */
const projected = ({ center, root, count }: ParticlesView, u: Float32Array, n: number) =>
  [0, 1].map((j) =>
    center.reduce(
      (sum, _, k) => sum + (root[j * center.length + k] as number) * (u[k * count + n] as number),
      center[j] as number,
    ),
  );

/** Shard and draw of every point, so that the colours, which follow each other point by point, are those of the shards; where there are more shards than colours they share them. */
function drawing_order(shards: number, each: number): (readonly [shard: number, draw: number])[] {
  const colours = Math.min(shards, shard_colours.length);
  const sharing = Array.from({ length: colours }, (_, c) => Math.ceil((shards - c) / colours));
  const rounds = each * Math.min(...sharing);
  return Array.from({ length: colours * rounds }, (_, n) => {
    const [c, round] = [n % colours, Math.floor(n / colours)];
    const among = sharing[c] as number;
    return [c + colours * (round % among), Math.floor(round / among)] as const;
  });
}

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
