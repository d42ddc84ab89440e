/** Tables of the data as bytes, and what the encoder says of them. Must match the structs of shaders/sde/data.wgsl, run.wgsl and nodes.wgsl. */

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

/** From what the encoder says of windows, [window][channel][node], to [node][channel] of all. */
export function place_encoded(
  to: Float32Array,
  encoded: Float32Array,
  windows: Tables['windows'],
  { latent, channels, nodes }: { latent: number; channels: number; nodes: number },
): void {
  for (const [place, { first_node, intervals, starts }] of windows.entries()) {
    for (let n = 0; n <= intervals; n++) {
      for (let channel = 0; channel < channels; channel++) {
        // What a series' earlier window says of the slopes to the left at its last node stands: a deep kernel knows them only there.
        const is_to_left = channel < 6 * latent && Math.floor(channel / latent) % 3 === 2;
        if (n === 0 && !starts && is_to_left) continue;
        to[(first_node + n) * channels + channel] = encoded[(place * channels + channel) * nodes + n] as number;
      }
    }
  }
}
