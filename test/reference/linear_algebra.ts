/** Small dense linear algebra in float64, as a textbook writes it. Matrices are arrays of rows. */

export type Vector = readonly number[];
export type Matrix = readonly Vector[];

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
export const entry = (a: Matrix, i: number, j: number) => a[i]?.[j] as number;

export const dot = (x: Vector, y: Vector) => x.reduce((sum, v, i) => sum + v * (y[i] as number), 0);
export const norm_squared = (x: Vector) => dot(x, x);
export const times_vector = (a: Matrix, x: Vector) => a.map((row) => dot(row, x));
export const transpose = (a: Matrix): number[][] =>
  range(a[0]?.length ?? 0).map((j) => a.map((row) => row[j] as number));
export const times = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => transpose(b).map((column) => dot(row, column)));
export const minus = (a: Matrix, b: Matrix): number[][] => a.map((row, i) => row.map((v, j) => v - entry(b, i, j)));

/** Solves a·x = b by Gaussian elimination with pivoting. */
export function solve(a: Matrix, b: Vector): number[] {
  const rows = a.map((row, i) => [...row, b[i] as number]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    rows.splice(k, n - k, ...rows.slice(k).sort((p, q) => Math.abs(q[k] as number) - Math.abs(p[k] as number)));
    const pivot = rows[k] as number[];
    for (let i = k + 1; i < n; i++) {
      const row = rows[i] as number[];
      const ratio = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j <= n; j++) row[j] = (row[j] as number) - ratio * (pivot[j] as number);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i] as number[];
    x[i] = ((row[n] as number) - dot(row.slice(i + 1, n), x.slice(i + 1))) / (row[i] as number);
  }
  return x;
}

/** log |det a| by Gaussian elimination with pivoting. */
export function log_determinant(a: Matrix): number {
  let rows = a.map((row) => [...row]);
  let sum = 0;
  while (rows.length > 0) {
    const [pivot, ...rest] = rows.toSorted((p, q) => Math.abs(q[0] as number) - Math.abs(p[0] as number)) as [
      number[],
      ...number[][],
    ];
    const [head, ...tail] = pivot as [number, ...number[]];
    sum += Math.log(Math.abs(head));
    rows = rest.map(([first, ...row]) => row.map((v, j) => v - ((first as number) / head) * (tail[j] as number)));
  }
  return sum;
}

/** a⁻¹·b */
export const divide = (b: Matrix, a: Matrix) => transpose(transpose(b).map((column) => solve(a, column)));

/** The lower triangular l with l·lᵀ = a. */
export function cholesky(a: Matrix): number[][] {
  const l = a.map((row) => row.map(() => 0));
  a.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      const li = l[i] as number[];
      const rest = (row[j] as number) - dot(li.slice(0, j), (l[j] as number[]).slice(0, j));
      li[j] = i === j ? Math.sqrt(rest) : rest / entry(l, j, j);
    }
  });
  return l;
}

export interface Joint {
  mean: Vector;
  covariance: Matrix;
}

/** Σ w x and Σ w (x − mean)(x − mean)ᵀ; the weights sum to one. */
export function weighted_moments(
  points: readonly Vector[],
  weights: Vector,
): { mean: number[]; covariance: number[][] } {
  const n = points[0]?.length ?? 0;
  const sum = (f: (x: Vector) => number) => points.reduce((s, x, m) => s + (weights[m] as number) * f(x), 0);
  const mean = range(n).map((i) => sum((x) => x[i] as number));
  const deviation = (x: Vector, i: number) => (x[i] as number) - (mean[i] as number);
  const covariance = range(n).map((i) => range(n).map((j) => sum((x) => deviation(x, i) * deviation(x, j))));
  return { mean, covariance };
}
