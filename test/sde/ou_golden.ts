/** The Ornstein–Uhlenbeck golden set: data, and samples at the exact posterior that stand for its integrals (Gauss and Legendre in time, two points for what is quadratic in ε). */

import { ou_posterior } from '../reference/ou_process.ts';

export const theta = 1;
export const diffusion = 1;
export const noise_variance = 0.09;
export const times = Array.from({ length: 8 }, (_, k) => 0.25 + 0.5 * k);
export const values = times.map((t) => Math.sin(2 * t));
export const stationary = diffusion / (2 * theta);

export const exact = ou_posterior({ theta, diffusion, noise_variance, times, values });

export interface GoldenSample {
  weight: number;
  eps: number;
  m: number;
  dm: number;
  l: number;
  dl: number;
}

/** Of q: the exact posterior, or the prior. */
export type Moments = (time: number) => { m: number; dm: number; S: number; dS: number };

export const prior: Moments = () => ({ m: 0, dm: 0, S: stationary, dS: 0 });

export function path_samples(moments: Moments): GoldenSample[] {
  const ends = [0, ...times, 4];
  const rule = legendre(40);
  return ends.slice(1).flatMap((end, i) => {
    const begin = ends[i] as number;
    return rule.flatMap(([x, weight]) => {
      const { m, dm, S, dS } = moments(begin + 0.5 * (x + 1) * (end - begin));
      // E of a quadratic in ε is its mean at ±1.
      return [1, -1].map((eps) => ({ weight: 0.25 * weight * (end - begin), eps, m, dm, l: Math.log(S), dl: dS / S }));
    });
  });
}

/** Nodes in (−1, 1) and weights of Gauss's rule, by Newton's method on Legendre's polynomial. */
export function legendre(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 20; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (n * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}
