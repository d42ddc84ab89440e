/** Series to learn from, made in float64. */

import { normals_at } from '../../random/normals.ts';
import { site, type Words } from '../../random/threefry.ts';
import type { Simulated } from './example.ts';

type Field = (z: readonly number[]) => number[];

export interface SimulateOptions {
  drift: Field;
  start: readonly number[];
  /** D of every component; 0: an ordinary differential equation. */
  diffusion: number;
  /** Observations, the first at the start. */
  count: number;
  spacing: number;
  /** Steps from one observation to the next: of Runge and Kutta's scheme, with the noise of the state added after each. */
  inner: number;
  /** sd of the observations' noise, the same for all components or one each. */
  noise: number | readonly number[];
}

/** All components are observed. */
export function simulate(
  { drift, start, diffusion, count, spacing, inner, noise }: SimulateOptions,
  key: Words,
): Simulated {
  const latent = start.length;
  const h = spacing / inner;
  const states = new Float64Array(count * latent);
  let z = [...start];
  for (let n = 0; n < count; n++) {
    states.set(z, n * latent);
    const eps = diffusion > 0 ? normals_at(key, site.transition, n, inner * latent) : undefined;
    for (let k = 0; k < inner; k++) {
      z = step_of(drift, z, h);
      if (eps) z = z.map((v, d) => v + Math.sqrt(diffusion * h) * (eps[k * latent + d] as number));
    }
  }
  const eps = normals_at(key, site.observation, 0, count * latent);
  const sd = (d: number) => (typeof noise === 'number' ? noise : (noise[d] as number));
  return {
    states,
    series: {
      times: Float64Array.from({ length: count }, (_, n) => n * spacing),
      values: states.map((v, i) => v + sd(i % latent) * (eps[i] as number)),
    },
  };
}

/** One step of the classical scheme of fourth order. */
export function step_of(drift: Field, z: readonly number[], h: number): number[] {
  const along = (slope: readonly number[], by: number) => z.map((v, d) => v + by * (slope[d] as number));
  const a = drift(z);
  const b = drift(along(a, h / 2));
  const c = drift(along(b, h / 2));
  const e = drift(along(c, h));
  return z.map(
    (v, d) => v + (h / 6) * ((a[d] as number) + 2 * (b[d] as number) + 2 * (c[d] as number) + (e[d] as number)),
  );
}
