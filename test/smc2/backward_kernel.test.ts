// Every backward kernel is a density of the old position: it integrates to one, which is what makes the weights unbiased (smc2.md §1.2 has kernels that do not).
//
// The kernel is what reweigh.wgsl computes: over a grid of old positions, one new position and a constant target, its log-ratio is log L − log q; adding log q of the float64 twin
// leaves log L. Acceptance: the trapezoid rule on a smooth function that vanishes at the grid's ends converges faster than any power, so what is left is the ratios' rounding,
// 1e-6 of their size (up to 60 where L matters), and the mass beyond the grid, below 1e-6: 1e-4. Published kernels that are wrong miss one by 0.03 or more.

import { describe, expect, it } from 'vitest';
import { use_device } from '../device.ts';
import { norm_squared, solve } from '../reference/linear_algebra.ts';
import { centre, forward_log_density, type Move, type Particle } from '../reference/theta_moves.ts';
import { model_of } from './models.ts';
import { numbers, pack, pack_frozen } from './population.ts';
import { run_floats } from './stage.ts';

const device = use_device();
const lambda = 0.6;

/** Gradient of log π = −Σ x⁴/4 − |x|²/2 − x₁ x₂ / 2, split over likelihood and prior; the target's value stays constant. */
function particle(phi: readonly number[]): Particle {
  const at = phi.map(Math.fround);
  const [x = 0, y] = at;
  const others = y === undefined ? [0] : [-y / 2, -x / 2];
  return {
    phi: at,
    log_likelihood: 0,
    log_prior: 0,
    likelihood_gradient: at.map((v) => Math.fround(-(v ** 3) / lambda)),
    prior_gradient: at.map((v, i) => Math.fround(-v + (others[i] as number))),
  };
}

const grids = {
  1: { points: 2001, reach: 6 },
  2: { points: 161, reach: 5 },
};

function grid(dimension: 1 | 2): { points: number[][]; cell: number } {
  const { points, reach } = grids[dimension];
  const h = (2 * reach) / (points - 1);
  const axis = numbers(points, (i) => -reach + i * h);
  return {
    points: dimension === 1 ? axis.map((x) => [x]) : axis.flatMap((x) => axis.map((y) => [x, y])),
    cell: h ** dimension,
  };
}

const moves = {
  1: { factor: [[0.8]], slope: [[0.7]], offset: [0.2], back: [[0.5]], to: [0.7] },
  2: {
    factor: [
      [0.8, 0],
      [-0.3, 0.6],
    ],
    slope: [
      [0.7, 0.1],
      [-0.2, 0.5],
    ],
    offset: [0.2, -0.1],
    back: [
      [0.5, 0],
      [0.2, 0.4],
    ],
    to: [0.7, -0.4],
  },
};

const kinds = [
  { gaussian: false, langevin: false, drift_limit: 2 },
  { gaussian: false, langevin: true, drift_limit: 1e30 },
  { gaussian: false, langevin: true, drift_limit: 0.1 },
  { gaussian: true, langevin: false, drift_limit: 2 },
  { gaussian: true, langevin: true, drift_limit: 1e30 },
  { gaussian: true, langevin: true, drift_limit: 0.1 },
];

describe.each([1, 2] as const)('in %i dimensions', (dimension) => {
  const { factor, slope, offset, back, to } = moves[dimension];
  const model = model_of(dimension);
  const { points, cell } = grid(dimension);

  it.each(kinds)('integrates to one: gaussian $gaussian, langevin $langevin, limit $drift_limit', async (kind) => {
    const move: Move = { ...kind, factor, lambda, step: 0.9 };
    const olds = points.map(particle);
    const arrival = particle(to);
    const half_norms = olds.map((old) => {
      const from = centre(move, old);
      const jump = arrival.phi.map((x, i) => (x - (from[i] as number)) / move.step);
      return norm_squared(solve(factor, jump)) / 2;
    });
    const thetas = olds.length;
    const stats = new Float32Array(32);
    stats[0] = lambda;
    const { next_log_weights } = await run_floats(
      device(),
      'reweigh',
      { model, thetas, ...kind, params: { step: move.step, drift_limit: kind.drift_limit } },
      {
        frozen: pack_frozen({ factor, slope, offset, back_factor: back }),
        population: pack(olds),
        next_population: pack(olds.map(() => arrival)),
        half_norms: Float32Array.from(half_norms),
        stats,
        log_weights: new Float32Array(thetas),
        next_log_weights: new Float32Array(thetas),
      },
    );
    const integral = olds.reduce(
      (sum, old, m) =>
        sum + Math.exp((next_log_weights?.[m] as number) + forward_log_density(move, old, arrival.phi)) * cell,
      0,
    );
    // The Gaussian ratio leaves out the constant that L and q share.
    expect(Math.abs(integral - 1)).toBeLessThan(1e-4);
  });
});
