/** Trajectories of shaders/sample/hmc.wgsl from given positions and momenta: what `begin` would start with the momenta that it draws. */

import type { Device } from '../../src/gpu/device.ts';
import type { LogDensityModel } from '../../src/model/types.ts';
import type { Metric } from '../../src/sample/metric.ts';
import { vector_slot } from '../../src/sample/params.ts';
import { numbers } from '../smc2/population.ts';
import { with_engine } from './chains.ts';
import { column } from './gaussian.ts';

/** In the place of sample/run: starts every chain, and lets it go to the end of its trajectory. */
const run_module = `
import package::sample::bindings::{params, vectors, vector_at, position, momentum};
import package::sample::chain::{Chain, moving, store_chain};
import package::sample::hamiltonian::{energy_of, kick, drift};
import package::sample::hmc::complete;
import package::sample_target::evaluate;
import package::model_space::dimension;

@group(0) @binding(14) var<storage, read> starts: array<f32>; // [position, momentum][D][chain]

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
  let c = at.x;
  if (c >= params.chains) {
    return;
  }
  for (var d = 0u; d < dimension; d++) {
    vectors[vector_at(position, d, c)] = starts[d * params.chains + c];
    vectors[vector_at(momentum, d, c)] = starts[(dimension + d) * params.chains + c];
  }
  var chain = Chain();
  chain.draw_log_density = evaluate(c);
  let energy = energy_of(chain.draw_log_density, c);
  chain.start_energy = energy;
  chain.lowest_energy = energy;
  chain.highest_energy = energy;
  chain.length = params.most_steps;
  chain.phase = moving;
  kick(c, 0.5 * params.epsilon);
  drift(c, params.epsilon);
  while (chain.phase == moving) {
    complete(c, &chain, evaluate(c));
  }
  store_chain(c, chain);
}
`;

/** Words of struct Chain. */
const lowest_energy = 6;

/** Whitened momentum (shaders/sample/bindings.wgsl). */
export interface Point {
  q: readonly number[];
  r: readonly number[];
}

export interface Trajectory extends Point {
  /** Largest minus smallest energy on the way. */
  spread: number;
}

export function run_trajectories(
  device: Device,
  setting: { model: LogDensityModel; metric: Metric; epsilon: number; steps: number },
  starts: readonly Point[],
): Promise<Trajectory[]> {
  const { model, metric, epsilon, steps } = setting;
  const chains = starts.length;
  const { dimension } = model;
  const packed = Float32Array.from(
    numbers(2 * dimension, (i) => starts.map(({ q, r }) => [...q, ...r][i] as number)).flat(),
  );
  const modules = { 'sample/run': run_module };
  const inputs = { starts: packed };
  return with_engine(device, { model, modules, inputs, chains, metric, machines: ['hmc'] }, async (engine) => {
    await engine.run({ machine: 'hmc', ticks: 1, limit: 1, origin: 0, thinning: 1, most_steps: steps, epsilon });
    const rows = (slot: number) => ({ buffer: 'vectors', first: slot * dimension, count: dimension }) as const;
    const energies = { buffer: 'chain_words', first: lowest_energy, count: 2 } as const;
    const [q, r, range] = (await engine.read([rows(vector_slot.position), rows(vector_slot.momentum), energies])) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    return starts.map((_, c) => {
      const [lowest, highest] = column(range, chains, c) as [number, number];
      return { q: column(q, chains, c), r: column(r, chains, c), spread: highest - lowest };
    });
  });
}
