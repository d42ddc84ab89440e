/** A line as `log-density` model whose posterior is exact: y_i ~ N(a + b x_i, 1), a and b ~ N(0, ¼²). */

export const line = `export default {
  kind: 'log-density', name: 'line',
  parameters: { a: { prior: { normal: [0, 0.25] } }, b: { prior: { normal: [0, 0.25] } } },
  row: ['x', 'y'],
  wgsl: 'fn log_likelihood(row: Row, theta: Theta) -> f32 { return normal_log_density(row.y, theta.a + theta.b * row.x, 1.0); }',
};`;

/** Means and sds of a and b: precision 16 I + XᵀX, X of rows (1, x). */
export function line_posterior(x: readonly number[], y: readonly number[]) {
  const sum = (f: (v: number, i: number) => number) => x.reduce((total, v, i) => total + f(v, i), 0);
  const [aa, ab, bb] = [16 + x.length, sum((v) => v), 16 + sum((v) => v * v)];
  const [ra, rb] = [sum((_, i) => y[i] as number), sum((v, i) => v * (y[i] as number))];
  const determinant = aa * bb - ab * ab;
  return {
    a: { mean: (bb * ra - ab * rb) / determinant, sd: Math.sqrt(bb / determinant) },
    b: { mean: (aa * rb - ab * ra) / determinant, sd: Math.sqrt(aa / determinant) },
  };
}
