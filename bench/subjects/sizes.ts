/** The filter bank with gradient over a range of particles, filters and steps, in the shape that the bank itself chooses; and how far apart the rates are. */

import { work_of } from '../bank_work.ts';
import { arm, sizes_for } from '../cross.ts';
import { time_work } from '../filter_row.ts';
import { size_words } from '../format.ts';
import type { Row } from '../record.ts';
import type { Subject } from '../subject.ts';

export const sizes: Subject = {
  name: 'sizes',
  what: 'filter bank with gradient: particles 128…4096, filters 64…16384, steps 50…1000',
  async run(context) {
    const cross = sizes_for(context.device, context.quick);
    const seen = new Set<string>();
    const rows: Row[] = [];
    for (const dimension of ['particles', 'filters', 'steps'] as const) {
      for (const size of arm(cross, dimension)) {
        // The centre lies on every arm.
        const key = JSON.stringify(size);
        if (seen.has(key)) continue;
        seen.add(key);
        const row = await time_work(context, work_of({ model: 'lgssm', ...size, gradient: 'fixed-ancestor' }));
        context.report(row);
        rows.push(row);
      }
    }
    const ascending = rows.toSorted((a, b) => a.rate - b.rate);
    for (const [what, row] of [['slowest', ascending[0]] as const, ['fastest', ascending.at(-1)] as const]) {
      if (!row) continue;
      context.find({
        label: `${row.label}, ${what} of ${rows.length} sizes: ${size_words(row.sizes)}`,
        value: row.rate / 1e6,
        unit: `million ${row.work.unit}/s`,
      });
    }
  },
};
