/** Targets that are hard in a way that can be seen, with their exact densities in float64: the truth beside every estimate. */

import { banana } from '../../../model/catalog/banana.ts';
import { funnel } from '../../../model/catalog/funnel.ts';
import type { LogDensitySource } from '../../../model/types.ts';

type Range = readonly [low: number, high: number];

export interface ShownTarget {
  /** Absent: the person's own. */
  source?: LogDensitySource;
  /** As the command line takes it, where it has it built in. */
  built_in: boolean;
  label: string;
  /** Scalars of theta: two for a plane, three for space. */
  shown: readonly number[];
  ranges: readonly Range[];
  /** Log density of the first two that are shown; absent: not known. */
  log_density?: (a: number, b: number) => number;
}

const log_normal = (x: number, mean: number, sd: number) =>
  -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI));

const modes = [
  { weight: 0.5, x: -2.5, y: 0, sx: 0.7, sy: 1.4 },
  { weight: 0.3, x: 2, y: 2, sx: 1.1, sy: 0.5 },
  { weight: 0.2, x: 2, y: -2, sx: 0.5, sy: 0.9 },
] as const;

const mixture: LogDensitySource = {
  kind: 'log-density',
  name: 'three-modes',
  parameters: { x: { prior: { flat: [] } }, y: { prior: { flat: [] } } },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
${modes.map((m, i) => `  let e${i} = ${Math.log(m.weight).toFixed(9)} + normal_log_density(theta.x, ${m.x.toFixed(2)}, ${m.sx.toFixed(2)}) + normal_log_density(theta.y, ${m.y.toFixed(2)}, ${m.sy.toFixed(2)});`).join('\n')}
  let top = max(e0, max(e1, e2));
  return top + log(exp(e0 - top) + exp(e1 - top) + exp(e2 - top));
}
`,
};

const [ring_radius, ring_width] = [3, 0.4] as const;

/** Normal around a circle: ρ = √(x² + y²), (ρ − 3, z) ~ N(0, 0.4²) but for the factor ρ of the volume. */
const ring: LogDensitySource = {
  kind: 'log-density',
  name: 'ring',
  parameters: { x: { prior: { flat: [] } }, y: { prior: { flat: [] } }, z: { prior: { flat: [] } } },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
  let off = sqrt(theta.x * theta.x + theta.y * theta.y + 1e-12) - ${ring_radius.toFixed(1)};
  return -0.5 * (off * off + theta.z * theta.z) / ${(ring_width ** 2).toFixed(4)};
}
`,
};

export const targets: Readonly<Record<string, ShownTarget>> = {
  banana: {
    ...{ source: banana, built_in: true, label: 'banana', shown: [0, 1] },
    ranges: [
      [-32, 32],
      [-8, 26],
    ],
    log_density: (x, y) => log_normal(x, 0, 10) + log_normal(y, 0.03 * (x * x - 100), 1),
  },
  funnel: {
    ...{ source: funnel, built_in: true, label: 'Neal’s funnel, 10 dimensions', shown: [1, 0] },
    ranges: [
      [-14, 14],
      [-9, 9],
    ],
    log_density: (x, v) => log_normal(v, 0, 3) + log_normal(x, 0, Math.exp(v / 2)),
  },
  modes: {
    ...{ source: mixture, built_in: false, label: 'three modes', shown: [0, 1] },
    ranges: [
      [-6, 6],
      [-5, 5],
    ],
    log_density: (x, y) => {
      const terms = modes.map((m) => Math.log(m.weight) + log_normal(x, m.x, m.sx) + log_normal(y, m.y, m.sy));
      const top = Math.max(...terms);
      return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
    },
  },
  ring: {
    ...{ source: ring, built_in: false, label: 'ring in space', shown: [0, 1, 2] },
    ranges: [
      [-5, 5],
      [-5, 5],
      [-5, 5],
    ],
    log_density: (x, y) => log_normal(Math.hypot(x, y), ring_radius, ring_width) - Math.log(2 * Math.PI * ring_radius),
  },
  own: {
    ...{ built_in: false, label: 'your own', shown: [0, 1] },
    ranges: [
      [-4, 4],
      [-4, 4],
    ],
  },
};

/** Of a grid over the plane that is shown. */
export interface Grid {
  columns: number;
  rows: number;
  /** [row][column], row 0 the lowest. */
  mass: Float64Array;
  /** Of the whole: some of it may be outside the plane. */
  total: 1;
}

/** Places across a cell: the funnel's neck is narrower than one. */
const places = 8;

export function grid_of({ ranges, log_density }: ShownTarget, columns = 128, rows = 96): Grid | undefined {
  if (!log_density) return undefined;
  const [[x0, x1], [y0, y1]] = ranges as readonly [Range, Range];
  const [width, height] = [(x1 - x0) / columns, (y1 - y0) / rows];
  const mass = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const y = y0 + (row + 0.5) * height;
    for (let at = 0; at < columns * places; at++) {
      const cell = row * columns + Math.floor(at / places);
      const density = Math.exp(log_density(x0 + ((at + 0.5) / places) * width, y));
      mass[cell] = (mass[cell] as number) + (density * width * height) / places;
    }
  }
  return { columns, rows, mass, total: 1 };
}

/** Density of a coordinate that is shown, by adding up the grid. */
export function marginal_of(grid: Grid, axis: 0 | 1, [low, high]: Range): { x: number[]; y: number[] } {
  const count = axis === 0 ? grid.columns : grid.rows;
  const width = (high - low) / count;
  const sums = new Array<number>(count).fill(0);
  grid.mass.forEach((mass, i) => {
    const at = axis === 0 ? i % grid.columns : Math.floor(i / grid.columns);
    sums[at] = (sums[at] as number) + mass;
  });
  return { x: sums.map((_, i) => low + (i + 0.5) * width), y: sums.map((sum) => sum / width) };
}
