/** Checkpoints of a run now and then, to go on from when the device is lost. */

import type { ScenePlace } from './scene.ts';

/** Milliseconds. */
const between = 2000;

/** To be told at every place from which the run could go on: what is there is kept at the first, and then every two seconds. */
export function create_keeper({ keep }: Pick<ScenePlace, 'keep'>): (take: () => Promise<unknown>) => Promise<void> {
  let kept = Number.NEGATIVE_INFINITY;
  return async (take) => {
    if (performance.now() - kept < between) return;
    keep(await take());
    kept = performance.now();
  };
}
