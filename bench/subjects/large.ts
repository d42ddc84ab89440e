/** One filter of 10⁴ … 10⁷ particles, spread over the whole device (grid). */

import { GpuError } from '../../src/gpu/gpu_error.ts';
import { work_of } from '../bank_work.ts';
import { time_work } from '../filter_row.ts';
import { large_sizes } from '../grid_stages.ts';
import type { Subject } from '../subject.ts';

export const large: Subject = {
  name: 'large',
  what: 'one filter of 10⁴ … 10⁷ particles (grid), value and gradient',
  async run(context) {
    const { device, quick } = context;
    const steps = device.adapter.kind === 'hardware' ? 100 : 10;
    for (const gradient of ['none', 'fixed-ancestor'] as const) {
      for (const particles of large_sizes(device, quick)) {
        const work = work_of({ model: 'lgssm', filters: 1, particles, steps, gradient });
        try {
          context.report(await time_work(context, work, 'grid'));
        } catch (error) {
          // Particles with tangents may be more than one buffer of this adapter holds.
          if (!(error instanceof GpuError)) throw error;
          const kind = gradient === 'none' ? 'value' : 'gradient';
          context.skip(`lgssm, ${kind}, one filter of ${particles} particles`, error.message);
        }
      }
    }
  },
};
