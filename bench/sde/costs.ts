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
    const steps = quick ? 20 : 100;
    const turns = quick ? 5 : 25;
    const times: number[][] = [[], []];
    for (let turn = 0; turn <= turns; turn++) {
      for (const [n, { trainer }] of trained.entries()) {
        const started = performance.now();
        await trainer.run(steps);
        // The first turn compiles.
        if (turn > 0) times[n]?.push((performance.now() - started) / steps);
      }
    }
    const [of_short, of_long] = times.map((own) => summarise(own).median) as [number, number];
    find({
      label: `a step of Lorenz’s system with T = ${short}`,
      value: of_short,
      unit: 'ms',
    });
    const apart = of_long / of_short - 1;
    find({
      label: `the same with T = ${long}, longer by`,
      value: 100 * apart,
      unit: '%',
      ...(quick ? {} : { wanted: `within ${100 * wanted}`, met: Math.abs(apart) <= wanted }),
    });
  } finally {
    for (const { trainer } of trained) trainer.destroy();
  }
}
