/**
 * What resampling costs: a step that finds its parents and gathers them over the same step without. In the bank that is the whole filter, resampling before every step and never; in
 * the grid it is the one kernel that does both.
 */

import type { Shape } from '../../src/filter/bank.ts';
import { type BankWork, work_of } from '../bank_work.ts';
import { bank_shapes, time_work } from '../filter_row.ts';
import { large_sizes, open_grid_stages } from '../grid_stages.ts';
import { measure, repeats, same_clock } from '../measure.ts';
import type { Row } from '../record.ts';
import type { Context, Subject } from '../subject.ts';

export const resample: Subject = {
  name: 'resample',
  what: 'a step that resamples over one that does not: filter bank, and one filter of 10⁴ … 10⁷ particles (grid)',
  async run(context) {
    const hardware = context.device.adapter.kind === 'hardware';
    const size = hardware
      ? { filters: 1024, particles: 1024, steps: 100 }
      : { filters: 64, particles: 1024, steps: context.quick ? 20 : 100 };
    const work = work_of({ model: 'lgssm', ...size, gradient: 'none' });
    for (const shape of bank_shapes) await bank_pair(context, work, shape);
    for (const particles of large_sizes(context.device, context.quick)) await grid_pair(context, particles);
  },
};

async function bank_pair(context: Context, work: BankWork, shape: Shape) {
  const never = await time_work(context, { ...work, resample_below: 0 }, shape);
  // Above 1, because equal weights would not be below it.
  const always = await time_work(context, { ...work, resample_below: 2 }, shape);
  report_pair(context, never, always);
}

async function grid_pair(context: Context, particles: number) {
  const never = await grid_row(context, particles, false);
  const always = await grid_row(context, particles, true);
  report_pair(context, never, always);
}

async function grid_row({ device, quick }: Context, particles: number, resamples: boolean): Promise<Row> {
  const stages = await open_grid_stages(device, particles, resamples);
  stages.scan();
  const measured = await measure(device, repeats(quick), stages.propagate);
  stages.destroy();
  return {
    label: 'lgssm, one step',
    shape: 'grid',
    sizes: { particles },
    work: { count: particles, unit: 'particle-steps' },
    ...measured,
    rate: particles / (measured.wall.median / 1000),
    peers: [],
  };
}

function report_pair({ report }: Context, never: Row, always: Row) {
  const { medians, clock } = same_clock([never, always]);
  const [without, with_resampling] = medians as [number, number];
  const nanoseconds = (1e6 * (with_resampling - without)) / always.work.count;
  const ratio = with_resampling / without;
  report({ ...never, label: `${never.label}, never resampling` });
  report({
    ...always,
    label: `${always.label}, resampling before every step`,
    note: `${ratio.toFixed(2)} times the same without: ${nanoseconds.toFixed(2)} ns per particle and resampling${clock === 'GPU' ? ' (GPU time)' : ''}`,
  });
}
