/** The draws of one segment as they are stored. */

export interface SegmentDraws {
  /** Segments that all ranks had finished when it began: by it, segments of several ranks are put in the order in which they were made. */
  tick: number;
  /** On the ladder of temperatures, by particle of the half that moved; 0 where there is none. */
  places: number[];
  /** phi [record][D][particle of the half] */
  draws: Float32Array;
}

export function pack_draws(draws: Float32Array, { tick, places }: Omit<SegmentDraws, 'draws'>): Uint8Array {
  const all = new Float32Array(1 + places.length + draws.length);
  all.set([tick, ...places]);
  all.set(draws, 1 + places.length);
  return new Uint8Array(all.buffer);
}

/** @param count particles of a half */
export function unpack_draws(bytes: Uint8Array, count: number): SegmentDraws {
  const all = new Float32Array(bytes.slice().buffer);
  return { tick: all[0] as number, places: Array.from(all.subarray(1, 1 + count)), draws: all.subarray(1 + count) };
}
