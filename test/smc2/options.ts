/** Settings of `run_smc2` for the tests: the defaults of the command line at a small size. */

import type { Columns } from '../../src/filter/observations.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import type { Smc2Options } from '../../src/smc2/options.ts';

export const smc2_options = (
  problem: { model: StateSpaceModel; data: Columns },
  rest: Partial<Smc2Options> & Pick<Smc2Options, 'seed'>,
): Smc2Options => ({
  model: problem.model,
  data: problem.data,
  thetas: 256,
  particles: 1,
  proposal: 'langevin',
  correction: 'metropolis',
  l_kernel: 'gaussian',
  tempering: true,
  iterations: 5,
  preconditioned: true,
  blend: 1,
  noise: 'fresh',
  ...rest,
});

/** Every correction with every proposal. */
export const methods = (['langevin', 'random-walk'] as const).flatMap((proposal) =>
  (
    [
      { correction: 'metropolis', l_kernel: 'gaussian' },
      { correction: 'weight', l_kernel: 'forward' },
      { correction: 'weight', l_kernel: 'gaussian' },
    ] as const
  ).map((correction) => ({ proposal, ...correction })),
);
