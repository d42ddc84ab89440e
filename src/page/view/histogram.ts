/** Small drawings that tell a distribution: bars of what was drawn, and the truth as a line where it is known. */

import { chart, fix, line, pad_range, type Range, range_of } from '../../data/report/svg.ts';

interface HistogramOptions {
  title: string;
  values: ArrayLike<number>;
  /** Absent: that of the values. */
  range?: Range;
  exact?: { x: number[]; y: number[] };
  x_label?: string;
}

const bins = 40;

export function histogram_chart({ title, values, range, exact, x_label }: HistogramOptions): string {
  const x = range ?? pad_range(range_of(Array.from(values)), 0.02);
  const width = (x[1] - x[0]) / bins;
  const density = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const b = Math.floor(((values[i] as number) - x[0]) / width);
    if (b >= 0 && b < bins) density[b] = (density[b] as number) + 1 / (values.length * width);
  }
  const top = Math.max(...density, ...(exact?.y ?? []), 1e-9) * 1.08;
  return chart(
    {
      ...{ width: 270, height: 150, x, y: [0, top], y_ticks: 0, title },
      description: `${title}: distribution of ${values.length} draws${exact ? ' and the exact density' : ''}.`,
      ...(x_label === undefined ? {} : { x_label }),
    },
    (scale) => {
      let d = `M0 ${fix(scale.y(0))}`;
      density.forEach((value, b) => {
        d += `L${fix(scale.x(x[0] + b * width))} ${fix(scale.y(value))}H${fix(scale.x(x[0] + (b + 1) * width))}`;
      });
      const bars = `<path class="bars" d="${d}V${fix(scale.y(0))}Z"/>`;
      return bars + (exact ? line(exact.x, exact.y, scale, 'line exact') : '');
    },
  );
}
