/** The bound of a latent SDE whose q is simulated (shaders/sde/solve.wgsl) in float64, for given draws: one window. */

import type { Tables } from '../../src/sde/series.ts';
import type { Terms } from '../../src/sde/trainer.ts';
import { type BoundOptions, drift_at, encoded, log_density, moments_at, normal_divergence } from './sde.ts';

export interface SolverDraws {
  /** [path][step][d] standard normals: of the first state, then of the noise before every other one. */
  eps: number[][][];
  /** [d] behind log D. */
  diffusion: number[];
  steps_per_observation: number;
}

/** Without the divergence of log D from its prior. */
export function solver_terms(
  weights: ArrayLike<number>,
  draws: SolverDraws,
  options: BoundOptions,
): Omit<Terms, 'prior'> {
  const { model, layout, tables } = options;
  const { latent } = model;
  const window = tables.windows[options.window] as Tables['windows'][number];
  const nodes = Array.from({ length: window.intervals + 1 }, (_, i) =>
    encoded(weights, options, window.first_node + i),
  );
  const free = (part: 'encoder' | 'drift' | 'decoder', n: number) =>
    weights[layout.parts[part].free_first + n] as number;
  const big = draws.diffusion.map((draw, d) => Math.exp(free('drift', d) + Math.exp(free('drift', latent + d)) * draw));
  const steps = draws.eps[0]?.length as number;
  let path = 0;
  let likelihood = 0;
  for (const eps of draws.eps) {
    let z: number[] = [];
    for (let step = 0; step < steps; step++) {
      const tau = (step * window.intervals) / steps;
      const interval = Math.floor(tau + 1e-9);
      const node = tables.nodes[window.first_node + interval] as Tables['nodes'][number];
      const next = tables.nodes[window.first_node + interval + 1] as Tables['nodes'][number];
      const u = Math.max(0, tau - interval);
      const { m, l } = moments_at(nodes, interval, u, node.span, model);
      const at = (of: readonly number[], d: number) => of[d] as number;
      if (step === 0) z = m.map((v, d) => v + Math.exp(0.5 * at(l, d)) * at(eps[0] as number[], d));
      if (step % draws.steps_per_observation === 0) {
        const row = window.first_observation + step / draws.steps_per_observation;
        for (let c = 0; c < model.observed; c++) {
          const [value, known] = tables.values.subarray(2 * (row * model.observed + c)) as unknown as [number, number];
          likelihood += (known * log_density(model, at(z, c), 0, value, free('decoder', c))) / draws.eps.length;
        }
      }
      const h = (node.span * window.intervals) / steps;
      const f = drift_at(weights, options, z, node.clock + u * (next.clock - node.clock));
      const pulls = z.map((v, d) => -Math.expm1(-0.5 * at(big, d) * Math.exp(-at(l, d)) * h) * (at(m, d) - v));
      path += pulls.reduce((sum, v, d) => sum + (0.5 * v * v) / (at(big, d) * h), 0) / draws.eps.length;
      const noise = eps[step + 1];
      if (noise === undefined) break;
      z = z.map((v, d) => v + h * at(f, d) + at(pulls, d) + Math.sqrt(at(big, d) * h) * at(noise, d));
    }
  }
  let start = 0;
  for (let d = 0; d < latent && window.starts; d++) {
    const [m, l] = [nodes[0]?.[d], nodes[0]?.[3 * latent + d]] as [number, number];
    start += normal_divergence(m, l, free('encoder', d), free('encoder', latent + d));
  }
  return { path, likelihood, start };
}
