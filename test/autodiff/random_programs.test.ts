// Acceptance: for random programs, generated tangents equal central differences in float64 within 1e-6·(1 + |d|) plus the truncation
// that the two step widths show (harness.ts); values equal within 1e-9 relative. A direction where the step widths differ by more than 1e-3·(1 + |d|) has a kink or branch
// within the step and is left out; that at least 80 % of all directions are compared is checked too, so the test cannot become empty.
// Tolerances are wider than in differentiate.test.ts because chains of 10 to 100 operations amplify rounding in both sides.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compare } from './harness.ts';
import { program_declarations, random_program } from './random_program.ts';

it('differentiates random programs', { timeout: 120_000 }, () => {
  let compared = 0;
  let left_out = 0;
  // Digits that no literal of a program has: at an exact tie of min or max the central difference is the mean of two slopes.
  const inputs = [
    { a: 0.4531, v: [0.9173, -0.3519, 0.6127], list: [1.2093, -0.7211, 0.2579], n: 2n },
    0.8237,
    [-0.5573, 0.3181, 1.4159],
    0.6547,
  ];
  const patterns = [1, 2, 3, 4, 5, 6, 7].map((bits) => [0, 1, 2].map((i) => ((bits >> i) & 1) === 1).concat(false));
  fc.assert(
    fc.property(fc.gen(), fc.constantFrom(...patterns), (g, active) => {
      const source = random_program(g);
      const result = compare({ source, declarations: program_declarations, entry: 'f', active, inputs });
      result.value.forEach((value, r) => {
        const generated = result.generated_value[r] as number;
        if (!Number.isFinite(value) || Math.abs(value) > 1e6) return;
        expect(Math.abs(generated - value), result.wgsl).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)));
        result.differences[r]?.forEach((difference, k) => {
          const uncertainty = result.uncertainty[r]?.[k] as number;
          if (!(uncertainty <= 1e-3 * (1 + Math.abs(difference)))) {
            left_out++;
            return;
          }
          compared++;
          const error = Math.abs((result.tangents[r]?.[k] as number) - difference);
          expect(error, `result ${r}, direction ${k}\n${result.wgsl}`).toBeLessThanOrEqual(
            1e-6 * (1 + Math.abs(difference)) + uncertainty,
          );
        });
      });
    }),
    { numRuns: 300, seed: 20261121, endOnFailure: true },
  );
  expect(compared / (compared + left_out)).toBeGreaterThan(0.8);
});
