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
  // Variances come to rest soon, and then what follows from them is known.
  let [known, total, gain, log_term] = [Number.NaN, 0, 0, 0];
  for (let t = 0; t < y.length; t++) {
    const [ahead, spread] = [mu * mean, mu * mu * variance + phi * phi];
    // Not observed.
    if (Number.isNaN(y[t])) {
      [mean, variance] = [ahead, spread];
      continue;
    }
    if (spread !== known) {
      known = spread;
      total = spread + sigma * sigma;
      gain = spread / total;
      log_term = Math.log(2 * Math.PI * total);
    }
    const off = (y[t] as number) - ahead;
    sum -= 0.5 * (log_term + (off * off) / total);
    [mean, variance] = [ahead + gain * off, (1 - gain) * spread];
  }
  return sum;
}

/** Rows at most: of so many the grid is added up within a second. */
const most_rows = 400;

/** The same where it can be shown: undefined of a series that is long, or whose posterior falls between the points of the grid. */
export function shown_posterior(y: ArrayLike<number>): ExactPosterior | undefined {
  if (y.length > most_rows) return undefined;
  const found = exact_posterior(y);
  // A sum over points h apart of a normal with sd s is off by 2 exp(−2π² s² / h²): 5e-9 where s is h.
  return found.marginals.every(({ x, y: density }) => spread(x, density) > (x[1] as number) - (x[0] as number))
    ? found
    : undefined;
}

function spread(x: readonly number[], density: readonly number[]): number {
  const total = density.reduce((a, b) => a + b, 0);
  const mean = x.reduce((sum, at, i) => sum + (at * (density[i] as number)) / total, 0);
  return Math.sqrt(x.reduce((sum, at, i) => sum + ((at - mean) ** 2 * (density[i] as number)) / total, 0));
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
