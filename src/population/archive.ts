/** What a rank knows of other ranks' particles, for moves of differential evolution. It grows while there is room, so that it changes ever less, and then stands (ter Braak & Vrugt 2008). */

import type { Head } from './head.ts';
import { positions_of } from './head.ts';
import type { Archive } from './types.ts';

/** States in it at most. */
const room = 4096;

export interface Archivist {
  add(head: Head): void;
  /** Undefined while there are too few to make a difference of. */
  archive(): Archive | undefined;
}

export function create_archivist(dimension: number): Archivist {
  const states: Float32Array[] = [];
  let made: Archive | undefined;
  return {
    add(head) {
      const positions = positions_of(head);
      const count = positions.length / dimension;
      for (let i = 0; i < count && states.length < room; i++) {
        states.push(Float32Array.from({ length: dimension }, (_, d) => positions[d * count + i] as number));
        made = undefined;
      }
    },
    archive() {
      // Differences of few states span few directions.
      if (states.length < Math.max(10, 2 * dimension)) return undefined;
      made ??= {
        states: states.length,
        values: Float32Array.from({ length: dimension * states.length }, (_, at) => {
          const [d, i] = [Math.floor(at / states.length), at % states.length];
          return (states[i] as Float32Array)[d] as number;
        }),
      };
      return made;
    },
  };
}
