/** The exact posterior of the linear Gaussian model, by Kalman's filter on a grid over its uniform priors: the truth beside the estimate. */

export interface ExactPosterior {
  /** Densities of mu, phi and sigma. */
  marginals: { x: number[]; y: number[] }[];
  log_evidence: number;
}

/** Points along mu, phi and sigma: the posterior's sds are many times the distances. */
const counts = [48, 56, 56] as const;
/** Of the uniform priors. */
const ends = [1, 2, 2] as const;

/** log p(y) of x_0 ~ N(0, 1), x_t = mu x_{t−1} + phi v_t, y_t = x_t + sigma e_t (Kalman 1960). */
export function kalman_log_likelihood(y: ArrayLike<number>, mu: number, phi: number, sigma: number): number {
  let [mean, variance, sum] = [0, 1, 0];
  for (let t = 0; t < y.length; t++) {
    const [ahead, spread] = [mu * mean, mu * mu * variance + phi * phi];
    // Not observed.
    if (Number.isNaN(y[t])) {
      [mean, variance] = [ahead, spread];
      continue;
    }
    const total = spread + sigma * sigma;
    const off = (y[t] as number) - ahead;
    sum -= 0.5 * (Math.log(2 * Math.PI * total) + (off * off) / total);
    const gain = spread / total;
    [mean, variance] = [ahead + gain * off, (1 - gain) * spread];
  }
  return sum;
}

export function exact_posterior(y: ArrayLike<number>): ExactPosterior {
  const points = counts.map((count, d) =>
    Array.from({ length: count }, (_, i) => ((i + 0.5) / count) * (ends[d] as number)),
  );
  const [mus, phis, sigmas] = points as [number[], number[], number[]];
  const logs = mus.map((mu) => phis.map((phi) => sigmas.map((sigma) => kalman_log_likelihood(y, mu, phi, sigma))));
  const top = logs.flat(2).reduce((a, b) => Math.max(a, b));
  const sums = points.map((of) => of.map(() => 0));
  let total = 0;
  for (const [a, plane] of logs.entries()) {
    for (const [b, row] of plane.entries()) {
      for (const [c, value] of row.entries()) {
        const mass = Math.exp(value - top);
        total += mass;
        for (const [d, at] of [a, b, c].entries())
          (sums[d] as number[])[at] = ((sums[d] as number[])[at] as number) + mass;
      }
    }
  }
  return {
    marginals: points.map((x, d) => ({
      x,
      y: (sums[d] as number[]).map((mass) => ((mass / total) * x.length) / (ends[d] as number)),
    })),
    log_evidence: top + Math.log(total / (counts[0] * counts[1] * counts[2])),
  };
}
