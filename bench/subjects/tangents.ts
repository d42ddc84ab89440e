/** What a tangent costs: the same filter with the gradient by D = 1…8 parameters over the filter without: the slope c of 1 + c·D, and the worst (cost(D)/cost(0) − 1)/D. */

import type { Shape } from '../../src/filter/bank.ts';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { type BankWork, default_shape } from '../bank_work.ts';
import { bank_shapes, time_work } from '../filter_row.ts';
import { same_clock } from '../measure.ts';
import { many_parameters, most_parameters, weight } from '../models/many_parameters.ts';
import type { GradientKind } from '../peers/types.ts';
import { fit_slope_from_one, worst_slope_from_one } from '../power_law.ts';
import type { Context, Subject } from '../subject.ts';

export const tangents: Subject = {
  name: 'tangents',
  what: 'cost of the filter with D = 1…8 tangents over the filter without',
  async run(context) {
    const hardware = context.device.adapter.kind === 'hardware';
    const size = hardware
      ? { filters: 1024, particles: 1024, steps: 100 }
      : { filters: 64, particles: 256, steps: context.quick ? 50 : 100 };
    const dimensions = context.quick ? [1, 2, 4, 8] : Array.from({ length: most_parameters }, (_, i) => i + 1);
    const work = (dimension: number, gradient: GradientKind): BankWork => ({
      ...size,
      model: many_parameters(dimension),
      observations: portable_lgssm(size.steps),
      theta: new Float32Array(dimension * size.filters).fill(weight),
      keys: Uint32Array.from({ length: 2 * size.filters }, (_, i) => i),
      gradient,
      resample_below: 0.5,
    });
    const chosen = default_shape(context.device, work(1, 'fixed-ancestor'));
    for (const shape of bank_shapes) {
      const points: { x: number; y: number }[] = [];
      for (const dimension of dimensions) {
        // Side by side, because a machine that others use too drifts.
        const without = await time_work(context, work(dimension, 'none'), shape);
        const with_gradient = await time_work(context, work(dimension, 'fixed-ancestor'), shape);
        const { medians, clock } = same_clock([without, with_gradient]);
        const [base, cost] = medians as [number, number];
        points.push({ x: dimension, y: cost / base });
        context.report(without);
        const note = `${(cost / base).toFixed(2)} times the filter without tangents (${clock} time)`;
        context.report({ ...with_gradient, note });
      }
      report_costs(context, shape, shape === chosen, points);
    }
  },
};

/** The wish is about the shape that people get; the other one is only shown. */
function report_costs({ find }: Context, shape: Shape, chosen: boolean, points: readonly { x: number; y: number }[]) {
  const name = chosen ? `${shape} (default)` : shape;
  const verdict = (value: number) => (chosen ? { wanted: 'at most 0.6', met: value <= 0.6 } : {});
  const slope = fit_slope_from_one(points);
  find({
    label: `cost of a tangent over the filter without, slope, ${name}`,
    value: slope.value,
    ...(Number.isFinite(slope.standard_error) ? { standard_error: slope.standard_error } : {}),
    ...verdict(slope.value),
  });
  const worst = worst_slope_from_one(points);
  find({ label: `cost of a tangent over the filter without, worst D, ${name}`, value: worst, ...verdict(worst) });
}
