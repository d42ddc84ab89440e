/** Kernel density of draws on an even grid. */

/** An even grid: start, start + step, … */
export interface Grid {
  start: number;
  step: number;
  points: number;
}

/** Kernels below this share of their peak are left out; with sums of at most 1e7 draws that stays below rounding. */
const NEGLIGIBLE = 1e-24;

/**
 * [grid point] mean over draws of the normal density with standard deviation `bandwidth`. NaN where that is not positive.
 *
 * Along an even grid a normal density is a product: k(x + s) = k(x) r(x), and r(x + s) = r(x) e^(−s²/h²). So each draw
 * takes four exponentials and walks outwards from its nearest grid point, where factors only shrink and rounding errors
 * stay at a few units of the last digit per step.
 */
export function kernel_density(draws: Float64Array, bandwidth: number, { start, step, points }: Grid): Float64Array {
  const density = new Float64Array(points);
  if (!(bandwidth > 0)) return density.fill(Number.NaN);
  const scale = 1 / (2 * bandwidth * bandwidth);
  const shrink = Math.exp(-2 * step * step * scale);
  for (const x of draws) {
    const nearest = Math.min(points - 1, Math.max(0, Math.round((x - start) / step)));
    const offset = start + nearest * step - x;
    const peak = Math.exp(-offset * offset * scale);
    let kernel = peak;
    let ratio = Math.exp(-(2 * offset + step) * step * scale);
    for (let g = nearest; g < points && kernel > NEGLIGIBLE; g++) {
      density[g] = (density[g] as number) + kernel;
      kernel *= ratio;
      ratio *= shrink;
    }
    ratio = Math.exp((2 * offset - step) * step * scale);
    kernel = peak * ratio;
    for (let g = nearest - 1; g >= 0 && kernel > NEGLIGIBLE; g--) {
      density[g] = (density[g] as number) + kernel;
      ratio *= shrink;
      kernel *= ratio;
    }
  }
  const norm = Math.sqrt(scale / Math.PI) / draws.length;
  return density.map((sum) => sum * norm);
}
