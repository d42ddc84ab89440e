/** How the bound of a latent SDE rose. */
import { quantile } from '../../diagnostics/quantiles.ts';
import { chart, line, pad_range, range_of } from './svg.ts';

export interface BoundPoint {
  step: number;
  /** Means since the point before: the bound is likelihood − path − start − prior. */
  likelihood: number;
  path: number;
  start: number;
  prior: number;
}

/** One wide panel; '' where there are too few points for a line. */
export function bound_panel(curve: readonly BoundPoint[]): string {
  if (curve.length < 2) return '';
  const steps = curve.map(({ step }) => step);
  const bound = curve.map(({ likelihood, path, start, prior }) => likelihood - path - start - prior);
  const likelihood = curve.map((point) => point.likelihood);
  const path = curve.map((point) => -point.path);
  // The first steps are far below all others, and would flatten them.
  const sorted = Float64Array.from([...bound, ...likelihood, ...path]).sort();
  const range = range_of([quantile(sorted, 0.05), sorted.at(-1) as number, bound.at(-1) as number]);
  return chart(
    {
      ...{ width: 980, height: 240, x: [0, steps.at(-1) as number], y: pad_range(range), whole_x: true },
      title: 'nats per number observed',
      x_label: 'steps',
      description: 'Bound, likelihood and path divergence by step of the training.',
    },
    (scale) =>
      [
        line(steps, likelihood, scale, 'line faint colour0'),
        line(steps, path, scale, 'line faint colour5'),
        line(steps, bound, scale, 'line now'),
      ].join(''),
  );
}
