/** How cost grows with steps, particles and filters once the device is full: the exponent, which should be 1. */

import { work_of } from '../bank_work.ts';
import { arm, growth_for } from '../cross.ts';
import { time_work } from '../filter_row.ts';
import { fit_exponent } from '../power_law.ts';
import type { Subject } from '../subject.ts';

export const growth: Subject = {
  name: 'growth',
  what: 'exponent of cost against steps, particles and filters on a full device',
  async run(context) {
    const cross = growth_for(context.device, context.quick);
    for (const dimension of ['steps', 'particles', 'filters'] as const) {
      const points: { x: number; y: number }[] = [];
      for (const size of arm(cross, dimension)) {
        const row = await time_work(context, work_of({ model: 'lgssm', ...size, gradient: 'fixed-ancestor' }));
        context.report(row);
        points.push({ x: size[dimension], y: row.wall.median });
      }
      const { value, standard_error } = fit_exponent(points);
      context.find({
        label: `exponent of cost against ${dimension}`,
        value,
        ...(Number.isFinite(standard_error) ? { standard_error } : {}),
        wanted: '0.9 to 1.1',
        met: Math.abs(value - 1) <= 0.1,
      });
    }
  },
};
