// Log densities and gradients at given points, by the kernels of all shapes, against the definitions in float64.
//
// Acceptance. Rows are added up in f32 in runs of 64, and the runs: (64 + rows/64) · 2⁻²⁴ of the sum of the terms' sizes, and a row is a few dozen operations, of which a difference may leave an
// eighth of its parts: 8 · (96 + rows/64) · 2⁻²⁴ of the sizes for log densities and gradients alike (the prior is added in float64). Where a definition is not a sum over rows, its factorisation
// of 11 × 11 loses more: 2e-5 of the sizes, the square of the condition of K, about 30, at 2⁻²⁴. Gradients of definitions are central differences, right to 1e-8 of their sizes.

import { describe, expect, it } from 'vitest';
import type { Points } from '../../src/diagnostics/points.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { log_prior_density } from '../../src/model/prior.ts';
import type { LogDensityModel, LogDensitySource } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { evaluate_densities } from '../../src/sample/evaluate.ts';
import { plan_rows } from '../../src/sample/target.ts';
import { use_device } from '../device.ts';
import { draws, numbers } from '../smc2/population.ts';
import { read_rows } from './data/read_rows.ts';
import gp_regression from './models/gp_regression.ts';
import sblrc from './models/sblrc.ts';
import * as reference from './reference.ts';

const device = use_device();
const ulp = 2 ** -24;

/** One parameter of every kind. */
const every_kind: LogDensitySource = {
  kind: 'log-density',
  name: 'every-kind',
  parameters: {
    a: { prior: { student_t: [3, 0, 2] } },
    s: { prior: { gamma: [2, 1] } },
    p: { prior: { beta: [2, 3] } },
    u: { prior: { normal: [0, 1] }, lower: -1, upper: 2 },
    cut: { prior: { normal: [0, 2] }, size: 3, ordered: true },
    w: { prior: { dirichlet: [2, 1.5, 3] }, size: 3, simplex: true },
  },
  row: ['x', 'y'],
  wgsl: `fn log_likelihood(row: Row, theta: Theta) -> f32 {
    var mean = theta.a + theta.p * row.x + theta.u;
    for (var k = 0u; k < 3u; k++) { mean += theta.w[k] * theta.cut[k] * (1.0 + f32(k) * row.x); }
    return normal_log_density(row.y, mean, theta.s);
  }`,
};
const every_kind_definition: reference.Reference = ([a, s, p, u, ...rest], rows) =>
  rows.reduce((sum, [x = 0, y = 0]) => {
    const mean = [0, 1, 2].reduce(
      (m, k) => m + (rest[3 + k] as number) * (rest[k] as number) * (1 + k * x),
      (a as number) + (p as number) * x + (u as number),
    );
    return sum - 0.5 * ((y - mean) / (s as number)) ** 2 - Math.log(s as number) - 0.5 * Math.log(2 * Math.PI);
  }, 0);

/** From the definitions of the distributions; the Dirichlet as a function of three free numbers. */
function log_prior(model: LogDensityModel, theta: readonly number[]): number {
  return model.scalars.reduce((sum, { prior }, i) => {
    const x = theta[i] as number;
    return (
      sum +
      (prior.family === 'dirichlet' ? ((prior.arguments[0] as number) - 1) * Math.log(x) : log_prior_density(prior, x))
    );
  }, 0);
}

function differences(f: (theta: readonly number[]) => number, theta: readonly number[]): number[] {
  return theta.map((x, i) => {
    const step = 1e-5 * Math.max(0.1, Math.abs(x));
    return (f(theta.with(i, x + step)) - f(theta.with(i, x - step))) / (2 * step);
  });
}

interface Case {
  source: LogDensitySource;
  shape: 'fused' | 'split' | 'tile';
  definition: reference.Reference;
  rows: number[][];
  points: number[][];
  /** Of the log density, what the definition's normaliser of the Dirichlet is: Γ(6.5) / (Γ(2) Γ(1.5) Γ(3)). */
  constant?: number;
  /** Of the sizes of the terms. */
  tolerance: number;
}

const random = draws(51);
const about = (theta: readonly number[], spread: number) =>
  theta.map((x) => Math.fround(x * (1 + spread * random.normal())));
const x = numbers(203, () => random.normal());

function simplex_point(): number[] {
  const raw = numbers(3, () => 0.1 + random.uniform());
  const total = raw.reduce((s, v) => s + v, 0);
  const cut = numbers(3, () => random.normal()).toSorted((a, b) => a - b);
  const others = [random.normal(), 0.5 + random.uniform(), 0.1 + 0.8 * random.uniform(), -0.9 + 2.8 * random.uniform()];
  return [...others, ...cut, ...raw.map((v) => v / total)].map(Math.fround);
}

const gamma_6_5 = 5.5 * 4.5 * 3.5 * 2.5 * 1.5 * 0.5 * Math.sqrt(Math.PI);
const gamma_1_5 = 0.5 * Math.sqrt(Math.PI);

const sum_of_rows = (rows: number) => 8 * (96 + rows / 64) * ulp;
const cases: Case[] = [
  {
    source: every_kind,
    shape: 'split',
    definition: every_kind_definition,
    rows: x.map((v) => [v, 1 + 0.5 * v + random.normal()].map(Math.fround)),
    points: Array.from({ length: 7 }, simplex_point),
    constant: Math.log(gamma_6_5 / (gamma_1_5 * 2)),
    tolerance: sum_of_rows(203),
  },
  {
    source: sblrc,
    shape: 'tile',
    definition: reference.sblrc,
    rows: read_rows('sblrc.csv').map((row) => row.map(Math.fround)),
    points: Array.from({ length: 13 }, () => about([1, 1, 1, 1, 1, 20], 0.05)),
    tolerance: sum_of_rows(100),
  },
  {
    source: gp_regression,
    shape: 'fused',
    definition: reference.gp_regression,
    rows: read_rows('gp_regression.csv').map((row) => row.map(Math.fround)),
    points: Array.from({ length: 5 }, () => about([6.9, 2.4, 1.8], 0.1)),
    tolerance: 2e-5,
  },
];

const packed = (model: LogDensityModel, rows: readonly number[][]) =>
  pack_rows(
    model,
    Object.fromEntries(
      model.row
        .flatMap(({ columns }) => columns)
        .map((name, c) => [name, Float64Array.from(rows, (row) => row[c] as number)]),
    ),
  );
const points_of = (rows: readonly (readonly number[])[]): Points => ({
  count: rows.length,
  dimension: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat()),
});

describe.each(cases)('$source.name', ({ source, shape, definition, rows, points, constant = 0, tolerance }) => {
  const model = validate_model(source) as LogDensityModel;

  it.each([1, 0.125])('prior to the power %d', async (prior_power) => {
    expect(plan_rows(device().adapter.kind, model, rows.length, points.length).shape).toBe(shape);
    const data = { rows: packed(model, rows) };
    const found = await evaluate_densities(device(), model, data, points_of(points), { prior_power });
    const by_row = model.entry === 'log_likelihood';
    points.forEach((theta, i) => {
      const prior = (at: readonly number[]) => prior_power * (log_prior(model, at) + constant);
      const parts = by_row ? rows.map((row) => [row]) : [rows];
      const values = parts.map((part) => definition(theta, part));
      const slopes = parts.map((part) => differences((at) => definition(at, part), theta));
      const size = (terms: readonly number[]) => terms.reduce((sum, v) => sum + Math.abs(v), 0) + 1;
      const total = (terms: readonly number[]) => terms.reduce((sum, v) => sum + v, 0);
      const error = Math.abs((found.log_densities[i] as number) - total(values) - prior(theta));
      expect(error / size(values), `log density of point ${i}`).toBeLessThan(tolerance);
      const prior_slopes = differences(prior, theta);
      theta.forEach((_, p) => {
        const terms = slopes.map((slope) => slope[p] as number);
        const wanted = total(terms) + (prior_slopes[p] as number);
        const off = Math.abs((found.gradients[i * theta.length + p] as number) - wanted);
        expect(off / size(terms), `gradient of point ${i} by ${model.scalars[p]?.name}`).toBeLessThan(tolerance);
      });
    });
  });
});

it('gives the same numbers, up to rounding, whatever the batches', async () => {
  // 2²⁴ row evaluations at once: 700 points of 30 000 rows are two batches. Rows are cut in other blocks for 3 points: 2.7e-4 of the sizes by the bound above, 1e-4 wanted.
  const model = validate_model(every_kind) as LogDensityModel;
  const many = numbers(30_000, () => random.normal());
  const data = { rows: pack_rows(model, { x: many, y: many.map((v) => 1 + 0.5 * v) }) };
  const all = Array.from({ length: 700 }, simplex_point);
  const together = await evaluate_densities(device(), model, data, points_of(all));
  const alone = await evaluate_densities(device(), model, data, points_of(all.slice(-3)));
  const close = (a: number, b: number) => Math.abs(a - b) < 1e-4 * Math.abs(b) + 1;
  expect(alone.log_densities.every((v, i) => close(v, together.log_densities[697 + i] as number))).toBe(true);
  expect(together.log_densities.every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
});

it('takes a number that a file rounded onto its bound, and refuses one beyond', async () => {
  const model = validate_model(every_kind) as LogDensityModel;
  const data = { rows: pack_rows(model, { x: [0], y: [0] }) };
  const good = [0, 1, 0.5, 0, -1, 0, 1, 0.2, 0.3, 0.5];
  const at_bound = good.with(2, 1);
  const { log_densities, gradients } = await evaluate_densities(device(), model, data, points_of([good, at_bound]));
  expect([...log_densities, ...gradients].every(Number.isFinite)).toBe(true);
  await expect(evaluate_densities(device(), model, data, points_of([good, good.with(1, -0.5)]))).rejects.toThrow(
    /point 2: s = -0.5 is not inside the bounds of the model every-kind/,
  );
  await expect(evaluate_densities(device(), model, data, points_of([good.with(5, -2)]))).rejects.toThrow(
    /cut\[1\] = -2/,
  );
  await expect(evaluate_densities(device(), model, data, points_of([good.with(0, Number.NaN)]))).rejects.toThrow(
    /a = NaN/,
  );
});
