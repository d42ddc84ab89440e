/** Trajectories of a few chains, leapfrog step by leapfrog step, while someone looks closely: the only thing that is read back to be drawn, a few numbers a step. */

import type { Device } from '../../../gpu/device.ts';
import { constrain_all } from '../../../model/space.ts';
import type { Model } from '../../../model/types.ts';
import type { ChainsView } from '../../../sample/onlooker.ts';
import type { Project } from '../../view/room.ts';

export interface Trails {
  add(device: Device, view: ChainsView): Promise<void>;
  clear(): void;
  /** SVG text. @param to from the numbers that are shown of a point */
  paths(to: Project): string;
}

const most_chains = 4;
/** Points that a trail remembers. */
const most_points = 160;

export function create_trails(model: Model, shown: readonly number[]): Trails {
  let trails: number[][][] = [];
  return {
    async add(device, { vectors, chains, dimension, positions }) {
      const bytes = await device.read(vectors, 4 * dimension * chains, 4 * positions * chains);
      const phi = new Float32Array(bytes);
      for (let c = 0; c < Math.min(most_chains, chains); c++) {
        const own = Float64Array.from({ length: dimension }, (_, d) => phi[d * chains + c] as number);
        const theta = constrain_all(model, own);
        const trail = trails[c] ?? [];
        trails[c] = trail;
        const place = shown.map((i) => theta[i] as number);
        // A trajectory that diverges may come to where there is no number.
        if (place.every(Number.isFinite)) trail.push(place);
        if (trail.length > most_points) trail.shift();
      }
    },
    clear() {
      trails = [];
    },
    paths: (to) =>
      trails
        .map((trail, c) => {
          if (trail.length === 0) return '';
          const points = trail.map((point) => to(point).join(' '));
          const last = points.at(-1);
          return `<path class="trail colour${c}" d="M${points.join('L')}"/><path class="trail end colour${c}" d="M${last}h0"/>`;
        })
        .join(''),
  };
}
