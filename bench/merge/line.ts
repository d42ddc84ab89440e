/**
 * Three mixtures of two normals on a line, whose product has P(x > 0) = 0.55885: the weight between modes that hardly meet is what a learned merge gets wrong first.
 */

import { plain_space } from '../../src/merge/shards/space.ts';
import { as_shard, type LineDensity, line_draws, mixture_of } from './line_shards.ts';
import type { MakeTask } from './task.ts';

const normals = (...parts: [number, number, number][]) =>
  mixture_of(parts.map(([weight, mean, sd]) => ({ weight, mean, sd })));

export const line_mixtures: readonly LineDensity[] = [
  normals([0.7, -2, 1], [0.3, 2, 1]),
  normals([0.5, -2, 1], [0.5, 2, 1]),
  normals([0.2, -2, 0.8], [0.8, 2, 1.2]),
];

const product: LineDensity = {
  log_density: (x) => line_mixtures.reduce((sum, { log_density }) => sum + log_density(x), 0),
  gradient: (x) => line_mixtures.reduce((sum, { gradient }) => sum + gradient(x), 0),
  range: [-8, 8],
};

/** Of the product, by a grid of 600 001 points. */
export const right_of_zero = 0.55885;

export const line: MakeTask = async (_, sizes) => ({
  name: 'three mixtures on a line',
  space: plain_space({
    names: ['x'],
    shards: line_mixtures.map((density, b) =>
      as_shard(line_draws(density, b + 1, 2 * sizes.shard_draws), `shard ${b + 1}`),
    ),
  }),
  // Six times as many as elsewhere: chance alone moves the weight by 0.003.
  exact: line_draws(product, 9, 6 * sizes.draws).draws,
  truth: 'quantiles of the product',
  wanted: [],
  facts: ({ values }) => [
    {
      label: `distance of the weight right of 0 from ${right_of_zero}`,
      value: Math.abs(values.filter((x) => x > 0).length / values.length - right_of_zero),
      at_most: 0.01,
    },
  ],
});
