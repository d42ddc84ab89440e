/** Twin of shaders/merge/batch.wgsl in float64: what a net sees in one update. */

import type { TrainOptions } from '../../src/merge/train.ts';
import { normal_from_bits } from '../../src/random/normal.ts';
import { site, words_at } from '../../src/random/threefry.ts';

export interface Sample {
  row: number;
  a: number;
  s: number;
  /** Without noise. */
  clean: number[];
  x: number[];
  target: number[];
  log_density: number;
}

const uniform_open = (bits: number) => ((bits >>> 9) + 0.5) * 2 ** -23;

export function batch_of({ sizes, shards, key }: TrainOptions, net: number, update: number): Sample[] {
  const { inputs: d, batch } = sizes;
  const { rows, has_gradients } = shards[net % shards.length] as TrainOptions['shards'][number];
  const words = (index: number) => words_at(key, site.batch, update, net * batch * (1 + d) + index);
  return Array.from({ length: batch }, (_, b) => {
    const [which, when] = words(b);
    const row = which % (rows.length / (2 * d + 1));
    const cell = (column: number) => rows[row * (2 * d + 1) + column] as number;
    const u = (b + uniform_open(when)) / batch;
    const t = 1e-5 + (1 - 2e-5) * (has_gradients ? u ** 4 : u);
    const a = Math.exp(-t * (0.05 + 4.975 * t));
    const s = Math.sqrt(-Math.expm1(2 * Math.log(a)));
    const z = Array.from({ length: d }, (_, k) => {
      const i = k * (batch / 4) + Math.floor(b / 4);
      return normal_from_bits(words(batch + 2 * i + Math.floor((b % 4) / 2))[b % 2] as number);
    });
    const clean = z.map((_, k) => cell(k));
    return {
      ...{ row, a, s, clean },
      x: clean.map((x, k) => a * x + s * (z[k] as number)),
      target: z.map((v, k) => (has_gradients ? a * cell(d + k) - s * v : -v / s)),
      log_density: cell(2 * d),
    };
  });
}
