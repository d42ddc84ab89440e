/** Sets of equally weighted draws of several quantities at once: what is merged, and what distances compare. */

export interface Points {
  /** Draws. */
  count: number;
  /** Quantities per draw. */
  dimension: number;
  /** [draw][dimension] */
  values: Float64Array;
}

/** An affine map x ↦ matrix · (x − center) + shift. */
export interface AffineMap {
  /** [dimension][dimension] */
  matrix: Float64Array;
  /** [dimension] */
  center: Float64Array;
  /** [dimension] */
  shift: Float64Array;
}

/** [draw] quantity number `j`. */
export function column({ count, dimension, values }: Points, j: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => values[i * dimension + j] as number);
}

/** Draws `from` … `to` − 1; a view, not a copy. */
export function points_between({ dimension, values }: Points, from: number, to: number): Points {
  return { count: to - from, dimension, values: values.subarray(from * dimension, to * dimension) };
}

/** [dimension], in two passes, so that a large offset costs no digits. NaN for no draws. */
export function points_mean({ count, dimension, values }: Points): Float64Array {
  const pass = (center: Float64Array) => {
    const sum = new Float64Array(dimension);
    for (let at = 0; at < values.length; at += dimension) {
      for (let j = 0; j < dimension; j++)
        sum[j] = (sum[j] as number) + (values[at + j] as number) - (center[j] as number);
    }
    return sum.map((s, j) => (center[j] as number) + s / count);
  };
  return pass(pass(new Float64Array(dimension)));
}

/** [dimension][dimension], unbiased, with n − 1, exactly symmetric; NaN for fewer than two draws. */
export function points_covariance(points: Points, center = points_mean(points)): Float64Array {
  const { count, dimension, values } = points;
  const sums = new Float64Array(dimension * dimension);
  const deviation = new Float64Array(dimension);
  for (let at = 0; at < values.length; at += dimension) {
    for (let j = 0; j < dimension; j++) {
      const d = (values[at + j] as number) - (center[j] as number);
      deviation[j] = d;
      const row = j * dimension;
      for (let k = 0; k <= j; k++) sums[row + k] = (sums[row + k] as number) + d * (deviation[k] as number);
    }
  }
  const covariance = new Float64Array(dimension * dimension);
  for (let j = 0; j < dimension; j++) {
    for (let k = 0; k <= j; k++) {
      const c = count > 1 ? (sums[j * dimension + k] as number) / (count - 1) : Number.NaN;
      covariance[j * dimension + k] = c;
      covariance[k * dimension + j] = c;
    }
  }
  return covariance;
}

/** The map of every draw. */
export function map_points({ count, dimension, values }: Points, { matrix, center, shift }: AffineMap): Points {
  const mapped = new Float64Array(values.length);
  const deviation = new Float64Array(dimension);
  for (let at = 0; at < values.length; at += dimension) {
    for (let k = 0; k < dimension; k++) deviation[k] = (values[at + k] as number) - (center[k] as number);
    for (let j = 0, row = 0; j < dimension; j++, row += dimension) {
      let y = shift[j] as number;
      for (let k = 0; k < dimension; k++) y += (matrix[row + k] as number) * (deviation[k] as number);
      mapped[at + j] = y;
    }
  }
  return { count, dimension, values: mapped };
}
