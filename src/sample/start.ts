/** Where chains start: uniform in (−2, 2) in every unconstrained coordinate, as in Stan, and again where the density is zero, or it or its gradient is not finite. */

import { UserError } from '../model/user_error.ts';
import { site, uniform_at, type Words } from '../random/threefry.ts';
import type { Engine } from './engine.ts';

const reach = 2;
const most_attempts = 100;

/** Log densities below are as good as minus infinity: from there no trajectory is ever accepted. */
const impossible = -1e29;
const is_possible = (log_density: number | undefined) =>
  Number.isFinite(log_density) && (log_density as number) > impossible;

/** Throws UserError when a chain finds no place. Chain c's coordinate d at attempt a comes from the counter (start | a, c·D + d). */
export async function start_chains(
  engine: Engine,
  key: Words,
  { start: given, superchains }: { start?: Float32Array<ArrayBuffer>; superchains?: number },
): Promise<void> {
  const { chains, dimension } = engine.sizes;
  const phi = given ? Float32Array.from(given) : new Float32Array(dimension * chains);
  // Chains of one superchain are neighbours, and their point is that of the first of them.
  const size = superchains === undefined ? 1 : chains / superchains;
  const draw = (c: number, attempt: number) => {
    const point = c - (c % size);
    for (let d = 0; d < dimension; d++) {
      phi[d * chains + c] = reach * (2 * uniform_at(key, site.start, attempt, point * dimension + d) - 1);
    }
  };
  if (!given) for (let c = 0; c < chains; c++) draw(c, 0);
  for (let attempt = 1; ; attempt++) {
    const log_densities = await engine.start(phi, key);
    const lost = Array.from(log_densities.keys()).filter((c) => !is_possible(log_densities[c]));
    if (lost.length === 0) return;
    if (given || attempt === most_attempts) {
      throw new UserError(
        given
          ? `The log density or its gradient is not finite at the start of chain ${(lost[0] as number) + 1}.\nGive another start, or none.`
          : `Chain ${(lost[0] as number) + 1} found no start: the log density or its gradient was not finite at ${most_attempts} random points.\n` +
              'Look for a logarithm or root of a negative number in the model, for data outside its support, and for overflow at large parameters.',
      );
    }
    for (const c of lost) draw(c, attempt);
  }
}
