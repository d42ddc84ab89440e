/** A perceptron in float64, on the layout of src/network/mlp.ts. */

import { activations } from '../../src/network/activation.ts';
import type { Part } from '../../src/network/mlp.ts';

/** @param weights of one net */
export function mlp_value(part: Part, weights: ArrayLike<number>, input: readonly number[], time = 0): number[] {
  if (part.mlp === undefined) return [...input];
  const { value } = activations[part.mlp.activation];
  return part.layers.reduce(
    (units, { first, outputs, own_inputs, own_outputs }, n) => {
      const is_last = n === part.layers.length - 1;
      return Array.from({ length: own_outputs }, (_, j) => {
        const weight = (row: number) => weights[first + row * outputs + j] as number;
        let sum = weight(0) * time + weight(1);
        for (let i = 0; i < own_inputs; i++) sum += weight(2 + i) * (units[i] as number);
        return is_last ? sum : value(sum);
      });
    },
    [...input],
  );
}
