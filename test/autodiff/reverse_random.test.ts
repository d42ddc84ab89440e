// Acceptance: for random programs the reverse sweep gives the tangents of forward mode, both in float64, within 1e-8·(1 + |d|): each rounds
// its chain of 10 to 1000 operations at 1.1e-16, and the generator's functions amplify an error by at most some thousands. Values agree
// to 1e-9 relative. Forward mode itself is held against central differences in random_programs.test.ts. Programs with a loop whose
// iterations nobody can count are refused; that at most a fifth is, is checked too.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SourceError } from '../../src/autodiff/source_error.ts';
import { type Case, run_generated } from './harness.ts';
import { program_declarations, random_program, random_total } from './random_program.ts';
import { run_reversed } from './reverse_harness.ts';

const inputs = [
  { a: 0.4531, v: [0.9173, -0.3519, 0.6127], list: [1.2093, -0.7211, 0.2579], n: 2n },
  0.8237,
  [-0.5573, 0.3181, 1.4159],
  0.6547,
];
const patterns = [1, 2, 3, 4, 5, 6, 7].map((bits) => [0, 1, 2].map((i) => ((bits >> i) & 1) === 1).concat(false));

/** Whether the program was accepted. */
function check(c: Case & { unroll: number; inline: number }): boolean {
  try {
    const reversed = run_reversed(c);
    const forward = run_generated(c);
    forward.value.forEach((value, r) => {
      if (!Number.isFinite(value) || Math.abs(value) > 1e6) return;
      expect(Math.abs((reversed.value[r] as number) - value), reversed.wgsl).toBeLessThanOrEqual(
        1e-9 * (1 + Math.abs(value)),
      );
      forward.tangents[r]?.forEach((tangent, k) => {
        if (!Number.isFinite(tangent)) return;
        const error = Math.abs((reversed.gradients[r]?.[k] as number) - tangent);
        expect(error, `result ${r}, direction ${k}\n${reversed.wgsl}`).toBeLessThanOrEqual(
          1e-8 * (1 + Math.abs(tangent)),
        );
      });
    });
    return true;
  } catch (error) {
    if (error instanceof SourceError && /number of iterations/.test(error.message)) return false;
    throw error;
  }
}

it.each([
  ['structs', random_program, 20261121],
  ['sums', random_total, 20261122],
] as const)('agrees with forward mode on random programs that return %s', { timeout: 240_000 }, (_, make, seed) => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      fc.gen(),
      fc.constantFrom(...patterns),
      fc.constantFrom([0, 0], [64, 40], [1000, 1000]),
      (g, active, [unroll = 0, inline = 0]) => {
        const c = { source: make(g), declarations: program_declarations, entry: 'f', active, inputs, unroll, inline };
        if (check(c)) accepted++;
        else refused++;
      },
    ),
    { numRuns: 120, seed, endOnFailure: true },
  );
  expect(refused).toBeLessThan(0.2 * (accepted + refused));
});
