/** Twin of shaders/network/energy.wgsl in float64, written for clarity: E(x, s) = −½|NN(x, s) − x|² with its score, by plain loops, one sample at a time. */

import { layers, type NetworkSizes } from '../../src/network/residual.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const silu = (x: number) => x * sigmoid(x);
const silu_slope = (x: number) => sigmoid(x) * (1 + x * (1 - sigmoid(x)));

export interface Energy {
  energy: number;
  score: number[];
}

export function energy_at(sizes: NetworkSizes, weights: ArrayLike<number>, x: readonly number[], s: number): Energy {
  const [l0, l1, l2, l3] = layers(sizes) as [Layer, Layer, Layer, Layer];
  const d = sizes.inputs;
  const w = sizes.units;
  const h0 = affine(weights, l0, x, s, w);
  const z1 = affine(weights, l1, h0, s, w);
  const z2 = affine(weights, l2, z1.map(silu), s, w);
  const h1 = h0.map((h, j) => h + silu(z2[j] as number));
  const r = affine(weights, l3, h1, s, d).map((o, j) => o - (x[j] as number));
  const by_h1 = back(
    weights,
    l3,
    r.map((v) => -v),
    w,
  );
  const by_u1 = back(weights, l2, times(by_h1, z2.map(silu_slope)), w);
  const through = back(weights, l1, times(by_u1, z1.map(silu_slope)), w);
  const by_h0 = by_h1.map((b, j) => b + (through[j] as number));
  const score = back(weights, l0, by_h0, d).map((b, j) => b + (r[j] as number));
  return { energy: -0.5 * r.reduce((sum, v) => sum + v * v, 0), score };
}

type Layer = ReturnType<typeof layers>[number];

function affine(weights: ArrayLike<number>, layer: Layer, input: readonly number[], s: number, outputs: number) {
  const at = (i: number, j: number) => weights[layer.first + (i + 2) * layer.outputs + j] as number;
  return Array.from(
    { length: outputs },
    (_, j) => input.reduce((sum, v, i) => sum + v * at(i, j), 0) + s * at(-2, j) + at(-1, j),
  );
}

function back(weights: ArrayLike<number>, layer: Layer, by_output: readonly number[], inputs: number) {
  return Array.from({ length: inputs }, (_, i) =>
    by_output.reduce((sum, v, j) => sum + v * (weights[layer.first + (i + 2) * layer.outputs + j] as number), 0),
  );
}

const times = (a: readonly number[], b: readonly number[]) => a.map((v, i) => v * (b[i] as number));
