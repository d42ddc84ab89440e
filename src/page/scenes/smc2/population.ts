/** The population of θ-particles as the host sees it between iterations: a few rows, for marginals and arrows. */

import type { Device } from '../../../gpu/device.ts';
import { constrain_all } from '../../../model/space.ts';
import type { StateSpaceModel } from '../../../model/types.ts';
import type { PopulationView } from '../../../smc2/options.ts';

export interface Seen {
  /** Constrained, [D][theta]. */
  theta: Float64Array[];
  /** Normalised. */
  weights: Float64Array;
  /** What a short way along the gradient of the log posterior would add to theta, [D][theta]. */
  drift: Float64Array[];
}

export async function see_population(device: Device, model: StateSpaceModel, view: PopulationView): Promise<Seen> {
  const { thetas, population, log_weights } = view;
  const dimension = model.scalars.length;
  const [rows, logs] = (
    await Promise.all([device.read(population, 4 * (3 * dimension + 2) * thetas), device.read(log_weights, 4 * thetas)])
  ).map((bytes) => new Float32Array(bytes)) as [Float32Array, Float32Array];
  const at = (row: number, m: number) => rows[row * thetas + m] as number;
  const theta = model.scalars.map(() => new Float64Array(thetas));
  const drift = model.scalars.map(() => new Float64Array(thetas));
  const sd = Array.from({ length: dimension }, (_, d) => spread(rows.subarray(d * thetas, (d + 1) * thetas)));
  for (let m = 0; m < thetas; m++) {
    const phi = Float64Array.from({ length: dimension }, (_, d) => at(d, m));
    // Of the likelihood and of the prior (shaders/smc2/population.wgsl); in sds, so that every parameter counts alike.
    const slope = phi.map((_, d) => (at(dimension + 2 + d, m) + at(2 * dimension + 2 + d, m)) * (sd[d] as number));
    const length = Math.hypot(...slope);
    const moved = phi.map((x, d) => x + (0.4 * (sd[d] as number) * (slope[d] as number)) / Math.max(length, 1e-12));
    const [here, there] = [constrain_all(model, phi), constrain_all(model, moved)];
    for (let d = 0; d < dimension; d++) {
      (theta[d] as Float64Array)[m] = here[d] as number;
      (drift[d] as Float64Array)[m] = (there[d] as number) - (here[d] as number);
    }
  }
  return { theta, drift, weights: Float64Array.from(logs, Math.exp) };
}

function spread(values: Float32Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
