// A trajectory that meets a number which is not finite, or whose energy runs away, is a rejection: recorded as diverging, charged with the steps that were done, and the draw before it stands.
//
// Acceptance. Steps, depths and flags are whole numbers and equal those of the float64 twin wherever no decision of it is closer than 1e-3 (and no position closer than 1e-3 to the wall) than f32 can
// tell: test/sample/nuts_tree.test.ts has the bound. Draws that stand are equal bit for bit. What is left of the target is a truncated normal: exact draws stay exact, |z| < 4.5 for seven moments in
// four cases, a false-alarm rate of 28 · 6.8e-6 = 2e-4 at fixed seeds.

import { describe, expect, it } from 'vitest';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { Machine } from '../../src/sample/stepper.ts';
import { fixed_length } from '../../src/sample/trajectory.ts';
import { use_device } from '../device.ts';
import { type Hamiltonian, leapfrog, type State } from '../reference/leapfrog.ts';
import { normal_cdf } from '../reference/normal_quantile.ts';
import { nuts_tree } from '../reference/nuts.ts';
import { mean_of, variance_of } from '../reference/statistics.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains } from './chains.ts';
import { column } from './gaussian.ts';
import { whitened_momentum } from './momenta.ts';
import { goes_forward } from './nuts_directions.ts';
import { type Beyond, walled, walled_draws } from './walled.ts';

const device = use_device();
const wall = -0.3;
const key = [8, 18] as const;
const kinds: Beyond[] = ['minus infinity', 'NaN'];
const close = 1e-3;

/** The walled normal in float64; `nearest` is the least distance from the wall that it was asked about. */
function twin_target() {
  const seen = { nearest: Infinity };
  const h: Hamiltonian = {
    log_density: ([x, y]) => {
      seen.nearest = Math.min(seen.nearest, Math.abs((x as number) - wall));
      return (x as number) < wall ? -Infinity : -0.5 * ((x as number) ** 2 + (y as number) ** 2);
    },
    gradient: (q) => q.map((x) => -x),
    inverse_mass: [
      [1, 0],
      [0, 1],
    ],
  };
  return { h, seen };
}

describe.each(kinds)('beyond the wall: %s', (beyond) => {
  const chains = 500;
  const start = walled_draws(wall, chains, 3);
  const state_of = (c: number): State => ({ q: column(start, chains, c), p: whitened_momentum(key, 0, c, 2) });

  it('hmc stops where the trajectory crosses it, and the draw stands', async () => {
    const length = 7;
    const epsilon = 0.4;
    const ran = await run_chains(device(), {
      ...walled(wall, beyond),
      chains,
      start,
      key,
      transition: { machine: 'hmc', epsilon, most_steps: 100, law: fixed_length(length) },
      iterations: 1,
    });
    let [compared, crossed] = [0, 0];
    for (let c = 0; c < chains; c++) {
      const { h, seen } = twin_target();
      let state = state_of(c);
      let steps = 0;
      let inside = true;
      while (inside && steps < length) {
        state = leapfrog(h, state, epsilon);
        inside = h.log_density(state.q) > -Infinity;
        steps += 1;
      }
      if (seen.nearest < close) continue;
      compared += 1;
      expect(ran.stat(0, 'steps')[c]).toBe(steps);
      expect(ran.evaluations[c]).toBe(1 + steps);
      expect(ran.stat(0, 'diverging')[c]).toBe(Number(!inside));
      expect(ran.divergences[c]).toBe(Number(!inside));
      if (inside) continue;
      crossed += 1;
      expect(numbers(2, (d) => ran.draws(0, d)[c])).toEqual(column(start, chains, c));
      expect(ran.stat(0, 'acceptance')[c]).toBe(0);
      expect(ran.stat(0, 'log_density')[c]).toBe(ran.start_log_density[c]);
      const { q, p } = state_of(c);
      const energy = 0.5 * [...q, ...p].reduce((sum, x) => sum + x * x, 0);
      expect(ran.stat(0, 'energy')[c]).toBeCloseTo(energy, 4);
    }
    expect(compared).toBeGreaterThan(0.95 * chains);
    expect(crossed).toBeGreaterThan(0.2 * chains);
  });

  it('nuts drops the half that crosses it, and keeps the rest', async () => {
    const epsilon = 0.25;
    const ran = await run_chains(device(), {
      ...walled(wall, beyond),
      chains,
      start,
      key,
      transition: { machine: 'nuts', epsilon, most_steps: 6 },
      iterations: 1,
    });
    let [compared, crossed] = [0, 0];
    for (let c = 0; c < chains; c++) {
      const { h, seen } = twin_target();
      const twin = nuts_tree(h, state_of(c), epsilon, (depth) => goes_forward(key, 0, c, depth), 6);
      if (seen.nearest < close || twin.margin < close) continue;
      compared += 1;
      expect(ran.stat(0, 'steps')[c]).toBe(twin.steps);
      expect(ran.stat(0, 'extra')[c]).toBe(twin.depth);
      expect(ran.stat(0, 'diverging')[c]).toBe(Number(twin.stopped === 'diverged'));
      expect(ran.stat(0, 'acceptance')[c]).toBeCloseTo(twin.acceptance, 3);
      crossed += Number(twin.stopped === 'diverged');
      expect(ran.draws(0, 0)[c]).toBeGreaterThanOrEqual(Math.fround(wall));
    }
    expect(compared).toBeGreaterThan(0.95 * chains);
    expect(crossed).toBeGreaterThan(0.2 * chains);
  });
});

/** E xᵏ of a normal above the wall, k = 0 … 4: E xᵏ = (k − 1) E xᵏ⁻² + wallᵏ⁻¹ φ/(1 − Φ). */
function truncated_moments(): number[] {
  const ratio = Math.exp(-0.5 * wall ** 2) / Math.sqrt(2 * Math.PI) / (1 - normal_cdf(wall));
  const moments = [1, ratio];
  for (let k = 2; k <= 4; k++) moments[k] = (k - 1) * (moments[k - 2] as number) + wall ** (k - 1) * ratio;
  return moments;
}

describe.each<Machine>(['hmc', 'nuts'])('%s', (machine) => {
  it.each(kinds)('keeps the target up to the wall; beyond: %s', async (beyond) => {
    const chains = 16_384;
    const iterations = 5;
    const ran = await run_chains(device(), {
      ...walled(wall, beyond),
      chains,
      start: walled_draws(wall, chains, 4),
      key,
      transition: { machine, epsilon: 0.4, most_steps: 6, law: fixed_length(4) },
      iterations,
    });
    const x = Array.from(ran.draws(iterations - 1, 0));
    const y = Array.from(ran.draws(iterations - 1, 1));
    expect(Math.min(...x)).toBeGreaterThanOrEqual(Math.fround(wall));
    const moments = truncated_moments();
    const tests = [
      ...[1, 2, 3, 4].map((k) => ({ values: x.map((v) => v ** k), expected: moments[k] as number })),
      { values: y, expected: 0 },
      { values: y.map((v) => v ** 2), expected: 1 },
      { values: x.map((v, c) => v * (y[c] as number)), expected: 0 },
    ];
    for (const { values, expected } of tests) {
      const z = (mean_of(values) - expected) / Math.sqrt(variance_of(values) / chains);
      expect(Math.abs(z)).toBeLessThan(4.5);
    }
  });

  it('ends a trajectory whose energy runs away', async () => {
    const chains = 100;
    const model = validate_model({
      kind: 'log-density',
      name: 'quartic',
      parameters: { x: { size: 2, prior: { flat: true } } },
      wgsl: `fn log_density(theta: Theta) -> f32 {
        let square = theta.x[0] * theta.x[0];
        return -square * square - 0.5 * theta.x[1] * theta.x[1];
      }`,
    }) as LogDensityModel;
    const start = Float32Array.from({ length: 2 * chains }, (_, i) => (i < chains ? 6 : 0));
    // The force of 864 throws the first step to −430 and the second to where x⁴ exceeds f32; with the short step energies grow by stages.
    for (const epsilon of [1, 0.3]) {
      const ran = await run_chains(device(), {
        model,
        chains,
        start,
        key,
        transition: { machine, epsilon, most_steps: 8, law: fixed_length(50) },
        iterations: 2,
      });
      for (const iteration of [0, 1]) {
        expect(Array.from(ran.stat(iteration, 'diverging'))).toEqual(numbers(chains, () => 1));
        expect(Math.max(...ran.stat(iteration, 'steps'))).toBeLessThanOrEqual(3);
        expect(Array.from(ran.draws(iteration, 0))).toEqual(numbers(chains, () => 6));
        expect(Array.from(ran.draws(iteration, 1))).toEqual(numbers(chains, () => 0));
        for (const row of ['log_density', 'energy', 'acceptance'] as const) {
          expect(ran.stat(iteration, row).every((value) => Number.isFinite(value))).toBe(true);
        }
      }
      const steps = numbers(chains, (c) => [0, 1].reduce((sum, n) => sum + (ran.stat(n, 'steps')[c] as number), 1));
      expect(Array.from(ran.evaluations)).toEqual(steps);
    }
  });
});
