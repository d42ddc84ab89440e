// The exact densities that a page draws. Marginals on the grid are those in closed form: the funnel's v is N(0, 3²) where nearly all of x is in the plane and its neck has two places at the least. Within 1e-6:
// a sum over places h apart of a normal with sd s ≥ 1.1 h is off by 2 exp(−2π² s² / h²) = 9e-11, and what is outside the plane is 14 / e of an sd, 3e-7.

import { expect, it } from 'vitest';
import { grid_of, marginal_of, type ShownTarget, targets } from '../../src/page/scenes/hmc/targets.ts';
import { targets as of_populations } from '../../src/page/scenes/population/targets.ts';
import { contour_marks } from '../../src/page/view/contours.ts';

const funnel = targets.funnel as ShownTarget;

it('the funnel’s scale is normal, in its neck too', () => {
  const grid = grid_of(funnel);
  if (!grid) throw new Error('no grid');
  const { x, y } = marginal_of(grid, 1, funnel.ranges[1] as readonly [number, number]);
  for (const [i, v] of x.entries()) {
    if (v < -7 || v > 2) continue;
    const exact = Math.exp((-v * v) / 18) / (3 * Math.sqrt(2 * Math.PI));
    expect(Math.abs((y[i] as number) - exact)).toBeLessThan(1e-6);
  }
});

it.each([
  ['banana', targets.banana],
  ['three modes', targets.modes],
  ['ring', targets.ring],
  ['two modes', of_populations.modes],
])('%s is in its plane, with mass 1', (_, target) => {
  const mass = grid_of(target as ShownTarget)?.mass.reduce((a, b) => a + b, 0) as number;
  // What is farther out than 3 sds in one direction.
  expect(mass).toBeGreaterThan(1 - 0.0027);
  expect(mass).toBeLessThan(1 + 1e-6);
});

it('lines that hold more than the plane has are not drawn', () => {
  const [x, y] = funnel.ranges as [readonly [number, number], readonly [number, number]];
  const scale = { x: (v: number) => v, y: (v: number) => v, width: 1, height: 1 };
  const grid = grid_of(funnel) as NonNullable<ReturnType<typeof grid_of>>;
  const inside = grid.mass.reduce((a, b) => a + b, 0);
  const lines = contour_marks(grid, [x, y], scale).match(/<path/g) ?? [];
  expect(lines.length).toBe([0.2, 0.5, 0.8, 0.95, 0.99].filter((part) => part < inside).length);
  expect(lines.length).toBeLessThan(5);
});
