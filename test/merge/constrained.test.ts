// Acceptance: anchors 9 and 10 of the reference page. Prior Beta(2, 2), 15 shards of 10 000/15 rows with y_b rare events, 30 in all; shard b is Beta(y_b + 16/15,
// n_b − y_b + 16/15), the full posterior Beta(32, 9972): mean 0.00319872, sd 0.00056453. In logit space a missing power of the Jacobian is a factor θ^14 and lifts the mean by
// 14/32 of itself, 2.5 sd. Found by these methods are means within 0.2 sd (they have few draws of shards without events near the merge, and smooth), so 0.4 tells the two
// apart by far. Derivatives and exact cases: 1e-6 is beyond the truncation of the differences.
import { beforeAll, describe, expect, it } from 'vitest';
import { beta_quantile } from '../../src/diagnostics/beta_quantile.ts';
import { column, type Points, points_covariance, points_mean } from '../../src/diagnostics/points.ts';
import { gaussian_product, shard_moments } from '../../src/merge/baselines/shards.ts';
import { merge_by, quick_methods } from '../../src/merge/methods.ts';
import { check_gradients } from '../../src/merge/shards/check_gradients.ts';
import type { Shard } from '../../src/merge/shards/shard.ts';
import { log_jacobian, plain_space, unconstrained_space } from '../../src/merge/shards/space.ts';
import { tilt_moments } from '../../src/merge/tilt.ts';
import { constrain_all } from '../../src/model/space.ts';
import type { Model } from '../../src/model/types.ts';
import { validate_model } from '../../src/model/validate.ts';
import { uniform_at } from '../../src/random/threefry.ts';
import { exact_moments, normal_points } from '../diagnostics/distances/samples.ts';

const model_of = (parameters: object): Model =>
  validate_model({
    kind: 'log-density',
    name: 'shard',
    parameters,
    wgsl: 'fn log_density(theta: Theta) -> f32 { return 0.0; }',
  } as never);

const events = [2, 1, 3, 0, 4, 2, 1, 2, 3, 0, 5, 2, 1, 3, 1];
const rows = 10_000 / 15;
const model = model_of({ p: { prior: { beta: [2, 2] } } });

describe('rare events in logit space', () => {
  let shards: Shard[] = [];
  beforeAll(() => {
    shards = events.map((y, s) => {
      const values = Float64Array.from({ length: 3000 }, (_, i) =>
        beta_quantile(uniform_at([3, s], 5, 0, i), y + 16 / 15, rows - y + 16 / 15),
      );
      return { name: `s${s}`, points: { count: 3000, dimension: 1, values }, chains: 1 };
    });
  });

  const error = (points: Points) => ((points_mean(points)[0] as number) - 0.00319872) / 0.00056453;

  it.each(quick_methods)('each shard has the Jacobian to the power 1/15: %s', (method) => {
    const { set, log_jacobian: log_j, back } = unconstrained_space({ names: ['p'], shards }, model, true);
    const points = set.shards.map((shard) => shard.points);
    const options = { draws: 6000, key: [1, 2] as const };
    const merged = back(merge_by(method, points, options, log_j).points);
    expect(Math.abs(error(merged))).toBeLessThan(0.4);
    const sd = Math.sqrt(points_covariance(merged)[0] as number) / 0.00056453;
    expect(sd).toBeGreaterThan(0.8);
    expect(sd).toBeLessThan(1.1);
    // Without it the same merge is wrong by what the head says.
    expect(error(back(merge_by(method, points, options).points))).toBeGreaterThan(1.5);
  });
});

describe('the space of a merge', () => {
  const mixed = model_of({
    rate: { prior: { gamma: [2, 1] } },
    shares: { prior: { dirichlet: [1, 2, 3] }, size: 3, simplex: true },
    cuts: { prior: { normal: [0, 1] }, size: 2, ordered: true },
    free: { prior: { normal: [0, 1] } },
  });
  const phi = normal_points(4, 200, mixed.dimension);
  const theta_of = (points: Points) =>
    Float64Array.from({ length: points.count }, (_, i) => i).reduce(
      (values, i) => {
        values.set(
          constrain_all(mixed, points.values.subarray(i * mixed.dimension, (i + 1) * mixed.dimension)),
          i * mixed.scalars.length,
        );
        return values;
      },
      new Float64Array(points.count * mixed.scalars.length),
    );
  const shard = (values: Float64Array): Shard => ({
    name: 'a.csv',
    points: { count: 200, dimension: mixed.scalars.length, values },
    chains: 1,
  });
  const names = mixed.scalars.map(({ name }) => name);

  it('is there and back for bounds, simplexes and ordered parameters', () => {
    const space = unconstrained_space({ names, shards: [shard(theta_of(phi))] }, mixed, true);
    const [there] = space.set.shards;
    phi.values.forEach((x, at) => {
      expect(Math.abs((there?.points.values[at] as number) - x)).toBeLessThan(1e-9);
    });
    const again = space.back(phi).values;
    theta_of(phi).forEach((x, at) => {
      expect(again[at]).toBe(x);
    });
    expect(names.map((_, j) => space.coordinate(j))).toEqual([
      0,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      5,
    ]);
  });

  it('takes gradients along, so that they pass the check in φ', () => {
    // Draws of φ are standard normal: ∇ log q = −φ. With respect to θ = e^φ of one positive parameter that is (−φ − 1) / θ.
    const positive = model_of({ rate: { prior: { gamma: [2, 1] } } });
    const normals = column(normal_points(8, 3000, 1), 0);
    const values = normals.map(Math.exp);
    const given: Shard = {
      ...{ name: 'a.csv', points: { count: 3000, dimension: 1, values }, chains: 1 },
      gradients: normals.map((x) => (-x - 1) / Math.exp(x)),
      log_densities: normals.map((x) => -(x * x) / 2 - x),
    };
    const { set } = unconstrained_space({ names: ['rate'], shards: [given] }, positive, true);
    set.shards[0]?.gradients?.forEach((g, i) => {
      expect(Math.abs(g + (normals[i] as number))).toBeLessThan(1e-6);
    });
    set.shards[0]?.log_densities?.forEach((l, i) => {
      expect(l).toBeCloseTo(-((normals[i] as number) ** 2) / 2, 9);
    });
    expect(() => check_gradients(set.shards[0] as Shard, 4)).not.toThrow();
  });

  it('has no Jacobian to correct where nothing is bounded', () => {
    const free = model_of({ a: { prior: { normal: [0, 1] } } });
    expect(unconstrained_space({ names: ['a'], shards: [] }, free, true).log_jacobian).toBeUndefined();
    expect(plain_space({ names: ['a'], shards: [] }).log_jacobian).toBeUndefined();
  });

  it('refuses draws of another model and draws outside its bounds', () => {
    const of = (names_: string[], value: number) => () =>
      unconstrained_space(
        {
          names: names_,
          shards: [{ name: 'a.csv', points: { count: 1, dimension: 1, values: Float64Array.of(value) }, chains: 1 }],
        },
        model,
        true,
      );
    expect(of(['q'], 0.5)).toThrow(/^The draws have the parameters q; the model shard has p\./);
    expect(of(['p'], 1.5)).toThrow(/^a\.csv, draw 1 is not inside the bounds of the model shard: p = 1\.5\./);
  });
});

describe('Gaussians with a power of the Jacobian', () => {
  it('are exact where the log Jacobian is linear: every mean moves by (1 − 1/S) Σ_b', () => {
    const positive = model_of({ rate: { prior: { gamma: [2, 1] } } });
    const moments = shard_moments([exact_moments(1, 50, [1], [0.5]), exact_moments(2, 50, [2], [2])]);
    const tilted = tilt_moments(moments, (phi) => log_jacobian(positive, phi)) ?? [];
    expect(tilted[0]?.mean[0]).toBeCloseTo(1 - 0.25, 6);
    expect(tilted[1]?.mean[0]).toBeCloseTo(2 - 1, 6);
    // The product of both: precision 2 + ½, moved by (S − 1) / precision.
    expect(gaussian_product(tilted).mean[0]).toBeCloseTo((2 + 1 - 1) / 2.5, 6);
  });

  it('are none where the power takes away all precision', () => {
    // Hardly any data: fifteen shards of a logit with precision 0.2 each lose up to ½ · 14/15 each.
    const moments = shard_moments(Array.from({ length: 15 }, (_, s) => exact_moments(s, 50, [0], [5])));
    expect(tilt_moments(moments, (phi) => log_jacobian(model, phi))).toBeUndefined();
  });
});
