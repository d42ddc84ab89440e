/** The grid filter's scan: log-weights to fixed-point weights, their prefix sums and the decision to resample, for one filter of 10⁴ … 10⁷ particles. Its limit is copying the same bytes. */

import { bound_of } from '../bounds.ts';
import { large_sizes, open_grid_stages } from '../grid_stages.ts';
import { measure, repeats } from '../measure.ts';
import type { Subject } from '../subject.ts';

/** Per particle: the log-weight read (4), its 64-bit prefix written (8); what there is per tile of 1024 adds a hundredth. */
const bytes = 12;

export const scan: Subject = {
  name: 'scan',
  what: 'weights and prefix sums of one filter of 10⁴ … 10⁷ particles (grid), against copying',
  async run({ device, quick, limits, report }) {
    for (const particles of large_sizes(device, quick)) {
      const stages = await open_grid_stages(device, particles, true);
      const measured = await measure(device, repeats(quick), stages.scan);
      stages.destroy();
      const ms = (measured.gpu ?? measured.wall).median;
      report({
        label: 'weigh and scan',
        shape: 'grid',
        sizes: { particles },
        work: { count: particles, unit: 'weights' },
        ...measured,
        rate: particles / (measured.wall.median / 1000),
        // The wish is about bandwidth, so nothing but bytes is in the bound.
        bound: bound_of({ bytes, operations: 0 }, particles, limits, ms),
        peers: [],
      });
    }
  },
};
