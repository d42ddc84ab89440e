/**
 * The posterior of the deterministic SIR model on the 1978 influenza data by brute force in float64: Runge–Kutta with many steps, the negative binomial as its textbook writes it,
 * and the trapezoid rule over a box that holds all but 1e-10 of the posterior (it converges faster than any power for a smooth function that vanishes at the edges).
 */

import { log_gamma } from './distributions.ts';

/** i at days 1, 2, … for N = 763, I_0 = 1, by classical Runge–Kutta with `steps` a day. */
export function sir_infected(beta: number, gamma: number, days: number, steps: number): number[] {
  const rate = (s: number, i: number) => {
    const infection = (beta * s * i) / 763;
    return [-infection, infection - gamma * i] as const;
  };
  const h = 1 / steps;
  const path: number[] = [];
  let [s, i] = [762, 1];
  for (let k = 1; k <= days * steps; k++) {
    const a = rate(s, i);
    const b = rate(s + (h / 2) * a[0], i + (h / 2) * a[1]);
    const c = rate(s + (h / 2) * b[0], i + (h / 2) * b[1]);
    const d = rate(s + h * c[0], i + h * c[1]);
    s += (h / 6) * (a[0] + 2 * b[0] + 2 * c[0] + d[0]);
    i += (h / 6) * (a[1] + 2 * b[1] + 2 * c[1] + d[1]);
    if (k % steps === 0) path.push(i);
  }
  return path;
}

export interface SirPosterior {
  log_evidence: number;
  /** beta, gamma, phi_inverse */
  mean: [number, number, number];
  sd: [number, number, number];
}

/** @param log_prior normalised log density of (beta, gamma, phi_inverse) */
export function sir_posterior(
  counts: readonly number[],
  log_prior: (theta: readonly [number, number, number]) => number,
): SirPosterior {
  const points = 48;
  const axis = (from: number, to: number) =>
    Array.from({ length: points }, (_, k) => from + ((to - from) * (k + 0.5)) / points);
  const betas = axis(1.3, 2.35);
  const gammas = axis(0.15, 1.05);
  // phi_inverse on a log scale, to follow its skewness.
  const overdispersions = axis(Math.log(0.008), Math.log(3)).map(Math.exp);
  const cell = ((2.35 - 1.3) / points) * ((1.05 - 0.15) / points) * (Math.log(3 / 0.008) / points);
  const gammas_of = overdispersions.map((o) =>
    counts.map((k) => log_gamma(k + 1 / o) - log_gamma(1 / o) - log_gamma(k + 1)),
  );

  const log_density: number[] = [];
  const thetas: [number, number, number][] = [];
  for (const beta of betas) {
    for (const gamma of gammas) {
      const means = sir_infected(beta, gamma, counts.length, 64);
      overdispersions.forEach((o, n) => {
        const size = 1 / o;
        const likelihood = counts.reduce((sum, k, t) => {
          const m = means[t] as number;
          return (
            sum + (gammas_of[n]?.[t] as number) + size * Math.log(size / (size + m)) + k * Math.log(m / (size + m))
          );
        }, 0);
        thetas.push([beta, gamma, o]);
        log_density.push(likelihood + log_prior([beta, gamma, o]) + Math.log(o));
      });
    }
  }
  const top = log_density.reduce((a, b) => Math.max(a, b));
  const weights = log_density.map((l) => Math.exp(l - top));
  const total = weights.reduce((a, b) => a + b);
  const expect = (f: (theta: readonly number[]) => number) =>
    thetas.reduce((sum, theta, n) => sum + (weights[n] as number) * f(theta), 0) / total;
  const mean = [0, 1, 2].map((d) => expect((theta) => theta[d] as number)) as [number, number, number];
  const sd = mean.map((m, d) => Math.sqrt(expect((theta) => ((theta[d] as number) - m) ** 2))) as [
    number,
    number,
    number,
  ];
  return { log_evidence: top + Math.log(total * cell), mean, sd };
}
