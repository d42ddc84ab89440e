/** A standard normal in two coordinates whose density is zero where x₀ is below a wall: minus infinity or NaN there, with a gradient that is NaN. */

import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { draws } from '../smc2/population.ts';

const plane = validate_model({
  kind: 'log-density',
  name: 'walled',
  parameters: { x: { size: 2, prior: { flat: true } } },
  wgsl: 'fn log_density(theta: Theta) -> f32 { return 0.0; }',
}) as LogDensityModel;

export type Beyond = 'minus infinity' | 'NaN';

/** The model's place, and in the place of its density one that writes the bits wanted: WGSL has no words for them. */
export function walled(wall: number, beyond: Beyond): { model: LogDensityModel; modules: Record<string, string> } {
  return {
    model: plane,
    modules: {
      sample_target: `
import package::sample::bindings::{params, vectors, vector_at, position, gradient};

fn evaluate(c: u32) -> f32 {
  let x = vectors[vector_at(position, 0u, c)];
  let y = vectors[vector_at(position, 1u, c)];
  vectors[vector_at(gradient, 0u, c)] = -x;
  vectors[vector_at(gradient, 1u, c)] = -y;
  if (x < f32(${wall})) {
    let zero = min(params.chains, 0u); // not known to the compiler, which would refuse the bits below
    vectors[vector_at(gradient, 0u, c)] = bitcast<f32>(0x7fc00000u + zero);
    return bitcast<f32>(${beyond === 'NaN' ? '0x7fc00000u' : '0xff800000u'} + zero);
  }
  return -0.5 * (x * x + y * y);
}
`,
    },
  };
}

/** Independent exact draws, [2][chains]: normals, again and again until one is beyond the wall. */
export function walled_draws(wall: number, chains: number, seed: number): Float32Array<ArrayBuffer> {
  const random = draws(seed);
  const inside = () => {
    for (;;) {
      const x = random.normal();
      if (x >= wall) return x;
    }
  };
  return Float32Array.from({ length: 2 * chains }, (_, i) => (i < chains ? inside() : random.normal()));
}
