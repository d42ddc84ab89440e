// Acceptance: lengths are whole numbers from counters, so the shader's, read back as the steps that chains took, equal the host's. Frequencies of the two random laws by chi-square over 20 000
// iterations, |score| below the limit of a false-alarm rate of 1e-4 for both together.

import { describe, expect, it } from 'vitest';
import {
  fixed_length,
  type Law,
  mean_length,
  trajectory_length,
  uniform_lengths,
} from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { chi_square_score, mean_of, z_limit } from '../reference/statistics.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains } from './chains.ts';
import { gaussian, gaussian_draws } from './gaussian.ts';

const device = use_device();
const key = [91, 4] as const;
const list = Uint32Array.of(1, 9, 2, 4, 4, 12);
const laws: Law[] = [
  { kind: 'cycle', lengths: list },
  { kind: 'draw', lengths: list },
  { kind: 'draw_below', lengths: list },
];

describe.each(laws)('$kind', (law) => {
  const target = gaussian([1, 2], 0.3);
  const chains = 37;
  const iterations = 11;
  it.each([true, false])('the machine takes the steps that the host says; one length for all: %s', async (shared) => {
    const ran = await run_chains(device(), {
      model: target.model,
      chains,
      start: gaussian_draws(target, chains, 5),
      key,
      transition: { machine: 'hmc', epsilon: 0.2, most_steps: 100, law, shared_length: shared },
      iterations,
    });
    for (let n = 0; n < iterations; n++) {
      const wanted = numbers(chains, (c) => trajectory_length(law, key, n, shared ? 0 : c));
      expect(Array.from(ran.stat(n, 'steps'))).toEqual(wanted);
    }
    const total = (c: number) => numbers(iterations, (n) => ran.stat(n, 'steps')[c] as number);
    // One evaluation more, for the start.
    expect(Array.from(ran.evaluations)).toEqual(numbers(chains, (c) => 1 + total(c).reduce((a, b) => a + b, 0)));
  });
});

/** How often each length 0, 1, … comes up when a list's element is drawn, or one from 1 to it. */
function probabilities({ kind, lengths }: Law): number[] {
  const p = numbers(Math.max(...lengths) + 1, () => 0);
  const count = (length: number, share: number) => {
    p[length] = (p[length] as number) + share / lengths.length;
  };
  for (const length of lengths) {
    if (kind === 'draw') count(length, 1);
    else for (let shorter = 1; shorter <= length; shorter++) count(shorter, 1 / length);
  }
  return p;
}

it.each(laws.slice(1))('$kind: every length comes as often as it should', (law) => {
  const iterations = 20_000;
  const expected = probabilities(law).map((p) => p * iterations);
  const observed = expected.map(() => 0);
  for (let n = 0; n < iterations; n++) {
    const length = trajectory_length(law, key, n, 3);
    observed[length] = (observed[length] as number) + 1;
  }
  // Lengths that cannot come up have no cell to be pooled in.
  observed.forEach((times, length) => {
    if (expected[length] === 0) expect(times).toBe(0);
  });
  const possible = (x: readonly number[]) => x.filter((_, length) => (expected[length] as number) > 0);
  expect(Math.abs(chi_square_score(possible(observed), possible(expected)))).toBeLessThan(z_limit(1e-4, 2));
});

it('a fixed length is always that, a uniform one every length in its range', () => {
  const fixed = fixed_length(7);
  expect(numbers(5, (n) => trajectory_length(fixed, key, n))).toEqual([7, 7, 7, 7, 7]);
  expect(Array.from(uniform_lengths(3, 6).lengths)).toEqual([3, 4, 5, 6]);
  expect(Array.from(uniform_lengths(5, 5).lengths)).toEqual([5]);
});

it.each(laws)('$kind: the mean is the mean', (law) => {
  const mean =
    law.kind === 'cycle'
      ? mean_of(numbers(list.length, (n) => trajectory_length(law, key, n)))
      : probabilities(law).reduce((sum, p, length) => sum + p * length, 0);
  expect(mean_length(law)).toBeCloseTo(mean, 12);
});
