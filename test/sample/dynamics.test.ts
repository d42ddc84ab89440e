// The leapfrog of the real shaders, from given positions and momenta.
//
// Acceptance, for trajectories of 25 steps of a target that is not Gaussian, where numbers are of order one:
//   equal to the textbook in float64, and reversible: one step rounds each coordinate by a few 2⁻²⁴ (at most 20 operations: 1.2e-6), and the flow of time 2.5 stretches differences by at most e^2.5 per
//                 unit frequency: 25 · 1.2e-6 · 12 = 4e-4, there and back as well
//   volume        the Jacobian of all 2D coordinates from differences of fourth order at distance 1/16: rounding (2e-5 seen from 4e-4 / 25 on the way there, over 1/16) times six of each of 36
//                 entries gives 1e-2 at most; the truncation is measured with the same differences of the float64 twin, whose true determinant is 1
//   energy        its error is of order ε²: halving ε divides it by 4, to 10 % for the next order at ε ≤ 0.08; the errors are above 1e-4, rounding of energies of order 10 is 1e-6

import { describe, expect, it } from 'vitest';
import type { LogDensityModel } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import type { Metric, MetricKind } from '../../src/sample/metric.ts';
import { use_device } from '../device.ts';
import { type Hamiltonian, inverse_mass, leapfrog, momentum, type State, whitened } from '../reference/leapfrog.ts';
import { log_determinant, transpose } from '../reference/linear_algebra.ts';
import { draws, numbers } from '../smc2/population.ts';
import { factor_matrix } from './momenta.ts';
import { type Point, run_trajectories } from './trajectories.ts';

const device = use_device();
const dimension = 3;

/** A bent ridge and a quartic, coupled. */
const model = validate_model({
  kind: 'log-density',
  name: 'bent',
  parameters: { x: { size: dimension, prior: { flat: true } } },
  wgsl: `fn log_density(theta: Theta) -> f32 {
  let a = theta.x[0];
  let b = theta.x[1] - 0.5 * a * a;
  let c = theta.x[2];
  return -0.5 * a * a - 0.5 * b * b - 0.25 * c * c * c * c - 0.25 * a * c;
}`,
}) as LogDensityModel;

const bent: Pick<Hamiltonian, 'log_density' | 'gradient'> = {
  log_density([a, y, c]: [number, number, number]) {
    const b = y - 0.5 * a * a;
    return -0.5 * a * a - 0.5 * b * b - 0.25 * c ** 4 - 0.25 * a * c;
  },
  gradient([a, y, c]: [number, number, number]) {
    const b = y - 0.5 * a * a;
    return [-a + a * b - 0.25 * c, -b, -(c ** 3) - 0.25 * a];
  },
} as Pick<Hamiltonian, 'log_density' | 'gradient'>;

const metrics: Record<'diagonal' | 'dense', Metric> = {
  diagonal: { kind: 'diagonal', factor: Float32Array.of(0.75, 1.25, 0.5) },
  dense: { kind: 'dense', factor: Float32Array.of(0.75, 0, 0, 0.5, 1, 0, -0.25, 0.25, 0.5) },
};

const random_points = (count: number, seed: number): Point[] => {
  const random = draws(seed);
  return numbers(count, () => ({
    q: numbers(dimension, () => random.normal()),
    r: numbers(dimension, () => random.normal()),
  }));
};

function twin(metric: Metric, epsilon: number, steps: number, { q, r }: Point): Point {
  const factor = factor_matrix(metric, dimension);
  const h = { ...bent, inverse_mass: inverse_mass(factor) };
  let state: State = { q, p: momentum(factor, r) };
  for (let n = 0; n < steps; n++) state = leapfrog(h, state, epsilon);
  return { q: state.q, r: whitened(factor, state.p) };
}

const coordinates = ({ q, r }: Point) => [...q, ...r];
const distance = (a: Point, b: Point) =>
  Math.max(...coordinates(a).map((x, i) => Math.abs(x - (coordinates(b)[i] as number))));

describe.each<Exclude<MetricKind, 'unit'>>(['diagonal', 'dense'])('%s metric', (kind) => {
  const metric = metrics[kind];
  const run = (starts: readonly Point[], epsilon: number, steps: number) =>
    run_trajectories(device(), { model, metric, epsilon, steps }, starts);

  it('is the textbook leapfrog', async () => {
    const starts = random_points(200, 1);
    const ends = await run(starts, 0.1, 25);
    ends.forEach((end, c) => {
      expect(distance(end, twin(metric, 0.1, 25, starts[c] as Point))).toBeLessThan(4e-4);
    });
  });

  it('comes back when the momentum is turned round', async () => {
    const starts = random_points(200, 2);
    const turned = (points: readonly Point[]) => points.map(({ q, r }) => ({ q, r: r.map((x) => -x) }));
    const ends = await run(starts, 0.1, 25);
    const back = turned(await run(turned(ends), 0.1, 25));
    back.forEach((end, c) => {
      expect(distance(end, starts[c] as Point)).toBeLessThan(4e-4);
      // And it had gone somewhere.
      expect(distance(ends[c] as Point, starts[c] as Point)).toBeGreaterThan(0.05);
    });
  });

  it('keeps volumes', async () => {
    const size = 2 * dimension;
    const h = 1 / 16;
    // f′ = (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h
    const stencil = [
      { at: h, weight: 8 },
      { at: -h, weight: -8 },
      { at: 2 * h, weight: -1 },
      { at: -2 * h, weight: 1 },
    ];
    const centres = random_points(20, 3);
    const nearby = centres.flatMap((centre) =>
      numbers(size, (i) =>
        stencil.map(({ at }) => {
          const x = coordinates(centre).map((v, j) => Math.fround(v + (i === j ? at : 0)));
          return { q: x.slice(0, dimension), r: x.slice(dimension) };
        }),
      ).flat(),
    );
    const log_volumes = (ends: readonly Point[]) =>
      centres.map((_, centre) => {
        const columns = numbers(size, (i) => {
          const images = numbers(stencil.length, (k) =>
            coordinates(ends[(centre * size + i) * stencil.length + k] as Point),
          );
          return numbers(size, (row) =>
            images.reduce((s, image, k) => s + ((stencil[k]?.weight as number) * (image[row] as number)) / (12 * h), 0),
          );
        });
        return log_determinant(transpose(columns));
      });
    const seen = log_volumes(await run(nearby, 0.1, 10));
    const truncated = log_volumes(nearby.map((start) => twin(metric, 0.1, 10, start)));
    seen.forEach((log_volume, centre) => {
      const truncation = truncated[centre] as number;
      expect(Math.abs(truncation)).toBeLessThan(1e-2);
      expect(Math.abs(log_volume - truncation)).toBeLessThan(1e-2);
    });
  });

  it('has an energy error of order ε²', async () => {
    const starts = random_points(200, 4);
    const error = async (epsilon: number) => {
      const spreads = (await run(starts, epsilon, Math.round(1.6 / epsilon))).map((end) => end.spread);
      return spreads.reduce((a, b) => a + b, 0) / spreads.length;
    };
    const errors = [await error(0.08), await error(0.04), await error(0.02)] as const;
    expect(errors[2]).toBeGreaterThan(1e-4);
    for (const ratio of [errors[0] / errors[1], errors[1] / errors[2]]) {
      expect(ratio).toBeGreaterThan(3.6);
      expect(ratio).toBeLessThan(4.4);
    }
  });
});
