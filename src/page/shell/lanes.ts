/** Runs side by side on one device: each has it for a while, alone, so that what one measures of its own pace is not the other's. */

export interface Lanes {
  /** Resolves when the lane may go on. */
  turn(lane: number): Promise<void>;
  /** All go on as they like, from now until the next `turn`. */
  free(): void;
  /** The lane has come to its end. */
  leave(lane: number): void;
}

/** Milliseconds. */
const slice = 250;

export function create_lanes(count: number): Lanes {
  const left = new Set<number>();
  let current = 0;
  let since = performance.now();
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const next = () => {
    for (let n = 1; n <= count; n++) {
      const lane = (current + n) % count;
      if (left.has(lane)) continue;
      current = lane;
      break;
    }
    since = performance.now();
    wake();
  };
  return {
    async turn(lane) {
      if (left.size === count - 1) return;
      if (lane === current && performance.now() - since > slice) next();
      if (lane !== current) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    free: wake,
    leave(lane) {
      left.add(lane);
      if (lane === current) next();
    },
  };
}
