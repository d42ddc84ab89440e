// Cholesky factors of small symmetric matrices that lie in a storage buffer, by one invocation: A = L·Lᵀ, row by row.
//
// `frozen` holds them; `at` is where a matrix starts. Written for covariances of a particle population, which may be singular when the population has collapsed: a pivot
// that is not above a millionth of its variance is replaced by that, and what is below it by zero, so that the factor always exists and proposals stay proper.

import package::smc2::frozen::frozen;

/// Replaces the lower triangle at `at` by its factor and clears the upper one. Returns log det L.
fn factor_in_place(at: u32, n: u32) -> f32 {
  var log_determinant = 0.0;
  for (var j = 0u; j < n; j++) {
    let scale = max(frozen[at + j * n + j], 1e-30);
    var pivot = frozen[at + j * n + j];
    for (var k = 0u; k < j; k++) {
      pivot -= frozen[at + j * n + k] * frozen[at + j * n + k];
    }
    let floored = pivot <= 1e-6 * scale;
    let diagonal = sqrt(max(pivot, 1e-6 * scale));
    log_determinant += log(diagonal);
    frozen[at + j * n + j] = diagonal;
    for (var i = j + 1u; i < n; i++) {
      var sum = frozen[at + i * n + j];
      for (var k = 0u; k < j; k++) {
        sum -= frozen[at + i * n + k] * frozen[at + j * n + k];
      }
      // Below a floored pivot there is only rounding; divided by the small pivot it would grow from column to column.
      frozen[at + i * n + j] = select(sum / diagonal, 0.0, floored);
      frozen[at + j * n + i] = 0.0;
    }
  }
  return log_determinant;
}
