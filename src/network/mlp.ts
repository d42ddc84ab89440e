/**
 * Multilayer perceptrons side by side in one net, as the host knows them: where their parameters lie, and their first values.
 *
 * A net is made of parts, each differentiated by a kernel of its own: layers of [time, bias, inputs][output] numbers, then `free` parameters without a layer. Behind the parameters of all parts
 * lie the layers' transposes [output][input]. Layers' inputs and outputs come in whole tiles: those beyond are zero, and stay so.
 */

import type { Words } from '../random/threefry.ts';
import type { Activation } from './activation.ts';
import { truncated_normal } from './initial.ts';
import type { Layer } from './layers_module.ts';
import { padded, type Tiling } from './tiles.ts';

export interface MlpShape {
  inputs: number;
  /** Units of the hidden layers; none: a linear map. */
  hidden: readonly number[];
  outputs: number;
  activation: Activation;
}

export interface PartShape {
  /** Absent: free parameters only. */
  mlp?: MlpShape;
  /** Parameters without a layer. */
  free: number;
}

/** Positions are those of numbers within a net. */
export interface Part extends PartShape {
  layers: MlpLayer[];
  first: number;
  /** Parameters from `first` on, with those that fill up tiles. */
  count: number;
  free_first: number;
}

export interface MlpLayer extends Layer {
  /** Without those that fill up tiles. */
  own_inputs: number;
  own_outputs: number;
}

export interface NetLayout<Name extends string = string> {
  tiling: Tiling;
  parts: Readonly<Record<Name, Part>>;
  /** Without the transposes. */
  parameters: number;
  /** With the transposes. */
  numbers: number;
}

/** Free parameters are two rows of a layer without inputs. */
const padded_free = (count: number) => 8 * Math.ceil(count / 8);

export function lay_out<Name extends string>(
  tiling: Tiling,
  shapes: Readonly<Record<Name, PartShape>>,
): NetLayout<Name> {
  const parts = {} as Record<Name, Part>;
  let first = 0;
  for (const [name, shape] of Object.entries(shapes) as [Name, PartShape][]) {
    const part: Part = { ...shape, layers: [], first, count: 0, free_first: 0 };
    for (const { own_inputs, own_outputs } of layer_shapes(shape.mlp)) {
      const [inputs, outputs] = [padded(tiling, own_inputs), padded(tiling, own_outputs)];
      part.layers.push({ first, back: 0, inputs, outputs, own_inputs, own_outputs });
      first += (inputs + 2) * outputs;
    }
    part.free_first = first;
    first += padded_free(shape.free);
    part.count = first - part.first;
    parts[name] = part;
  }
  let back = first;
  for (const { layers } of Object.values<Part>(parts)) {
    for (const layer of layers) {
      layer.back = back;
      back += layer.inputs * layer.outputs;
    }
  }
  return { tiling, parts, parameters: first, numbers: back };
}

function layer_shapes(mlp: MlpShape | undefined): { own_inputs: number; own_outputs: number }[] {
  if (mlp === undefined) return [];
  const units = [mlp.inputs, ...mlp.hidden, mlp.outputs];
  return units.slice(1).map((own_outputs, n) => ({ own_inputs: units[n] as number, own_outputs }));
}

/** All that Adam moves. */
export function all_layers({ parts }: NetLayout): Layer[] {
  return Object.values(parts).flatMap(({ layers, free, free_first }) => [
    ...layers,
    ...(free > 0 ? [{ first: free_first, back: 0, inputs: 0, outputs: padded_free(free) / 2 }] : []),
  ]);
}

/**
 * Layers are normal with variance 1/inputs (LeCun), cut at two standard deviations, biases and time 0; the last layer of a part is `last` times as large. Free parameters are 0.
 *
 * @param net counts the nets of a run
 */
export function initial_net(
  layout: NetLayout,
  key: Words,
  net: number,
  last: Readonly<Record<string, number>>,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(layout.numbers);
  for (const [name, { layers }] of Object.entries(layout.parts)) {
    for (const [n, { first, outputs, own_inputs, own_outputs }] of layers.entries()) {
      const scale = (n === layers.length - 1 ? (last[name] ?? 1) : 1) / Math.sqrt(own_inputs);
      for (let i = 0; i < own_inputs; i++) {
        for (let j = 0; j < own_outputs; j++) {
          const at = first + (i + 2) * outputs + j;
          weights[at] = scale * truncated_normal(key, net * weights.length + at);
        }
      }
    }
  }
  fill_transposes(layout, weights);
  return weights;
}

/** Of one net, from its parameters. */
export function fill_transposes({ parts }: NetLayout, weights: Float32Array): void {
  for (const { layers } of Object.values(parts)) {
    for (const { first, back, inputs, outputs } of layers) {
      for (let i = 0; i < inputs; i++) {
        for (let j = 0; j < outputs; j++) {
          weights[back + j * inputs + i] = weights[first + (i + 2) * outputs + j] as number;
        }
      }
    }
  }
}
