/** Shades and lines of equal density over a grid, by what part of the mass they hold. */

import { contours } from 'd3-contour';
import { fix, type Scale } from '../../data/report/svg.ts';

type Range = readonly [low: number, high: number];

/** Parts of the mass inside the lines. */
const parts = [0.99, 0.95, 0.8, 0.5, 0.2];

/** @param mass [row][column], row 0 the lowest @param total of the whole; absent: what the grid has. Lines that hold more than the grid has are not drawn */
export function contour_marks(
  { columns, rows, mass, total: whole }: { columns: number; rows: number; mass: Float64Array; total?: number },
  [x, y]: readonly [Range, Range],
  scale: Scale,
): string {
  const sorted = Float64Array.from(mass).sort().reverse();
  const total = whole ?? sorted.reduce((a, b) => a + b, 0);
  const levels = parts.flatMap((part) => {
    let sum = 0;
    const reached = sorted.find((value) => {
      sum += value;
      return sum >= part * total;
    });
    return reached === undefined ? [] : [reached];
  });
  const lines = contours().size([columns, rows]).thresholds(levels)(Array.from(mass));
  const px = (column: number) => fix(scale.x(x[0] + (column / columns) * (x[1] - x[0])));
  const py = (row: number) => fix(scale.y(y[0] + (row / rows) * (y[1] - y[0])));
  return lines
    .map(({ coordinates }) => {
      const d = coordinates
        .flat()
        .map((ring) => `M${ring.map(([a = 0, b = 0]) => `${px(a)} ${py(b)}`).join('L')}Z`)
        .join('');
      return `<path class="contour" d="${d}"/>`;
    })
    .join('');
}
