/**
 * Kalman filter of the catalog's lgssm in float64, with the derivatives of everything in (mu, phi, sigma) carried along (forward sensitivities).
 *
 *   x_0 ~ N(0, 1),   x_t = mu x_{t−1} + phi v_t,   y_t = x_t + sigma e_t
 */

type Triple = [number, number, number];

export interface Kalman {
  log_likelihood: number;
  gradient: Triple;
  increments: number[];
  /** Of y_t given y_1 … y_{t−1}. */
  predicted: { mean: number; variance: number }[];
  /** Of x_t given y_1 … y_t. */
  filtered: { mean: number; variance: number }[];
}

/** `y`: NaN where nothing was observed. */
export function kalman([mu, phi, sigma]: readonly [number, number, number], y: readonly number[]): Kalman {
  const result: Kalman = { log_likelihood: 0, gradient: [0, 0, 0], increments: [], predicted: [], filtered: [] };
  let mean = 0;
  let variance = 1;
  let d_mean: Triple = [0, 0, 0];
  let d_variance: Triple = [0, 0, 0];
  for (const observed of y) {
    d_mean = d_mean.map((d, k) => mu * d + (k === 0 ? mean : 0)) as Triple;
    d_variance = d_variance.map(
      (d, k) => mu * mu * d + (k === 0 ? 2 * mu * variance : 0) + (k === 1 ? 2 * phi : 0),
    ) as Triple;
    mean *= mu;
    variance = mu * mu * variance + phi * phi;
    const s = variance + sigma * sigma;
    result.predicted.push({ mean, variance: s });
    if (Number.isNaN(observed)) {
      result.increments.push(0);
    } else {
      const e = observed - mean;
      const gain = variance / s;
      const increment = -0.5 * (Math.log(2 * Math.PI * s) + (e * e) / s);
      result.increments.push(increment);
      result.log_likelihood += increment;
      for (const k of [0, 1, 2] as const) {
        const d_s = d_variance[k] + (k === 2 ? 2 * sigma : 0);
        const d_gain = (d_variance[k] - gain * d_s) / s;
        result.gradient[k] += -0.5 * (d_s / s - (e * e * d_s) / (s * s)) + (e * d_mean[k]) / s;
        d_mean[k] = (1 - gain) * d_mean[k] + d_gain * e;
        d_variance[k] = (1 - gain) * d_variance[k] - d_gain * variance;
      }
      mean += gain * e;
      variance *= 1 - gain;
    }
    result.filtered.push({ mean, variance });
  }
  return result;
}
