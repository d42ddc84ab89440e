/**
 * The small residual network that one workgroup trains (shaders/network/energy.wgsl), as the host knows it: sizes, where its parameters lie, and their first values.
 *
 * Layers of [time, bias, inputs][output] numbers, one after the other: d → w, w → w, w → w (the block's two), w → d. Inputs and outputs come in whole tiles: those beyond d are zero, and
 * stay so. Behind the parameters lie the layers' transposes [output][input], without time and bias.
 */

import type { Words } from '../random/threefry.ts';
import { truncated_normal } from './initial.ts';
import type { Layer } from './layers_module.ts';
import { constants } from './module_text.ts';
import { padded, type Tiling } from './tiles.ts';

export interface NetworkSizes {
  /** d, which is the dimension of the output too. */
  inputs: number;
  /** w, in whole tiles. */
  units: number;
  /** Samples of an update, in whole tiles. */
  batch: number;
  tiling: Tiling;
}

const padded_inputs = ({ inputs, tiling }: NetworkSizes) => padded(tiling, inputs);

export function layers(sizes: NetworkSizes): Layer[] {
  const { units } = sizes;
  const outside = padded_inputs(sizes);
  const shapes: [number, number][] = [
    [outside, units],
    [units, units],
    [units, units],
    [units, outside],
  ];
  let first = 0;
  let back = shapes.reduce((sum, [from, to]) => sum + (from + 2) * to, 0);
  return shapes.map(([inputs, outputs]) => {
    const layer = { first, back, inputs, outputs };
    first += (inputs + 2) * outputs;
    back += inputs * outputs;
    return layer;
  });
}

/** Without the transposes. */
export function parameter_count(sizes: NetworkSizes): number {
  return layers(sizes).reduce((sum, layer) => sum + (layer.inputs + 2) * layer.outputs, 0);
}

/** With the transposes. */
export function weight_count(sizes: NetworkSizes): number {
  return layers(sizes).reduce((sum, layer) => sum + layer.inputs * layer.outputs, parameter_count(sizes));
}

/** Rows of `work` (shaders/network/rows.wgsl). */
export const work_rows = (sizes: NetworkSizes) => 4 + 5 * padded_inputs(sizes) + 21 * sizes.units;

/** The text of `package::network_sizes`. */
export function network_sizes_module(sizes: NetworkSizes): string {
  return constants({
    dimension: sizes.inputs,
    even_inputs: 2 * Math.ceil(sizes.inputs / 2),
    padded_inputs: padded_inputs(sizes),
    units: sizes.units,
    quads: sizes.batch / 4,
    parameter_quads: parameter_count(sizes) / 4,
    weight_quads: weight_count(sizes) / 4,
    work_rows: work_rows(sizes),
    ...Object.fromEntries(
      layers(sizes).flatMap(({ first, back }, id) => [
        [`layer_${id}`, first / 4],
        [`back_${id}`, back / 4],
      ]),
    ),
  });
}

/**
 * Normal with variance 1/inputs (LeCun), cut at two standard deviations of the normal before the cut; biases 0. The last layer is 0 altogether, so that training starts from the
 * standard normal.
 *
 * @param net counts the nets of a run
 */
export function initial_weights(sizes: NetworkSizes, key: Words, net: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(weight_count(sizes));
  for (const [id, { first, back, inputs, outputs }] of layers(sizes).slice(0, -1).entries()) {
    const real = id === 0 ? sizes.inputs : inputs;
    const scale = 1 / Math.sqrt(real + 1);
    // Time, and the inputs that there are.
    for (const i of [-2, ...Array(real).keys()]) {
      for (let j = 0; j < outputs; j++) {
        const at = first + (i + 2) * outputs + j;
        const z = truncated_normal(key, net * weights.length + at);
        weights[at] = scale * z;
        if (i >= 0) weights[back + j * inputs + i] = scale * z;
      }
    }
  }
  return weights;
}
