/** Adam on the exact gradient of the log density (Kingma & Ba 2015), of all particles at once, each by itself. */

import { slot } from './params.ts';
import type { Particles } from './types.ts';

const [first_rate, last_rate] = [0.1, 1e-3];

/** Moves every particle uphill, to a mode or towards it. @param on_progress called after every iteration */
export async function climb(
  particles: Particles,
  iterations: number,
  on_progress?: (done: number, of: number) => void,
): Promise<void> {
  const size = particles.dimension * particles.count;
  const [mean, square] = [new Float64Array(size), new Float64Array(size)];
  let here = await particles.read(slot.position);
  for (let n = 1; n <= iterations; n++) {
    await particles.evaluate();
    const gradient = await particles.read(slot.gradient);
    const rate = first_rate * (last_rate / first_rate) ** (n / iterations);
    here = here.map((x, at) => {
      const g = gradient[at] as number;
      mean[at] = 0.9 * (mean[at] as number) + 0.1 * g;
      square[at] = 0.999 * (square[at] as number) + 0.001 * g * g;
      const step =
        (mean[at] as number) / (1 - 0.9 ** n) / (Math.sqrt((square[at] as number) / (1 - 0.999 ** n)) + 1e-8);
      return Number.isFinite(step) ? x + rate * step : x;
    });
    particles.write(slot.position, here);
    on_progress?.(n, iterations);
  }
}
