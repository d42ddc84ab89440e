/**
 * What a kernel needs to evaluate and differentiate the perceptron of one part (shaders/network/mlp.wgsl): generated modules, and its rows of work.
 *
 * Rows: time, ones, the kernel's own, inputs, outputs of every layer, derivatives by these outputs, derivatives by the inputs.
 */

import type { KernelOptions } from '../gpu/device.ts';
import { activation_module } from './activation.ts';
import { layers_module } from './layers_module.ts';
import type { NetLayout, Part } from './mlp.ts';
import { constants, switch_function } from './module_text.ts';
import { product_module } from './product_module.ts';
import { slopes_module } from './slopes_module.ts';
import { tiling_directives } from './tiles.ts';

export interface MlpKernel {
  parts: Pick<KernelOptions, 'modules' | 'directives'>;
  /** Of `work`, for every workgroup. */
  rows: number;
  /** Numbers of a workgroup in `gradients`: the part's parameters, and four terms of the loss. */
  gradients: number;
}

/**
 * @param own_rows of work, for the kernel's own use
 * @param outside of a part without layers: rows of its inputs, and those of its outputs, where they are not the inputs
 */
export function mlp_kernel(
  layout: NetLayout,
  part: Part,
  { batch, own_rows, outside }: { batch: number; own_rows: number; outside: { inputs: number; outputs?: number } },
): MlpKernel {
  const { tiling } = layout;
  const { layers } = part;
  const row_own = 2;
  const row_input = row_own + own_rows;
  const inputs = layers[0]?.inputs ?? outside.inputs;
  let next = row_input + inputs;
  const take = (count: number) => {
    next += count;
    return next - count;
  };
  const results = layers.map(({ outputs }) => take(outputs));
  const by_results = layers.map(({ outputs }) => take(outputs));
  const row_by_input = take(inputs);
  const own_outputs = layers.length === 0 ? outside.outputs : undefined;
  const [row_output, row_by_output] = own_outputs
    ? [take(own_outputs), take(own_outputs)]
    : [results.at(-1) ?? row_input, by_results.at(-1) ?? row_by_input];
  const places = layers.map(({ own_inputs, inputs: all }, n) => {
    // Shared tiles take two inputs at once.
    const used = n === 0 ? 2 * Math.ceil(own_inputs / 2) : all;
    const source = n === 0 ? row_input : results[n - 1];
    const by_source = n === 0 ? row_by_input : by_results[n - 1];
    return `Place(${used}u, ${source}u, ${results[n]}u, ${by_source}u, ${by_results[n]}u)`;
  });
  const sizes = {
    quads: batch / 4,
    weight_quads: layout.numbers / 4,
    parameter_quads: part.count / 4 + 1,
    work_rows: next,
  };
  const rows = {
    row_own,
    row_input,
    row_output,
    row_by_output,
    row_by_input,
    padded_inputs: inputs,
    padded_outputs: layers.at(-1)?.outputs ?? own_outputs ?? inputs,
    part_first: part.first / 4,
    free_first: part.free_first,
    terms_quad: part.count / 4,
  };
  return {
    parts: {
      modules: {
        network_sizes: constants(sizes),
        network_places: `${constants(rows)}${part.mlp ? `${place_struct}${switch_function('place_at', 'Place', places)}` : ''}`,
        ...(part.mlp
          ? {
              network_layers: layers_module(layers),
              network_product: product_module(tiling),
              network_slopes: slopes_module(tiling),
              network_activation: activation_module(part.mlp.activation),
            }
          : {}),
      },
      directives: tiling_directives(tiling),
    },
    rows: next,
    gradients: part.count + 4,
  };
}

const place_struct = `
/// Rows of work around a layer.
struct Place {
  used_inputs: u32,    // an even number
  source: u32,
  result: u32,
  by_source: u32,
  by_result: u32,
}

`;
