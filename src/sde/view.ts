/** What the encoder sees around a node: values, marks of what was observed, and, where times are irregular, how far away it was. */

import type { Series, SeriesOptions } from './series.ts';

export interface View {
  /** Numbers of a node. */
  inputs: number;
  /** Of the node at observation `point`. */
  at(series: Series, point: number): number[];
  /** [latent] means of the channels over the view, where latent components are channels; else 0. */
  base(series: Series, point: number): number[];
}

/** What tables take from all series that were learned from: others, which a learned model is asked about, are read alike. */
export interface TableScale {
  /** Whether marks tell channels apart. */
  has_gaps: boolean;
  is_regular: boolean;
  /** Of distances in a view, and of the time since a series began. */
  unit: number;
  longest: number;
}

export function scale_of(all: readonly Series[], sees: number): TableScale {
  return {
    has_gaps: all.some(({ values }) => values.some(Number.isNaN)),
    is_regular: all.every(({ times }) => spacing(times).is_regular),
    unit: sees * Math.min(...all.map(({ times }) => spacing(times).mean)),
    longest: Math.max(...all.map(({ times }) => (times.at(-1) as number) - (times[0] as number))),
  };
}

export function create_view({ has_gaps, is_regular, unit }: TableScale, options: SeriesOptions): View {
  const { latent, observed, sees, is_identity, link } = options;
  const marks = has_gaps ? observed : 1;
  const width = observed + marks + (is_regular ? 0 : 1);
  const around = (point: number) => Array.from({ length: sees }, (_, k) => point + k - Math.floor(sees / 2));
  const row = ({ values }: Series, p: number) => Array.from(values.subarray(p * observed, (p + 1) * observed));
  const is_inside = ({ times }: Series, p: number) => p >= 0 && p < times.length;
  return {
    inputs: sees * width,
    at: (series, point) =>
      around(point).flatMap((p) => {
        if (!is_inside(series, p)) return new Array<number>(width).fill(0);
        const own = row(series, p);
        const known = own.map((v) => Number(!Number.isNaN(v)));
        const away = ((series.times[p] as number) - (series.times[point] as number)) / unit;
        return [
          ...own.map((v) => (Number.isNaN(v) ? 0 : link === 'log' ? Math.log1p(v) : v)),
          ...(has_gaps ? known : [1]),
          ...(is_regular ? [] : [away]),
        ];
      }),
    base: (series, point) =>
      Array.from({ length: latent }, (_, d) => {
        if (!is_identity || d >= observed) return 0;
        const known = around(point).flatMap((p) => {
          const value = is_inside(series, p) ? (series.values[p * observed + d] as number) : Number.NaN;
          return Number.isNaN(value) ? [] : [value];
        });
        const sum = known.reduce((all, v) => all + v, 0);
        if (link === 'log') return Math.log((sum + 0.5) / (known.length + 0.5));
        if (link === 'logit') return Math.log((sum + 0.5) / (known.length - sum + 0.5));
        return sum / Math.max(1, known.length);
      }),
  };
}

function spacing(times: Float64Array): { mean: number; is_regular: boolean } {
  const mean = ((times.at(-1) as number) - (times[0] as number)) / (times.length - 1);
  // A thousandth of a spacing is what rounding of printed times may do.
  const is_regular = times.every((t, i) => Math.abs(t - (times[0] as number) - i * mean) < 1e-3 * mean);
  return { mean, is_regular };
}
