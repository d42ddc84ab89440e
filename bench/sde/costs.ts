/** That a step costs the same for series a hundred times as long: by turns, so that what else the machine does falls on both. */

import { summarise } from '../quartiles.ts';
import type { Context } from '../subject.ts';
import { lorenz_problem } from './problems.ts';
import { create_trained } from './trained.ts';

/** Relative difference of the times of a step, at the most. */
const wanted = 0.05;

export async function show_costs({ device, quick, find, say }: Context): Promise<void> {
  const [short, long] = quick ? [10, 100] : [100, 10_000];
  const trained = [];
  for (const time of [short, long]) {
    say(`series of T = ${time} are simulated`);
    trained.push(await create_trained(device, lorenz_problem(time), 100_000));
  }
  try {
    const steps = 20;
    const turns = quick ? 10 : 300;
    const of_short: number[] = [];
    const ratios: number[] = [];
    for (let turn = 0; turn <= turns; turn++) {
      const times: number[] = [];
      for (const { trainer } of trained) {
        const started = performance.now();
        await trainer.run(steps);
        times.push((performance.now() - started) / steps);
      }
      const [a, b] = times as [number, number];
      // The first turn compiles.
      if (turn === 0) continue;
      of_short.push(a);
      ratios.push(Math.log(b / a));
    }
    find({ label: `a step of Lorenz’s system with T = ${short}`, value: summarise(of_short).median, unit: 'ms' });
    const mean = ratios.reduce((sum, r) => sum + r / turns, 0);
    const sd = Math.sqrt(ratios.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (turns - 1));
    const apart = Math.expm1(mean);
    find({
      label: `the same with T = ${long}, longer by`,
      value: 100 * apart,
      standard_error: (100 * sd) / Math.sqrt(turns),
      unit: '%',
      ...(quick ? {} : { wanted: `within ${100 * wanted}`, met: Math.abs(apart) <= wanted }),
    });
  } finally {
    for (const { trainer } of trained) trainer.destroy();
  }
}
