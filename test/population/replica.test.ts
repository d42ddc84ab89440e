// Swaps of temperatures with energies that are noisy. x is drawn exactly from exp(−β U) at a cold and a hot temperature, U a double well on a grid with 401 points; after a swap both must still be where they belong. 400 000 pairs
// by noise: the cold one's probability of the upper well within 4.5 standard errors of the truth where the swap is corrected (5 cases, two sides: false-alarm rate 10 · 6.8e-6), and more than 10 away where it is not and s ≥ 2.

import { describe, expect, it } from 'vitest';
import { partner } from '../../src/population/exchange/pairing.ts';
import { geometric_ladder, is_swapped, log_swap, type Offer } from '../../src/population/exchange/replica.ts';
import { draws } from '../smc2/population.ts';

const grid = Array.from({ length: 401 }, (_, i) => -4 + i / 50);
/** A well of depth 3 at 2 and one of depth 7 at −2. */
const energy = (x: number) => 0.25 * (x * x - 4) ** 2 + x;
const [cold, hot] = [1, 0.15];

function table_of(beta: number): { cumulative: number[]; upper: number } {
  const density = grid.map((x) => Math.exp(-beta * energy(x)));
  const total = density.reduce((sum, p) => sum + p, 0);
  let sum = 0;
  const cumulative = density.map((p) => {
    sum += p / total;
    return sum;
  });
  const upper = density.reduce((of, p, i) => of + ((grid[i] as number) > 0 ? p / total : 0), 0);
  return { cumulative, upper };
}

const tables = { cold: table_of(cold), hot: table_of(hot) };

function draw({ cumulative }: { cumulative: number[] }, u: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) < u) low = middle + 1;
    else high = middle;
  }
  return grid[low] as number;
}

/** Standard errors between where the temperatures' upper wells are after a swap and where they must be. @param told variance of the noise as the offers say */
function miss(s: number, told: number): { cold: number; hot: number } {
  const random = draws(100 + s);
  const pairs = 400_000;
  const upper = { cold: 0, hot: 0 };
  for (let n = 0; n < pairs; n++) {
    const x = draw(tables.cold, random.uniform());
    const y = draw(tables.hot, random.uniform());
    const offer = (beta: number, at: number): Offer => ({
      beta,
      energy: energy(at) + (s / Math.SQRT2) * random.normal(),
      variance: told / 2,
    });
    const swapped = is_swapped([9, 9], n, 0, offer(cold, x), offer(hot, y));
    upper.cold += Number((swapped ? y : x) > 0);
    upper.hot += Number((swapped ? x : y) > 0);
  }
  const z = (count: number, truth: number) => (count / pairs - truth) / Math.sqrt((truth * (1 - truth)) / pairs);
  return { cold: z(upper.cold, tables.cold.upper), hot: z(upper.hot, tables.hot.upper) };
}

describe('a swap with noisy energies', () => {
  it.each([0, 0.5, 1, 2, 4])('of sd %f keeps both temperatures where it is corrected', (s) => {
    const { cold, hot } = miss(s, s * s);
    expect(Math.abs(cold)).toBeLessThan(4.5);
    expect(Math.abs(hot)).toBeLessThan(4.5);
  });

  it.each([2, 4])('of sd %f heats the cold one where it is not', (s) => {
    expect(miss(s, 0).cold).toBeGreaterThan(10);
  });

  it('is the same from both sides', () => {
    const a = { beta: 1, energy: 3.2, variance: 0.3 };
    const b = { beta: 0.4, energy: 2.9, variance: 0.1 };
    expect(log_swap(a, b)).toBe(log_swap(b, a));
    for (let round = 0; round < 100; round++)
      expect(is_swapped([1, 2], round, 3, a, b)).toBe(is_swapped([1, 2], round, 3, b, a));
  });
});

it.each([1, 2, 3, 8])('of %i places neighbours meet, each pair in every second round', (places) => {
  for (let round = 0; round < 4; round++) {
    for (let place = 0; place < places; place++) {
      const other = partner(place, round, places);
      if (other !== undefined) expect(partner(other, round, places)).toBe(place);
      const meets_next = place + 1 < places && (place + round) % 2 === 0;
      expect(other === place + 1).toBe(meets_next);
    }
  }
});

it('a ladder is geometric', () => {
  expect(Array.from(geometric_ladder(0.25, 3))).toEqual([1, 0.5, 0.25]);
  expect(Array.from(geometric_ladder(0.25, 1))).toEqual([1]);
});
