/** Posteriors in shards whose densities are known in closed form, each hard for a merge that takes shards for Gaussians. */

import type { Range } from '../../../data/report/svg.ts';

/** Of one shard: up to a constant. */
export interface ShardDensity {
  log_density(x: number, y: number): number;
  gradient(x: number, y: number): readonly [number, number];
}

export interface Problem {
  label: string;
  /** One sentence. */
  what: string;
  names: readonly [string, string];
  /** Of the plane that is shown. */
  ranges: readonly [Range, Range];
  /** Of the plane that is drawn from: what every shard has outside is below a millionth. */
  support: readonly [Range, Range];
  /** The first of so many, of which there are at most `most_shards`. */
  shards(count: number): ShardDensity[];
}

export const most_shards = 4;

/** Each station knows how far away something is, and not in which direction; stations almost in a row leave two places. */
const stations: Problem = {
  label: 'distances from stations',
  what: 'Each station has measured how far away something is, so each shard is a ring around its station; where they cross is the place.',
  names: ['east', 'north'],
  ranges: [
    [-6, 6],
    [-4.4, 4.4],
  ],
  support: [
    [-9, 9],
    [-8, 8],
  ],
  shards: (count) =>
    (
      [
        { x: -1.8, y: -0.1, distance: 2.5 },
        { x: 1.9, y: -0.1, distance: 2.3 },
        { x: 0.1, y: 0.3, distance: 1.5 },
        { x: -0.4, y: -0.5, distance: 1.9 },
      ] as const
    )
      .slice(0, count)
      .map((station) => {
        const [sd, prior_variance] = [0.5, 9 * count];
        const from = (x: number, y: number) => Math.hypot(x - station.x, y - station.y);
        return {
          log_density: (x, y) =>
            -0.5 * ((from(x, y) - station.distance) / sd) ** 2 - (0.5 * (x * x + y * y)) / prior_variance,
          gradient(x, y) {
            const pull = -(1 - station.distance / from(x, y)) / sd ** 2;
            return [pull * (x - station.x) - x / prior_variance, pull * (y - station.y) - y / prior_variance];
          },
        };
      }),
};

/** x ~ N(center, 1.7²), y ~ N(rise + bend x², sd²). */
const crescents: Problem = {
  label: 'crescents',
  what: 'Each shard is a crescent, and so is their product; a Gaussian has no bend.',
  names: ['x', 'y'],
  ranges: [
    [-6, 6],
    [-4, 10],
  ],
  support: [
    [-9, 9],
    [-6, 50],
  ],
  shards: (count) =>
    (
      [
        { center: -0.6, rise: 0.3, bend: 0.55, sd: 0.9 },
        { center: 0.6, rise: -0.3, bend: 0.5, sd: 0.8 },
        { center: 0.2, rise: 0.1, bend: 0.4, sd: 1 },
        { center: -0.2, rise: 0, bend: 0.6, sd: 1.1 },
      ] as const
    )
      .slice(0, count)
      .map(({ center, rise, bend, sd }) => ({
        log_density: (x, y) => -0.5 * ((x - center) / 1.7) ** 2 - 0.5 * ((y - rise - bend * x * x) / sd) ** 2,
        gradient(x, y) {
          const off = (y - rise - bend * x * x) / sd ** 2;
          return [-(x - center) / 1.7 ** 2 + 2 * bend * x * off, -off];
        },
      })),
};

const places = [
  [-2, -1.2],
  [2, -1.2],
  [0, 2],
] as const;

/** Mixtures of normals around the same three places, with other weights and widths. */
const modes: Problem = {
  label: 'three modes',
  what: 'Each shard has three modes with weights of its own; their product has three again, which hardly meet.',
  names: ['x', 'y'],
  ranges: [
    [-5.4, 5.4],
    [-4.4, 5],
  ],
  support: [
    [-8, 8],
    [-8, 8],
  ],
  shards: (count) =>
    (
      [
        { weights: [0.5, 0.2, 0.3], sd: 0.9 },
        { weights: [0.3, 0.5, 0.2], sd: 1 },
        { weights: [0.2, 0.3, 0.5], sd: 0.95 },
        { weights: [0.4, 0.3, 0.3], sd: 1.1 },
      ] as const
    )
      .slice(0, count)
      .map(({ weights, sd }) => {
        const parts = (x: number, y: number) =>
          places.map(
            ([a, b], k) => (weights[k] as number) * Math.exp((-0.5 * ((x - a) ** 2 + (y - b) ** 2)) / sd ** 2),
          );
        return {
          log_density: (x, y) => Math.log(parts(x, y).reduce((sum, part) => sum + part, 0)),
          gradient(x, y) {
            const own = parts(x, y);
            const total = sd ** 2 * own.reduce((sum, part) => sum + part, 0);
            const slope = (at: number, axis: 0 | 1) =>
              places.reduce((sum, place, k) => sum + (own[k] as number) * (place[axis] - at), 0) / total;
            return [slope(x, 0), slope(y, 1)];
          },
        };
      }),
};

export const problems: Readonly<Record<string, Problem>> = { stations, crescents, modes };
