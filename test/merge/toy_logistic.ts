/**
 * The toy logistic regression of arXiv 2406.11664 as its authors stored it (github ctrojan/DiffusionDnC, MIT licence): 15 shards, the exact
 * posterior, and the results of their merges. The files lie beside the project (shared/data), not in it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { read_npy } from '../../src/data/npy.ts';
import { type Points, points_between } from '../../src/diagnostics/points.ts';

const folder = new URL('../../../shared/data/diffusion-merge/toy-logistic/', import.meta.url);

export const has_toy_logistic = existsSync(folder);

function read(name: string) {
  const path = fileURLToPath(new URL(`${name}.npy`, folder));
  return read_npy(readFileSync(path), path);
}

/** 10 000 draws of the two coefficients. */
export function stored_draws(name: 'exact' | 'diff_15shards' | 'gp_15shards' | 'semikde_15shards'): Points {
  const { shape, values } = read(`samples_${name}`);
  const [count = 0, dimension = 0] = shape;
  return { count, dimension, values };
}

/** 15 shards of 10 000 draws; those for SwISS drew from the likelihood to the power 15. */
export function stored_shards(name: '15shards_samples' | '15shards_samples_swiss'): Points[] {
  const { shape, values } = read(name);
  const [shards = 0, count = 0, dimension = 0] = shape;
  const all: Points = { count: shards * count, dimension, values };
  return Array.from({ length: shards }, (_, b) => points_between(all, b * count, (b + 1) * count));
}
