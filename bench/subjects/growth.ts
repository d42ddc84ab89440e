/** How cost grows with steps, particles and filters once the device is full: the exponent, which should be 1, and by how much the cost of one unit varies, which the exponent may hide. */

import { work_of } from '../bank_work.ts';
import { arm, growth_for } from '../cross.ts';
import { time_work } from '../filter_row.ts';
import { same_clock } from '../measure.ts';
import { fit_exponent, spread_of_unit_cost } from '../power_law.ts';
import type { Row } from '../record.ts';
import type { Subject } from '../subject.ts';

export const growth: Subject = {
  name: 'growth',
  what: 'cost against steps, particles and filters on a full device: exponent, and spread of the cost per unit',
  async run(context) {
    const cross = growth_for(context.device, context.quick);
    for (const dimension of ['steps', 'particles', 'filters'] as const) {
      const along = arm(cross, dimension);
      const rows: Row[] = [];
      for (const size of along) {
        const row = await time_work(context, work_of({ model: 'lgssm', ...size, gradient: 'fixed-ancestor' }));
        context.report(row);
        rows.push(row);
      }
      const { medians, clock } = same_clock(rows);
      const points = along.map((size, i) => ({ x: size[dimension], y: medians[i] as number }));
      const { value, standard_error } = fit_exponent(points);
      context.find({
        label: `exponent of cost against ${dimension} (${clock} time)`,
        value,
        ...(Number.isFinite(standard_error) ? { standard_error } : {}),
        wanted: '0.9 to 1.1',
        met: Math.abs(value - 1) <= 0.1,
      });
      const spread = spread_of_unit_cost(points);
      context.find({
        label: `cost per unit of ${dimension}, dearest over cheapest size (${clock} time)`,
        value: spread,
        wanted: 'at most 1.1',
        met: spread <= 1.1,
      });
    }
  },
};
