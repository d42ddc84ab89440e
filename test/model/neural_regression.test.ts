// The network's density on the device, and its gradient, against float64.
//
// Acceptance as in test/sample/evaluate.test.ts: rows are added up in f32 in runs of 64, a row is a few dozen operations after a sum of H products, so 8 · (96 + H + rows/64) · 2⁻²⁴ of the sizes of the
// terms, for a gradient of those of its own terms and of the density's, which a tanh that is a little off moves. Gradients are central differences, right to 1e-8 of the same.

import { describe, expect, it } from 'vitest';
import { normal_quantile } from '../../src/diagnostics/normal_quantile.ts';
import { network_mean, neural_regression, parameters_of } from '../../src/model/neural_regression.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { UserError } from '../../src/model/user_error.ts';
import { validate_model } from '../../src/model/validate.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { use_device } from '../device.ts';
import { normal as log_normal } from '../reference/special_functions.ts';

const device = use_device();
const normal = (step: number, i: number) => Math.fround(normal_quantile(uniform_at([23, 5], 9, step, i)));

/** f(x) by its definition, from weights as matrices. */
function definition(theta: readonly number[], x: readonly number[], hidden: number): number {
  const d = x.length;
  const w1 = Array.from({ length: hidden }, (_, j) => theta.slice(j * d, (j + 1) * d));
  const [b1, w2] = [theta.slice(hidden * d, hidden * (d + 1)), theta.slice(hidden * (d + 1), hidden * (d + 2))];
  const units = w1.map((row, j) =>
    Math.tanh(row.reduce((s, w, i) => s + w * (x[i] as number), 0) / Math.sqrt(d) + (b1[j] as number)),
  );
  return (
    units.reduce((s, h, j) => s + h * (w2[j] as number), 0) / Math.sqrt(hidden) + (theta[hidden * (d + 2)] as number)
  );
}

describe('a network for regression', () => {
  it.each([
    [1, 1],
    [3, 7],
    [8, 50],
  ])('of %i inputs and %i units has the density of its definition, and its gradient', async (d, hidden) => {
    const inputs = Array.from({ length: d }, (_, i) => `in put ${i}`);
    const model = validate_model(neural_regression('net', { inputs, target: 'y', hidden }));
    const size = parameters_of({ inputs, target: 'y', hidden });
    expect(model.scalars).toHaveLength(size);
    expect(model.dimension).toBe(hidden * (d + 2) + 2);
    const count = 70;
    const x = Array.from({ length: count }, (_, n) => inputs.map((_, i) => normal(0, n * d + i)));
    const y = x.map((_, n) => normal(1, n));
    const columns = { ...Object.fromEntries(inputs.map((name, i) => [name, x.map((row) => row[i] as number)])), y };
    const theta = Array.from({ length: size }, (_, p) => (p === size - 1 ? 0.5 : normal(2, p)));
    const terms = (at: readonly number[]) =>
      x.map((row, n) => log_normal(y[n] as number, definition(at, row, hidden), at[size - 1] as number));
    const prior = (at: readonly number[]) =>
      at.reduce((sum, v, p) => sum + log_normal(v, 0, 1) + (p === size - 1 ? Math.log(2) : 0), 0);
    const density = (at: readonly number[]) => terms(at).reduce((a, b) => a + b, 0) + prior(at);
    const found = await evaluate_densities(
      device(),
      model,
      { rows: pack_rows(model, columns) },
      { count: 1, dimension: size, values: Float64Array.from(theta) },
    );
    const scale = terms(theta).reduce((a, b) => a + Math.abs(b), 0);
    const relative = (8 * (96 + hidden + count / 64)) / 2 ** 24;
    expect(Math.abs((found.log_densities[0] as number) - density(theta))).toBeLessThan(relative * scale);
    // Some of each kind of parameter.
    for (const p of new Set([0, hidden * d - 1, hidden * d, hidden * (d + 1), size - 2, size - 1])) {
      const step = 1e-5;
      const at = (sign: number) => density(theta.with(p, (theta[p] as number) + sign * step));
      expect(Math.abs((found.gradients[p] as number) - (at(1) - at(-1)) / (2 * step)), `parameter ${p}`).toBeLessThan(
        relative * scale,
      );
    }
    for (const row of x.slice(0, 5))
      expect(network_mean(theta, row, hidden)).toBeCloseTo(definition(theta, row, hidden), 12);
  });

  it('is refused where it has too many parameters, with the number of units that fits', () => {
    const make = () => neural_regression('net', { inputs: ['a', 'b'], target: 'y', hidden: 600 });
    expect(make).toThrow(UserError);
    expect(make).toThrow('2402 parameters; 2048 can be sampled.\nUse --hidden 511 or fewer');
    expect(() => neural_regression('net', { inputs: ['a', 'b'], target: 'y', hidden: 511 })).not.toThrow();
  });
});
