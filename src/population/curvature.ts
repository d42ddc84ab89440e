/** What a step size must be small against: the curvature of the log density, and the noise of minibatch gradients. Both are measured at a few points, in the coordinates that the metric makes. */

import { normals_at } from '../random/normals.ts';
import { site, type Words } from '../random/threefry.ts';
import { slot } from './params.ts';
import type { Particles } from './types.ts';

/** What is found is below the largest eigenvalue, by a few per cent where others are near to it; its direction does not matter. */
const iterations = 12;

/**
 * Largest curvature of −log π, by power iteration on differences of gradients: λ of √G H √G, over the points.
 *
 * @param probe particles at the points, which come back there; every gradient sees all rows
 * @param metric G, [D]
 */
export async function largest_curvature(probe: Particles, metric: ArrayLike<number>, key: Words): Promise<number> {
  const { dimension, count } = probe;
  const here = await probe.read(slot.position);
  const gradients = async (phi: Float32Array<ArrayBuffer>) => {
    probe.write(slot.position, phi);
    await probe.evaluate();
    return probe.read(slot.gradient);
  };
  const root = Float64Array.from(metric, Math.sqrt);
  const direction = Float64Array.from(normals_at(key, site.start, 1, dimension * count));
  const found = new Float64Array(count);
  for (let n = 0; n < iterations; n++) {
    normalize(direction, count);
    const moved = (sign: number) =>
      here.map((x, at) => {
        const [d, c] = [Math.floor(at / count), at % count];
        return x + sign * reach(found[c] as number) * (root[d] as number) * (direction[at] as number);
      });
    const [ahead, behind] = [await gradients(moved(1)), await gradients(moved(-1))];
    for (let at = 0; at < direction.length; at++) {
      const [d, c] = [Math.floor(at / count), at % count];
      const slope = ((behind[at] as number) - (ahead[at] as number)) / (2 * reach(found[c] as number));
      direction[at] = (root[d] as number) * slope;
    }
    found.set(lengths(direction, count));
  }
  probe.write(slot.position, here);
  const finite = found.filter((v) => Number.isFinite(v) && v > 0);
  return finite.length > 0 ? Math.max(...finite) : Number.POSITIVE_INFINITY;
}

/** A tenth of a standard deviation in the direction, as far as it is known. */
const reach = (curvature: number) => (curvature > 0 && Number.isFinite(curvature) ? 0.1 / Math.sqrt(curvature) : 1e-2);

/**
 * Largest variance of the noise of a minibatch gradient, by coordinate of √G g, over the points.
 *
 * @param batch rows of a gradient
 */
export async function gradient_noise(
  probe: Particles,
  metric: ArrayLike<number>,
  { batch, repeats = 16 }: { batch: number; repeats?: number },
): Promise<number> {
  if (batch === 0) return 0;
  const size = probe.dimension * probe.count;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let n = 0; n < repeats; n++) {
    await probe.evaluate({ batch, first_step: n });
    const gradient = await probe.read(slot.gradient);
    for (let at = 0; at < size; at++) {
      const apart = (gradient[at] as number) - (mean[at] as number);
      mean[at] = (mean[at] as number) + apart / (n + 1);
      squares[at] = (squares[at] as number) + apart * ((gradient[at] as number) - (mean[at] as number));
    }
  }
  // A mean over the points before the largest coordinate is taken: single variances of few repeats scatter.
  let largest = 0;
  for (let d = 0; d < probe.dimension; d++) {
    const of = squares.subarray(d * probe.count, (d + 1) * probe.count);
    const variance = of.reduce((sum, v) => sum + v / (repeats - 1) / probe.count, 0);
    largest = Math.max(largest, (metric[d] as number) * variance);
  }
  return largest;
}

function lengths(vectors: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (const [at, v] of vectors.entries()) sums[at % count] = (sums[at % count] as number) + v * v;
  return sums.map(Math.sqrt);
}

function normalize(vectors: Float64Array, count: number): void {
  const of = lengths(vectors, count);
  for (const [at, v] of vectors.entries()) vectors[at] = v / ((of[at % count] as number) || 1);
}
