/**
 * Draws of many shapes, from seeds: what R's `posterior` and we judge. Run as a program it prints them for
 * posterior_reference.R, whose head has the command.
 *
 * Normals are f32 from Threefry's bits, so that the draws are the same everywhere.
 */
import { pathToFileURL } from 'node:url';
import { normal_from_bits } from '../../src/random/normal.ts';
import { words_at } from '../../src/random/threefry.ts';

/** Standard normal number t of chain c in a case of its own. */
function normal(which: number, c: number, t: number): number {
  return normal_from_bits(words_at([which, 20_261_121], 5, c, t)[0]);
}

type Draw = (c: number, t: number) => number;

const grid = (chains: number, draws: number, draw: Draw): Float64Array[] =>
  Array.from({ length: chains }, (_, c) => Float64Array.from({ length: draws }, (_, t) => draw(c, t)));

/** x_t = ρ x_{t−1} + √(1 − ρ²) z_t, begun in its stationary law. */
export function autoregression(which: number, chains: number, draws: number, rho: number): Float64Array[] {
  return Array.from({ length: chains }, (_, c) => {
    const x = new Float64Array(draws);
    let last = normal(which, c, draws);
    for (let t = 0; t < draws; t++) {
      last = rho * last + Math.sqrt(1 - rho * rho) * normal(which, c, t);
      x[t] = last;
    }
    return x;
  });
}

export function independent_normals(which: number, chains: number, draws: number): Float64Array[] {
  return grid(chains, draws, (c, t) => normal(which, c, t));
}

/**
 * By name: [chain][draw]. Left out is what `posterior` 1.4.0 judges otherwise than we mean to: two or three draws per chain
 * (halves of one draw become rows of a matrix there), infinite draws (it ranks them) and spreads below 2.2e-16 (constant
 * there); theory.test.ts has those.
 */
export function reference_draws(): Record<string, Float64Array[]> {
  const shifted = (which: number, chains: number, draws: number, shift: Draw, scale: Draw = () => 1) =>
    grid(chains, draws, (c, t) => shift(c, t) + scale(c, t) * normal(which, c, t));
  return {
    normal_one_chain: independent_normals(1, 1, 1000),
    normal_two_chains: independent_normals(2, 2, 500),
    normal_four_chains: independent_normals(3, 4, 250),
    far_from_zero: shifted(4, 4, 200, () => 1e4),
    tiny_scale: grid(2, 300, (c, t) => 1e-6 * normal(5, c, t)),
    slow: autoregression(6, 4, 500, 0.9),
    slow_one_chain: autoregression(7, 1, 1000, 0.9),
    antithetic: autoregression(8, 4, 500, -0.9),
    antithetic_one_chain: autoregression(9, 1, 1000, -0.9),
    cauchy: grid(4, 300, (c, t) => normal(10, c, t) / normal(11, c, t)),
    lognormal: grid(2, 400, (c, t) => Math.fround(Math.exp(2 * normal(12, c, t)))),
    two_places: shifted(13, 2, 300, (c) => 3 * c),
    two_scales: shifted(
      14,
      4,
      250,
      () => 0,
      (c) => (c === 0 ? 4 : 1),
    ),
    drift: shifted(15, 4, 200, (_c, t) => t / 50),
    ties: grid(4, 200, (c, t) => Math.round(normal(16, c, t))),
    zero_or_one: grid(4, 100, (c, t) => (normal(17, c, t) > 0.5 ? 1 : 0)),
    signs: grid(2, 150, (c, t) => (normal(18, c, t) > 0 ? 1 : -1)),
    odd_length: autoregression(19, 3, 201, 0.5),
    odd_one_chain: autoregression(20, 1, 333, 0.3),
    short: independent_normals(21, 2, 9),
    shorter: independent_normals(22, 4, 5),
    six: independent_normals(23, 3, 6),
    // The last even lag is below zero where the lags end, and its pair is not.
    last_lag_negative: autoregression(203, 2, 8, 0.5),
    one_draw: independent_normals(25, 4, 1),
    side_to_side: grid(2, 100, (c, t) => (t % 2 === 0 ? 1 : -1) * (1 + c)),
    constant: grid(2, 50, () => 0.1),
    stuck: grid(2, 50, (c) => c + 0.5),
    one_stuck: grid(2, 60, (c, t) => (c === 0 ? 0.3 : normal(26, c, t))),
    not_a_number: grid(2, 40, (c, t) => (c === 1 && t === 7 ? Number.NaN : normal(27, c, t))),
    superchains: shifted(29, 8, 30, (c) => 0.5 * normal(30, c >> 1, 0)),
    superchains_of_one: shifted(31, 4, 50, (c) => 0.2 * c),
    superchains_of_one_draw: shifted(32, 16, 1, (c) => normal(33, c >> 2, 0)),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lines = ['case,chain,value'];
  for (const [name, chains] of Object.entries(reference_draws())) {
    chains.forEach((chain, c) => {
      for (const x of chain) lines.push(`${name},${c},${x}`);
    });
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
