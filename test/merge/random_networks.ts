/** Networks that have learned nothing, but whose every parameter matters. */

import { layers, type NetworkSizes, weight_count } from '../../src/network/residual.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { threefry } from '../../src/random/threefry.ts';

export const normals = (seed: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => normal_from_bits(threefry([seed, 0], [i, 0])[0]));

/** All parameters at random, the last layer's too, and their transposes; 0 beyond d. */
export function random_weights(sizes: NetworkSizes, seed: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(weight_count(sizes));
  const noise = normals(seed, weights.length);
  layers(sizes).forEach(({ first, back, inputs, outputs }, id) => {
    const is_real = (i: number, j: number) => !(id === 0 && i >= sizes.inputs) && !(id === 3 && j >= sizes.inputs);
    for (let i = -2; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        if (!is_real(i, j)) continue;
        const at = first + (i + 2) * outputs + j;
        const value = ((noise[at] as number) * 0.8) / Math.sqrt(inputs);
        weights[at] = value;
        if (i >= 0) weights[back + j * inputs + i] = value;
      }
    }
  });
  return weights;
}
