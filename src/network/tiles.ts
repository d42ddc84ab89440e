/**
 * How the two matrix products of a small network are cut up: as many numbers in registers as the adapter makes fast.
 *
 * Every load serves a whole tile, so that loads, which cost a software adapter ten times an addition, are few.
 */

import type { Device } from '../gpu/device.ts';

export interface Tile {
  /** Rows of the result, a multiple of 4. */
  rows: number;
  /** Samples, in fours. */
  quads: number;
}

export interface Tiling {
  /** For as many rows as `wide_from` and more, of multiples of the tile's; fewer rows take the narrow tile. */
  wide: Tile;
  narrow: Tile;
  wide_from: number;
  /** Invocations of a workgroup that load samples and rows for each other, by subgroup broadcasts; 1: none. They are all of the workgroup's, and the wide tile's quads a multiple of them. */
  sharing: number;
  /** Steps of a sum between two updates of the numbers in registers, 1 or 2. A software adapter keeps variables in memory. */
  at_once: number;
}

/** Of those tried on SwiftShader the fastest (rows by quads from 4 × 1 to 16 × 4, with and without sharing, 1 to 16 at once); sharing makes products 1.7 times as fast. */
const software = {
  ...{ wide: { rows: 8, quads: 4 }, narrow: { rows: 4, quads: 2 } },
  ...{ wide_from: 32, sharing: 1, at_once: 2 },
} as const satisfies Tiling;

export const tilings = {
  software,
  sharing: { ...software, wide: { rows: 8, quads: 8 }, sharing: 4 },
  // A network's rows should be shared by many invocations: narrow tiles go to all of them, wide ones stay with the same outputs.
  hardware: { ...software, wide: { rows: 4, quads: 1 }, narrow: { rows: 4, quads: 1 }, wide_from: 2 ** 31 },
} as const satisfies Record<string, Tiling>;

/** Invocations of a workgroup: a vector of a software adapter, which pays for every invocation beyond at every barrier; on a GPU two warps share the tiles of a network. */
export const lanes_of = { software: 4, hardware: 64 } as const;

/** @param quads of the batch */
export function tiling_for({ gpu, adapter }: Device, quads: number): Tiling {
  if (adapter.kind === 'hardware') return tilings.hardware;
  const { wide, sharing } = tilings.sharing;
  const can_share = gpu.features.has('subgroups') && gpu.adapterInfo.subgroupMinSize >= sharing;
  return can_share && quads === wide.quads ? tilings.sharing : tilings.software;
}

/** Outputs of a tile of slopes, whose inputs are the tile's rows. */
export const slope_outputs = ({ sharing }: Tiling, { rows }: Tile) => (sharing > 1 && rows > 4 ? 16 : rows);

/** A layer's inputs or outputs, in whole tiles. */
export function padded(tiling: Tiling, count: number): number {
  const { wide, narrow, wide_from } = tiling;
  const unit = count >= wide_from ? slope_outputs(tiling, wide) : narrow.rows;
  return unit * Math.ceil(count / unit);
}

/** What shared loads need before a shader. Their loops have the same bounds for all invocations, which WGSL's analysis cannot tell of bounds that come out of a struct. */
export const tiling_directives = ({ sharing }: Tiling) =>
  sharing > 1 ? ['enable subgroups;', 'diagnostic(off, subgroup_uniformity);'] : [];
