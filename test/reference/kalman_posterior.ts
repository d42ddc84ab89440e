/**
 * Posterior and evidence by brute force in float64: Gauss–Legendre nodes over the box of a uniform prior, the likelihood by the Kalman filter. The integrand is smooth inside the
 * box, so the error falls faster than any power of the number of nodes; the caller chooses it (40 an axis gives eight digits for lgssm-100).
 */

import { kalman } from './kalman.ts';

export interface BoxPosterior {
  log_evidence: number;
  mean: number[];
  sd: number[];
}

/** Nodes and weights on (−1, 1): roots of Legendre's polynomial by Newton's method (Abramowitz & Stegun 25.4.29). */
export function gauss_legendre(count: number): { node: number; weight: number }[] {
  return Array.from({ length: count }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let [before, now] = [1, x];
      for (let n = 2; n <= count; n++) [before, now] = [now, ((2 * n - 1) * x * now - (n - 1) * before) / n];
      slope = (count * (x * now - before)) / (x * x - 1);
      const change = now / slope;
      x -= change;
      if (Math.abs(change) < 1e-15) break;
    }
    return { node: x, weight: 2 / ((1 - x * x) * slope * slope) };
  });
}

/** For a uniform prior over the box, each axis [from, to]. */
export function box_posterior(
  box: readonly (readonly [number, number])[],
  nodes: number,
  log_likelihood: (theta: readonly number[]) => number,
): BoxPosterior {
  const rule = gauss_legendre(nodes);
  let points: { theta: number[]; mass: number }[] = [{ theta: [], mass: 1 }];
  for (const [from, to] of box) {
    points = points.flatMap(({ theta, mass }) =>
      rule.map(({ node, weight }) => ({
        theta: [...theta, from + ((to - from) * (1 + node)) / 2],
        mass: (mass * weight) / 2,
      })),
    );
  }
  const logs = points.map(({ theta }) => log_likelihood(theta));
  const top = logs.reduce((a, b) => Math.max(a, b));
  const weights = points.map(({ mass }, k) => mass * Math.exp((logs[k] as number) - top));
  const total = weights.reduce((a, b) => a + b, 0);
  const expect = (f: (theta: readonly number[]) => number) =>
    points.reduce((s, { theta }, k) => s + (weights[k] as number) * f(theta), 0) / total;
  const mean = box.map((_, i) => expect((theta) => theta[i] as number));
  const sd = mean.map((m, i) => Math.sqrt(expect((theta) => ((theta[i] as number) - m) ** 2)));
  return { log_evidence: top + Math.log(total), mean, sd };
}

/** lgssm under its catalog priors, mu ~ U(0, 1), phi, sigma ~ U(0, 2). */
export const lgssm_posterior = (y: readonly number[], nodes: number): BoxPosterior =>
  box_posterior(
    [
      [0, 1],
      [0, 2],
      [0, 2],
    ],
    nodes,
    ([mu = 0, phi = 0, sigma = 0]) => kalman([mu, phi, sigma], y).log_likelihood,
  );

/** x_1 ~ N(0, 1), x_t = a x_{t−1} + N(0, ½), y_t = x_t + N(0, 0.3), both variances. */
export function unknown_ar_log_likelihood(a: number, y: readonly number[]): number {
  let [mean, variance, sum] = [0, 1, 0];
  y.forEach((observed, t) => {
    if (t > 0) {
      mean *= a;
      variance = a * a * variance + 0.5;
    }
    const total = variance + 0.3;
    const gain = variance / total;
    sum -= 0.5 * (Math.log(2 * Math.PI * total) + (observed - mean) ** 2 / total);
    mean += gain * (observed - mean);
    variance *= 1 - gain;
  });
  return sum;
}
