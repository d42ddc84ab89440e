/** Generates `package::network_layers`: which parameters are a layer's, and where its transpose is. */

import { switch_function } from './module_text.ts';

export interface Layer {
  /** Of its parameters, [time, bias, inputs][output]. */
  first: number;
  /** Of the numbers of its transpose, [output][input]. */
  back: number;
  /** In whole tiles; 0: parameters without a layer, two rows of them. */
  inputs: number;
  outputs: number;
}

/** Everything in vec4. */
export function layers_module(all: readonly Layer[]): string {
  const entries = all.map(
    ({ first, back, inputs, outputs }) => `Layer(${first / 4}u, ${back / 4}u, ${inputs}u, ${outputs}u)`,
  );
  return `
struct Layer {
  first: u32,
  back: u32,
  inputs: u32,
  outputs: u32,
}

const layer_count = ${all.length}u;
${switch_function('layer_at', 'Layer', entries)}`;
}
