/** The diagonal metric G of preconditioned SGLD (Li et al., arXiv 1512.07666), learned in warm-up and frozen, so that the derivative of G, Γ, is 0. */

/** Of RMSprop, beside the root of a mean square per row. */
const least_root = 1e-5;

/** G from mean squares of the gradient [D][particle]. Its geometric mean is 1, so that step sizes keep their meaning. */
export function metric_of_squares(squares: Float32Array, particles: number): Float32Array<ArrayBuffer> {
  const dimension = squares.length / particles;
  const scale = Float64Array.from({ length: dimension }, (_, d) => {
    const mean = squares.subarray(d * particles, (d + 1) * particles).reduce((sum, v) => sum + v / particles, 0);
    return 1 / (least_root + Math.sqrt(mean));
  });
  const log_mean = scale.reduce((sum, g) => sum + Math.log(g) / dimension, 0);
  return Float32Array.from(scale, (g) => g / Math.exp(log_mean));
}
