/** Moments of q at any time, on the host: cubic Hermite between nodes with a slope on each side (shaders/sde/hermite.wgsl), the rotation linear. */

import { channels_of, rotations_of, type SdeModel } from './problem.ts';
import type { Tables } from './series.ts';

/** [component] each; of the rotation the entries i < j, by j and then i. */
export interface Moments {
  mean: Float64Array;
  mean_slope: Float64Array;
  log_variance: Float64Array;
  log_variance_slope: Float64Array;
  rotation: Float64Array;
}

export interface Posterior {
  /** Times at which a series begins and ends. */
  range(series: number): [number, number];
  /** Throws RangeError beyond the series. */
  at(series: number, time: number): Moments;
}

/** @param encoded [node][channel] */
export function create_posterior(model: SdeModel, { nodes }: Tables, encoded: Float32Array): Posterior {
  const { latent } = model;
  const channels = channels_of(model);
  const of_series = (series: number) => nodes.flatMap((node, n) => (node.series === series ? [n] : []));
  const members = Array.from({ length: (nodes.at(-1)?.series ?? -1) + 1 }, (_, series) => of_series(series));
  const time_of = (n: number) => nodes[n]?.time as number;
  const ends = (series: number): [number, number] => {
    const own = members[series] as number[];
    return [own[0] as number, own.at(-1) as number];
  };
  return {
    range: (series) => ends(series).map(time_of) as [number, number],
    at(series, time) {
      const [first, last] = ends(series);
      if (!(time >= time_of(first) && time <= time_of(last))) {
        throw new RangeError(`time ${time} is outside of series ${series + 1}`);
      }
      const left = interval_at(nodes, first, last, time);
      const { span, time: begin } = nodes[left] as Tables['nodes'][number];
      const u = (time - begin) / span;
      const value = (node: number, channel: number) => encoded[node * channels + channel] as number;
      const [by, slope] = [basis(u), basis_slope(u)];
      /** @param channel of the value; slopes to the right and to the left follow */
      const combine = ([a, b, c, e]: Basis, channel: number, d: number) =>
        a * value(left, channel + d) +
        b * value(left, channel + latent + d) +
        c * value(left + 1, channel + d) +
        e * value(left + 1, channel + 2 * latent + d);
      const all = (weights: Basis, channel: number, scale = 1) =>
        Float64Array.from({ length: latent }, (_, d) => combine(weights, channel, d) / scale);
      return {
        mean: all(by, 0),
        mean_slope: all(slope, 0, span),
        log_variance: all(by, 3 * latent),
        log_variance_slope: all(slope, 3 * latent, span),
        rotation: Float64Array.from({ length: rotations_of(model) }, (_, r) => {
          const channel = 6 * latent + r;
          return (1 - u) * value(left, channel) + u * value(left + 1, channel);
        }),
      };
    },
  };
}

/** Weights of the left value, the left node's slope to the right, the right value, the right node's slope to the left; slopes are per interval. */
type Basis = readonly [number, number, number, number];

function basis(u: number): Basis {
  const right = u * u * (3 - 2 * u);
  return [1 - right, u * (1 - u) ** 2, right, u * u * (u - 1)];
}

function basis_slope(u: number): Basis {
  const right = 6 * u * (1 - u);
  return [-right, (1 - u) * (1 - 3 * u), right, u * (3 * u - 2)];
}

/** The node where the interval begins that holds a time, by halving. */
function interval_at(nodes: Tables['nodes'], first: number, last: number, time: number): number {
  let [low, high] = [first, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.time as number) <= time) low = middle;
    else high = middle;
  }
  return low;
}
