/**
 * Distances of whole joint distributions by their projections on random lines, where a sort gives them exactly. Cost:
 * directions × (n·d + n log n), with every draw used; the only Monte Carlo error is of the choice of directions.
 */
import { log_gamma } from '../../model/log_gamma.ts';
import { normals_at } from '../../random/normals.ts';
import { site, type Words } from '../../random/threefry.ts';
import type { Points } from '../points.ts';
import { energy_squared, wasserstein_squared } from './one_dimension.ts';

export interface SliceOptions {
  /** Chooses the directions. */
  key: Words;
  /** 256 unless told: the standard error of a squared distance is then below √(2 / 256) = 9 % of it for a mere shift. */
  directions?: number;
}

export interface SlicedDistances {
  /** √ mean over directions u of W₂²(u·a, u·b): of order 2. */
  sliced_wasserstein: number;
  /** √(2 E|X − Y| − E|X − X′| − E|Y − Y′|) with Euclidean lengths. */
  energy: number;
}

/**
 * Both distances in the units that the draws have. |x| is a constant times the mean of |u·x| over directions u, so the squared energy
 * distance is that constant times its mean over lines: no pair of draws is ever formed.
 */
export function sliced_distances(a: Points, b: Points, { key, directions = 256 }: SliceOptions): SlicedDistances {
  let wasserstein = 0;
  let energy = 0;
  for (let k = 0; k < directions; k++) {
    const direction = direction_at(key, k, a.dimension);
    const x = project(a, direction).sort();
    const y = project(b, direction).sort();
    wasserstein += wasserstein_squared(x, y);
    energy += energy_squared(x, y);
  }
  return {
    sliced_wasserstein: Math.sqrt(wasserstein / directions),
    energy: Math.sqrt((length_per_projection(a.dimension) * energy) / directions),
  };
}

/** Uniform on the unit sphere: a normal vector divided by its length. */
function direction_at(key: Words, which: number, dimension: number): Float64Array {
  const normals = normals_at(key, site.momentum, which, dimension);
  const length = Math.hypot(...normals);
  return normals.map((z) => z / length);
}

function project({ count, dimension, values }: Points, direction: Float64Array): Float64Array {
  const projected = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++, at += dimension) {
    let sum = 0;
    for (let j = 0; j < dimension; j++) sum += (values[at + j] as number) * (direction[j] as number);
    projected[i] = sum;
  }
  return projected;
}

/** 1 / E|u₁| = √π Γ((d + 1)/2) / Γ(d/2). */
function length_per_projection(dimension: number): number {
  return Math.sqrt(Math.PI) * Math.exp(log_gamma((dimension + 1) / 2) - log_gamma(dimension / 2));
}
