/** Timing as the benchmarks report it: warm-up dropped, median and quartiles of wall time from submit to done. */

export interface Timing {
  /** Milliseconds. */
  median: number;
  lower_quartile: number;
  upper_quartile: number;
  repeats: number;
}

export async function measure(repeats: number, body: () => Promise<void>): Promise<Timing> {
  await body();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    await body();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (p: number) => {
    const x = p * (times.length - 1);
    const low = times[Math.floor(x)] as number;
    const high = times[Math.ceil(x)] as number;
    return low + (high - low) * (x - Math.floor(x));
  };
  return { median: at(0.5), lower_quartile: at(0.25), upper_quartile: at(0.75), repeats };
}
