/** Tables of the data as bytes. Must match the structs of shaders/sde/data.wgsl and run.wgsl. */

import type { Tables } from './series.ts';

export function pack_nodes({ nodes }: Tables): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(3 * nodes.length);
  const counts = new Uint32Array(packed.buffer);
  nodes.forEach(({ span, clock, first_observation }, n) => {
    packed.set([span, clock], 3 * n);
    counts[3 * n + 2] = first_observation;
  });
  return packed;
}

export function pack_observations({ observations }: Tables): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(2 * observations.length);
  const indices = new Uint32Array(packed.buffer);
  observations.forEach(({ node, u }, n) => {
    indices[2 * n] = node;
    packed[2 * n + 1] = u;
  });
  return packed;
}

export function pack_windows({ windows }: Tables): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    windows.flatMap(({ first_node, intervals, first_observation, observations, starts }) => [
      ...[first_node, intervals, first_observation, observations, Number(starts)],
    ]),
  );
}
