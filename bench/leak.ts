/** Do filter banks that come and go leave buffers behind? A finding beside the times, because what leaks slows a long run down only later. */

import { open_bank, work_of } from './bank_work.ts';
import type { ProblemSize } from './peers/make_problem.ts';
import type { Context } from './subject.ts';

const banks = 10;

/** Opens, evaluates and destroys ten banks, and finds what the device holds after them. */
export async function find_leak({ device, find }: Context, size: ProblemSize): Promise<void> {
  const work = work_of(size);
  const bytes: number[] = [];
  for (let i = 0; i < banks; i++) {
    const bank = await open_bank(device, work);
    await bank.evaluate(size.filters);
    await device.finish();
    bank.destroy();
    bytes.push(device.buffers.allocated);
  }
  const [first = 0] = bytes;
  const last = bytes.at(-1) ?? 0;
  find({
    label: 'buffers on the device after ten banks',
    value: last,
    unit: 'B',
    wanted: `as after the first: ${first} B`,
    met: last === first,
  });
}
