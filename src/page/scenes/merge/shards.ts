/** What is merged and what is known of it; and a problem's shards as a merge is given them: exact draws with gradients and log densities, and exact draws of the whole to judge by. */

import { axis, type PlaneGrid, plane_draws, plane_grid } from '../../../../bench/merge/plane_grid.ts';
import { shortest_f32 } from '../../../data/draws.ts';
import { pad_range, type Range, range_of } from '../../../data/report/svg.ts';
import { column, type Points } from '../../../diagnostics/points.ts';
import type { ShardSet } from '../../../merge/shards/shard.ts';
import type { Problem, ShardDensity } from './problems.ts';

export interface Task {
  /** One sentence. */
  what: string;
  set: ShardSet;
  /** Draws of the whole to measure distances from. */
  exact?: Points;
  /** Of the first two parameters: where shards are, and where the whole is. */
  ranges: readonly [Range, Range];
  near: readonly [Range, Range];
  /** Densities of the whole over the plane that is shown: [row][column], row 0 the lowest. */
  grid?: { ranges: Problem['ranges']; columns: number; rows: number; mass: Float64Array };
  /** Words of the command line that give a person's own files; absent: files of ours. */
  given?: string[];
}

/** Cells of an axis: to draw from, and to be shown. */
const cells = 320;
const shown_cells = 128;

export function make_task(
  problem: Problem,
  count: number,
  sizes: { shard_draws: number; draws: number },
  seed: number,
): Task {
  const densities = problem.shards(count);
  const whole = (x: number, y: number) => densities.reduce((sum, { log_density }) => sum + log_density(x, y), 0);
  const shards = densities.map((density, b) => {
    const points = as_written(plane_draws(grid_of(problem, density.log_density), sizes.shard_draws, [seed, 1 + b]));
    return { name: `shard ${b + 1}`, points, chains: 1, ...densities_at(density, points) };
  });
  const exact = as_written(plane_draws(grid_of(problem, whole), sizes.draws, [seed, 0]));
  return {
    ...{ what: problem.what, set: { names: problem.names, shards }, exact, ranges: problem.ranges },
    // And a little around it: what lies farther out is cut off.
    near: [0, 1].map((j) => pad_range(range_of(column(exact, j)), 0.15)) as [Range, Range],
    grid: shown_grid(problem, whole),
  };
}

function grid_of({ support }: Problem, log_density: ShardDensity['log_density']): PlaneGrid {
  const [xs, ys] = support.map(([low, high]) => axis((low + high) / 2, (high - low) / 2, cells)) as [
    Float64Array,
    Float64Array,
  ];
  const logs = new Float64Array(cells * cells);
  xs.forEach((x, i) => {
    ys.forEach((y, j) => {
      logs[i * cells + j] = log_density(x, y);
    });
  });
  return plane_grid([xs, ys], logs);
}

function shown_grid({ ranges }: Problem, log_density: ShardDensity['log_density']): NonNullable<Task['grid']> {
  const place = ([low, high]: readonly [number, number], i: number) => low + ((i + 0.5) / shown_cells) * (high - low);
  const logs = Float64Array.from({ length: shown_cells ** 2 }, (_, n) =>
    log_density(place(ranges[0], n % shown_cells), place(ranges[1], Math.floor(n / shown_cells))),
  );
  const top = logs.reduce((most, l) => Math.max(most, l), Number.NEGATIVE_INFINITY);
  return { ranges, columns: shown_cells, rows: shown_cells, mass: logs.map((l) => Math.exp(l - top)) };
}

function densities_at({ log_density, gradient }: ShardDensity, { count, values }: Points) {
  const gradients = new Float64Array(2 * count);
  const log_densities = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y] = [values[2 * i] as number, values[2 * i + 1] as number];
    gradients.set(gradient(x, y), 2 * i);
    log_densities[i] = as_read(log_density(x, y));
  }
  return { gradients, log_densities };
}

/** Numbers as they come back from draws.csv, so that the command merges the same. */
const as_read = (x: number) => Number(shortest_f32(x));
const as_written = (points: Points): Points => ({ ...points, values: points.values.map(as_read) });
