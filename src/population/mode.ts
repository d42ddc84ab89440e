/** The mode of a posterior in unconstrained space, where control variates are anchored: by climbing from several starts at once. */

import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import { constrain_all } from '../model/space.ts';
import { inner_theta, prior_of_theta } from '../model/theta_density.ts';
import type { LogDensityModel } from '../model/types.ts';
import type { Words } from '../random/threefry.ts';
import { evaluate_densities } from '../sample/evaluate.ts';
import { climb } from './climb.ts';
import { slot } from './params.ts';
import type { PopulationSpec } from './spec.ts';
import { starting_particles } from './start.ts';

const starts = 8;
const iterations = 800;

export interface Mode {
  /** Constrained. */
  theta: number[];
  /** Gradient of the log likelihood of all rows there, by parameter. */
  score: number[];
}

interface AnchorOptions {
  model: LogDensityModel;
  rows: PackedRows;
  spec: PopulationSpec;
  key: Words;
  on_progress?: (done: number, of: number) => void;
}

export async function find_anchor(
  device: Device,
  { model, rows, spec, key, on_progress }: AnchorOptions,
): Promise<Mode> {
  const exact: PopulationSpec = { ...spec, particles: starts, method: 'sgld', batch: 0 };
  const { particles } = await starting_particles(device, { model, rows, spec: exact, key });
  try {
    await climb(particles, iterations, on_progress);
    const { log_prior, log_likelihood } = await particles.evaluate();
    const density = (c: number) => (log_prior[c] as number) + (log_likelihood[c] as number);
    const best = Array.from({ length: starts }, (_, c) => c).reduce((a, b) => (density(b) > density(a) ? b : a));
    const all = await particles.read(slot.position);
    const phi = Float32Array.from({ length: model.dimension }, (_, d) => all[d * starts + best] as number);
    // Inside the bounds in f32, as the kernels have it.
    const theta = Array.from(inner_theta(model, constrain_all(model, phi), 'the mode'));
    const points = { count: 1, dimension: theta.length, values: Float64Array.from(theta) };
    const { gradients } = await evaluate_densities(device, model, { rows }, points);
    const prior = prior_of_theta(model, theta).gradient;
    return { theta, score: theta.map((_, i) => (gradients[i] as number) - (prior[i] as number)) };
  } finally {
    particles.destroy();
  }
}
