/**
 * What the WGSL of the models in models/, and of the catalog's eight schools, computes, in float64 and from the definitions: log_density, or log_likelihood summed over the rows. Priors that the model declares are not in it.
 *
 * theta: the constrained scalars in the model's order. rows: [row][column], in the order of struct Row.
 */

type Rows = readonly (readonly number[])[];
export type Reference = (theta: readonly number[], rows: Rows) => number;

const half_log_two_pi = 0.5 * Math.log(2 * Math.PI);

const normal = (y: number, mean: number, sd: number) => -0.5 * ((y - mean) / sd) ** 2 - Math.log(sd) - half_log_two_pi;

const sum = (terms: readonly number[]) => terms.reduce((total, x) => total + x, 0);

const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((x, i) => x * (b[i] as number)));

const column = (rows: Rows, index: number) => rows.map((row) => row[index] as number);

/** log(1 + e^x), which neither overflows nor loses small values. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Bernoulli with log odds `intercept + weights · attributes`: y times the log odds, less log(1 + odds). */
const logistic = (intercept: number, weights: readonly number[], rows: Rows) =>
  sum(
    rows.map(([y, ...attributes]) => {
      const score = intercept + dot(weights, attributes);
      return (y as number) * score - softplus(score);
    }),
  );

export const german_credit_a: Reference = ([intercept, ...weights], rows) =>
  logistic(intercept as number, weights, rows);

export const german_credit_b: Reference = (theta, rows) => logistic(theta[24] as number, theta.slice(0, 24), rows);

/** −½ xᵀ A⁻¹ x − ½ log |2πA|: A⁻¹ is tridiagonal with 1, 1 + ρ², …, 1 + ρ², 1 on the diagonal and −ρ beside it, over 1 − ρ², and |A| = (1 − ρ²)^(d − 1). */
export const mvn: Reference = (x) => {
  const correlation = 0.99;
  const rest = 1 - correlation ** 2;
  const last = x.length - 1;
  const diagonal = sum(x.map((value, i) => (i === 0 || i === last ? 1 : 1 + correlation ** 2) * value * value));
  const beside = sum(x.slice(1).map((value, i) => value * (x[i] as number)));
  return -0.5 * ((diagonal - 2 * correlation * beside) / rest + last * Math.log(rest)) - x.length * half_log_two_pi;
};

/** U of arXiv 1810.04449's code in α, β, γ, from which the log of the Jacobian and the declared Beta prior are taken off again. */
export const stochastic_volatility: Reference = (theta, rows) => {
  const states = theta.slice(0, 1000);
  const [persistence, kappa, variance] = theta.slice(1000) as [number, number, number];
  const alpha = Math.log(persistence / (1 - persistence));
  const [beta, gamma] = [Math.log(kappa), Math.log(variance)];
  const phi = Math.tanh(alpha / 2);
  const squares = rows.map(([y], t) => (y as number) ** 2 * Math.exp(-(states[t] as number)));
  const steps = states.slice(1).map((x, t) => (x - phi * (states[t] as number)) ** 2);
  const first = states[0] as number;
  const energy =
    1000 * beta +
    0.5 * sum(states) +
    sum(squares) / (2 * kappa ** 2) -
    20.5 * alpha +
    22.5 * softplus(alpha) +
    505 * gamma +
    (2 * first ** 2 * Math.exp(alpha - gamma)) / (1 + Math.exp(alpha)) ** 2 +
    sum(steps) / (2 * variance) +
    0.25 / variance;
  // Density of α, β, γ over that of persistence, κ and σ²; the paper leaves out log 2, which is here in ½ log(4 p (1 − p)).
  const jacobian = alpha - 2 * softplus(alpha) + beta + gamma;
  const beta_prior = 19 * Math.log(persistence) + 0.5 * Math.log(1 - persistence);
  return -energy - jacobian - beta_prior + Math.LN2;
};

export const eight_schools: Reference = ([mu, tau, ...eta], rows) =>
  sum(
    rows.map(([y, sigma], j) =>
      normal(y as number, (mu as number) + (tau as number) * (eta[j] as number), sigma as number),
    ),
  );

export const kidscore_momhsiq: Reference = ([intercept, schooling, iq, sigma], rows) =>
  sum(
    rows.map(([score, mom_hs, mom_iq]) => {
      const mean = dot(
        [intercept as number, schooling as number, iq as number],
        [1, mom_hs as number, mom_iq as number],
      );
      return normal(score as number, mean, sigma as number);
    }),
  );

export const sblrc: Reference = (theta, rows) =>
  sum(rows.map(([y, ...x]) => normal(y as number, dot(theta.slice(0, 5), x), theta[5] as number)));

export const ark: Reference = ([alpha, ...rest], rows) => {
  const y = column(rows, 0);
  const [beta, sigma] = [rest.slice(0, 5), rest[5] as number];
  const lags = (t: number) => [1, 2, 3, 4, 5].map((lag) => y[t - lag] as number);
  return sum(y.map((value, t) => (t < 5 ? 0 : normal(value, (alpha as number) + dot(beta, lags(t)), sigma))));
};

/** Variances in closed form: s²_t = β^(t−1) s²_1 + Σ_k β^k (α_0 + α_1 e²_{t−1−k}). */
export const garch11: Reference = (theta, rows) => {
  const [mu, alpha_0, alpha_1, share] = theta as unknown as [number, number, number, number];
  const y = column(rows, 0);
  const beta_1 = share * (1 - alpha_1);
  const variance = (t: number) =>
    beta_1 ** t * 0.25 +
    sum(Array.from({ length: t }, (_, k) => beta_1 ** k * (alpha_0 + alpha_1 * ((y[t - 1 - k] as number) - mu) ** 2)));
  return Math.log(1 - alpha_1) + sum(y.map((value, t) => normal(value, mu, Math.sqrt(variance(t)))));
};

export const gauss_mix: Reference = (theta, rows) => {
  const [mu_0, mu_1, sigma_0, sigma_1, weight] = theta as unknown as [number, number, number, number, number];
  return sum(
    column(rows, 0).map((y) =>
      Math.log(weight * Math.exp(normal(y, mu_0, sigma_0)) + (1 - weight) * Math.exp(normal(y, mu_1, sigma_1))),
    ),
  );
};

/** By Gaussian elimination of [K | y] without pivoting: |K| is the product of the pivots, and yᵀ K⁻¹ y is what elimination takes from a last row [yᵀ | 0]. */
export const gp_regression: Reference = (theta, rows) => {
  const [rho, alpha, sigma] = theta as unknown as [number, number, number];
  const [x, y] = [column(rows, 0), column(rows, 1)];
  const table = x.map((a, i) => [
    ...x.map((b, j) => alpha ** 2 * Math.exp(-((a - b) ** 2) / (2 * rho ** 2)) + (i === j ? sigma : 0)),
    y[i] as number,
  ]);
  table.push([...y, 0]);
  const pivots = x.map((_, i) => {
    const row = table[i] as number[];
    const pivot = row[i] as number;
    for (const below of table.slice(i + 1)) {
      const factor = (below[i] as number) / pivot;
      row.forEach((value, j) => {
        below[j] = (below[j] as number) - factor * value;
      });
    }
    return pivot;
  });
  const quadratic = -((table[x.length] as number[])[x.length] as number);
  return -0.5 * (quadratic + sum(pivots.map(Math.log))) - x.length * half_log_two_pi;
};
