// Acceptance: bits of the streams exactly; orders by chi-square, one seed in 1e6.
import { describe, expect, it } from 'vitest';
import { normal_from_bits } from '../../src/random/normal.ts';
import { normals_at, permutation_at } from '../../src/random/normals.ts';
import { site, words_at } from '../../src/random/threefry.ts';
import { chi_square_score, z_limit } from '../reference/statistics.ts';

describe('normals_at', () => {
  it('takes both words of each counter in turn', () => {
    const words = [0, 1, 2].flatMap((i) => words_at([1, 2], site.state_draw, 7, i));
    expect(Array.from(normals_at([1, 2], site.state_draw, 7, 5))).toEqual(words.slice(0, 5).map(normal_from_bits));
  });
});

describe('permutation_at', () => {
  it('gives each of the 24 orders of four equally often', () => {
    const counts = new Map<string, number>();
    const total = 24_000;
    for (let step = 0; step < total; step++) {
      const order = permutation_at([3, 4], site.resample, step, 4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const score = chi_square_score(Array.from(counts.values()), new Array(24).fill(total / 24));
    expect(Math.abs(score)).toBeLessThan(z_limit(1e-6, 1));
  });

  it('holds every index once', () => {
    for (const count of [0, 1, 1000]) {
      const order = permutation_at([5, 6], site.resample, 0, count);
      expect(Array.from(order.toSorted())).toEqual(Array.from({ length: count }, (_, i) => i));
    }
  });
});
