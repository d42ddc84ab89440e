// Acceptance: words by what they must name. 2000 independent draws have an ESS within a tenth of 2000; of an AR(1) chain with ρ = 0.95 it is 2000 · 0.05/1.95 = 51.
import { describe, expect, it } from 'vitest';
import type { Points } from '../../../src/diagnostics/points.ts';
import { kernel_findings } from '../../../src/merge/verdict/kernel_words.ts';
import { normal_points } from '../../diagnostics/distances/samples.ts';
import { autoregression } from '../../diagnostics/reference_draws.ts';

const slow: Points = { count: 2000, dimension: 1, values: autoregression(3, 1, 2000, 0.95)[0] as Float64Array };

describe('findings of kernel methods', () => {
  it('are none where exchanges are taken and the draws are worth their number', () => {
    expect(kernel_findings(normal_points(1, 2000, 2), 0.2)).toEqual([]);
  });

  it('name what the draws are worth, though exchanges are taken, and the error that follows', () => {
    const [words = '', ...more] = kernel_findings(slow, 0.2);
    expect(more).toEqual([]);
    const [, worth, error] =
      /its 2000 draws are worth (\d+) independent ones.*its means are ([\d.]+) sd off/.exec(words) ?? [];
    expect(Number(worth)).toBeGreaterThan(20);
    expect(Number(worth)).toBeLessThan(130);
    expect(Number(error)).toBeCloseTo(1 / Math.sqrt(Number(worth)), 1);
    expect(words).toContain('--method gaussian');
  });

  it('say that kernels hardly overlap where next to none is taken', () => {
    expect(kernel_findings(slow, 0.001)[0]).toMatch(
      /^The kernels of the shards hardly overlap: 0\.1 % of the exchanges/,
    );
    expect(kernel_findings(normal_points(1, 2000, 8), 0.001)[0]).toContain('kernels do not reach in 8 dimensions');
  });
});
