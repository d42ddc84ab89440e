/** What is trained: Lorenz's system, and random numbers of the shape of the walking set of arXiv 2312.10550. */

import { normals_at } from '../../src/random/normals.ts';
import { site } from '../../src/random/threefry.ts';
import type { SdeConfig } from '../../src/sde/config.ts';
import { lorenz } from '../../src/sde/examples/lorenz.ts';
import { simulate } from '../../src/sde/examples/simulate.ts';
import { type Plan, plan_fit } from '../../src/sde/fit.ts';
import type { Series } from '../../src/sde/series.ts';

export interface Problem {
  name: string;
  plan: Plan;
}

function problem_of(name: string, series: Series[], observed: number, config: SdeConfig): Problem {
  const channels = Array.from({ length: observed }, (_, c) => `y${c + 1}`);
  const names = { series: series.map((_, n) => `series ${n + 1}`), channels };
  return { name, plan: plan_fit(series, { config, names }) };
}

/** 100 observations per unit of time for so long. The settings are those of the example. */
export function lorenz_problem(time: number): Problem {
  const count = 100 * time + 1;
  const drift = lorenz.drift as (z: ArrayLike<number>) => number[];
  const options = {
    drift,
    start: [8, -2, 36.05],
    diffusion: 0,
    count,
    spacing: 0.01,
    inner: 2,
    noise: [0.79, 0.9, 0.86],
  };
  const { series } = simulate(options, [1, 1]);
  return problem_of(`Lorenz’s system, T = ${time}`, [series], 3, lorenz.config);
}

/** 16 series of 300 observations of 50 channels a tenth apart, six components; networks as in the published settings. */
export function mocap_problem(): Problem {
  const observed = 50;
  const series = Array.from({ length: 16 }, (_, s) => {
    const times = Float64Array.from({ length: 300 }, (__, n) => 0.1 * n);
    const noise = normals_at([50, s], site.observation, 0, 300 * observed);
    const turns = normals_at([50, 99], site.start, 0, 2 * observed);
    // Waves with phases of their own, and noise: something to learn.
    const values = Float64Array.from(noise, (eps, i) => {
      const [n, c] = [Math.floor(i / observed), i % observed];
      return Math.sin(0.3 * n + (turns[c] as number)) * (1 + 0.3 * (turns[observed + c] as number)) + 0.2 * eps;
    });
    return { times, values };
  });
  return problem_of('random series of the shape of the walking set', series, observed, {
    ...{
      latent: 6,
      drift: { hidden: [30] },
      encoder: { hidden: [30, 30, 15], sees: 3 },
      decoder: { hidden: [15, 30, 30] },
    },
    ...{ every: 1, rotation: false, training: { steps: 1600, learning_rate: 0.01 } },
    estimator: { windows: 1, pairs: 50, paths: 10, repeats: 2 },
  });
}
