/** Slopes at the nodes of a window by the deep kernel of arXiv 2312.10550 in float64: shaders/sde/deep_kernel.wgsl, by elimination instead of a factor. */

/** @param values [node] @param spans seconds from each node to the next @param parameters log ℓ, then a, b and c of every unit. Derivatives by time at the nodes. */
export function kernel_slopes(values: number[], spans: number[], parameters: ArrayLike<number>): number[] {
  const units = (parameters.length - 1) / 3;
  const number = (n: number) => parameters[n] as number;
  const scale = Math.exp(number(0));
  const length = spans.reduce((sum, span) => sum + span, 0);
  let before = 0;
  const warped = values.map((_, i) => {
    const tau = (2 * before) / length - 1;
    before += spans[i] ?? 0;
    let [phi, slope] = [tau, 1];
    for (let n = 0; n < units; n++) {
      const [a, b, c] = [number(1 + n), number(1 + units + n), number(1 + 2 * units + n)];
      const h = Math.tanh(a * tau + b);
      phi += c * h;
      slope += c * a * (1 - h * h);
    }
    return { phi, slope: (slope * 2) / length };
  });
  const apart = (i: number, j: number) => (warped[i]?.phi as number) - (warped[j]?.phi as number);
  const kernel = (i: number, j: number) => Math.exp(-(apart(i, j) ** 2) / scale);
  const solved = solve(
    values.map((_, i) => values.map((__, j) => kernel(i, j) + (i === j ? 1e-5 : 0))),
    values,
  );
  return warped.map(
    ({ slope }, i) => slope * solved.reduce((sum, w, j) => sum - ((2 * apart(i, j)) / scale) * kernel(i, j) * w, 0),
  );
}

/** Gauss's elimination with the largest pivot. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const count = right.length;
  const at = (i: number, j: number) => rows[i]?.[j] as number;
  for (let j = 0; j < count; j++) {
    let pivot = j;
    for (let i = j + 1; i < count; i++) if (Math.abs(at(i, j)) > Math.abs(at(pivot, j))) pivot = i;
    [rows[j], rows[pivot]] = [rows[pivot] as number[], rows[j] as number[]];
    for (let i = 0; i < count; i++) {
      if (i === j) continue;
      const by = at(i, j) / at(j, j);
      rows[i] = (rows[i] as number[]).map((v, k) => v - by * at(j, k));
    }
  }
  return rows.map((row, i) => (row[count] as number) / at(i, i));
}
