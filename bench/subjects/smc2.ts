/**
 * SMC² by wall time: to a stated accuracy on LGSSM, and on the problem that smcx publishes times for. Each timed run starts cold, from the prior and on a device of its own, whose kernels it
 * compiles. The row names the first run by itself, because caches of the driver and of the process may serve the later ones.
 */

import { time_to_accuracy } from '../smc2/accuracy.ts';
import { time_published_problem } from '../smc2/published.ts';
import type { Subject } from '../subject.ts';

export const smc2: Subject = {
  name: 'smc2',
  what: 'SMC² from a cold start: LGSSM to a stated accuracy; unknown AR coefficient, 512 × 512 and 1024 × 1024',
  async run(context) {
    await time_to_accuracy(context);
    await time_published_problem(context);
  },
};
