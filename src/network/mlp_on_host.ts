/** A perceptron evaluated by the host, for the few points of a report. */

import { activations } from './activation.ts';
import type { Part } from './mlp.ts';

/** @param weights of one net @param input of a part without layers comes back as it is */
export function evaluate_mlp({ mlp, layers }: Part, weights: Float32Array, input: ArrayLike<number>): Float64Array {
  let units = Float64Array.from(input);
  if (mlp === undefined) return units;
  const { value } = activations[mlp.activation];
  for (const [n, { first, outputs, own_inputs, own_outputs }] of layers.entries()) {
    // Row 0 is time's, which no part that the host evaluates has.
    const next = Float64Array.from(weights.subarray(first + outputs, first + outputs + own_outputs));
    for (let i = 0; i < own_inputs; i++) {
      const row = first + (i + 2) * outputs;
      const unit = units[i] as number;
      for (let j = 0; j < own_outputs; j++) next[j] = (next[j] as number) + unit * (weights[row + j] as number);
    }
    units = n === layers.length - 1 ? next : next.map(value);
  }
  return units;
}
