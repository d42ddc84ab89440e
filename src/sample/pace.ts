/** Leapfrog steps for one dispatch, from the time that earlier ones took. */

export interface Pace {
  ticks(): number;
  took(ticks: number, ms: number): void;
  measure(ticks: number, finished: Promise<void>): Promise<void>;
}

/** @param most leapfrog steps of one dispatch, asked anew every time */
export function create_pace(wanted_ms: number, most: () => number = () => 100_000): Pace {
  let per_tick: number | undefined;
  const took = (ticks: number, ms: number) => {
    const seen = ms / ticks;
    per_tick = per_tick === undefined ? seen : 0.7 * per_tick + 0.3 * seen;
  };
  return {
    ticks: () => (per_tick === undefined ? 1 : Math.max(1, Math.min(most(), Math.floor(wanted_ms / per_tick)))),
    took,
    async measure(ticks, finished) {
      const started = performance.now();
      await finished;
      took(ticks, performance.now() - started);
    },
  };
}
