/**
 * Small dense linear algebra in float64, for covariances of up to a few hundred quantities. Square matrices are arrays
 * of size × size values, row by row; ml-matrix does the decompositions.
 */
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';

const matrix = (values: Float64Array, size: number) => Matrix.from1DArray(size, size, values);
const flat = (a: Matrix) => Float64Array.from(a.to1DArray());

/** The lower triangular L with L·Lᵀ = a. Throws Error where `a` is not symmetric and positive definite. */
export function lower_factor(a: Float64Array, size: number): Float64Array {
  const factor = new CholeskyDecomposition(matrix(a, size));
  if (!factor.isPositiveDefinite()) throw new Error('lower_factor: the matrix is not positive definite.');
  return flat(factor.lowerTriangularMatrix);
}

/** [j] the square of L_jj where L·Lᵀ = a, up to the first that is not positive, 0 there; those behind it mean nothing. */
export function squared_pivots(a: Float64Array, size: number): Float64Array {
  const { lowerTriangularMatrix: lower } = new CholeskyDecomposition(matrix(a, size));
  return Float64Array.from(lower.diagonal(), (pivot) => pivot * pivot);
}

/** L⁻¹ of a lower triangular L, column by column. */
export function lower_inverse(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let i = column; i < size; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = column; k < i; k++) rest -= (lower[i * size + k] as number) * (inverse[k * size + column] as number);
      inverse[i * size + column] = rest / (lower[i * size + i] as number);
    }
  }
  return inverse;
}

/** a⁻¹ of a symmetric positive definite a, exactly symmetric: the Gram matrix of L⁻¹. Throws as `lower_factor`. */
export function symmetric_inverse(a: Float64Array, size: number): Float64Array {
  const half = lower_inverse(lower_factor(a, size), size);
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += (half[k * size + i] as number) * (half[k * size + j] as number);
      inverse[i * size + j] = sum;
      inverse[j * size + i] = sum;
    }
  }
  return inverse;
}

/**
 * a^exponent of a symmetric positive definite a, symmetric itself: 0.5 gives the symmetric square root, −0.5 its inverse. Throws Error
 * where an eigenvalue is not positive.
 */
export function symmetric_power(a: Float64Array, size: number, exponent: number): Float64Array {
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(matrix(a, size), {
    assumeSymmetric: true,
  });
  if (!values.every((value) => value > 0)) throw new Error('symmetric_power: the matrix is not positive definite.');
  // Half the power on each side, so that the product of the two is symmetric to the last bit.
  const scaled = vectors.clone().mulRowVector(values.map((value) => value ** (exponent / 2)));
  return flat(scaled.mmul(scaled.transpose()));
}

/** a·b */
export function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return flat(matrix(a, size).mmul(matrix(b, size)));
}

/** aᵀ */
export function transposed(a: Float64Array, size: number): Float64Array {
  return a.map((_, at) => a[(at % size) * size + Math.floor(at / size)] as number);
}

/** a·aᵀ */
export function gram(a: Float64Array, size: number): Float64Array {
  const rows = matrix(a, size);
  return flat(rows.mmul(rows.transpose()));
}

/** a·x */
export function times_vector(a: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  return x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += (a[i * size + k] as number) * (x[k] as number);
    return sum;
  });
}
