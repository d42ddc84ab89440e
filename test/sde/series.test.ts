// Host side of a latent SDE's data: exact, but for the moving time, whose bounds are derived where it is tested.

import { describe, expect, it } from 'vitest';
import { normals_at } from '../../src/random/normals.ts';
import { site } from '../../src/random/threefry.ts';
import { check_series } from '../../src/sde/check_series.ts';
import { type Series, tabulate } from '../../src/sde/series.ts';
import { to_units, units_of } from '../../src/sde/units.ts';

const options = { latent: 2, observed: 2, every: 3, sees: 3, nodes: 5, is_identity: true };

/** Two channels: the index, and a hundred times it. */
const series_of = (count: number, time = (i: number) => i): Series => ({
  times: Float64Array.from({ length: count }, (_, i) => time(i)),
  values: Float64Array.from({ length: 2 * count }, (_, i) => Math.floor(i / 2) * (i % 2 === 0 ? 1 : 100)),
});

describe('tables', () => {
  const tables = tabulate([series_of(21), series_of(5)], options);

  it('put a node at every third observation and at the last', () => {
    const times = (series: number) => tables.nodes.filter((n) => n.series === series).map((n) => n.time);
    expect(times(0)).toEqual([0, 3, 6, 9, 12, 15, 18, 20]);
    expect(times(1)).toEqual([0, 3, 4]);
    expect(tables.nodes.map((n) => n.span)).toEqual([3, 3, 3, 3, 3, 3, 2, 0, 3, 1, 0]);
    expect(tables.nodes.at(-1)?.clock).toBe(0.2);
  });

  it('have every interval and every observation in one window', () => {
    expect(tables.windows).toEqual([
      { first_node: 0, intervals: 3, starts: true, first_observation: 0, observations: 9 },
      { first_node: 3, intervals: 4, starts: false, first_observation: 9, observations: 12 },
      { first_node: 8, intervals: 2, starts: true, first_observation: 21, observations: 5 },
    ]);
    expect(tables.most_observations).toBe(12);
  });

  it('place observations in their intervals, the last at the end of its', () => {
    expect(tables.observations.slice(0, 4)).toEqual([
      { node: 0, u: 0 },
      { node: 0, u: 1 / 3 },
      { node: 0, u: 2 / 3 },
      { node: 1, u: 0 },
    ]);
    expect(tables.observations[20]).toEqual({ node: 6, u: 1 });
    expect(tables.observations[25]).toEqual({ node: 9, u: 1 });
  });

  it('show the encoder values and marks around a node, zeros beyond the series', () => {
    expect(tables.encoder_inputs).toBe(9);
    expect(Array.from(tables.inputs.subarray(0, 9))).toEqual([0, 0, 0, 0, 0, 1, 1, 100, 1]);
    expect(Array.from(tables.inputs.subarray(9, 18))).toEqual([2, 200, 1, 3, 300, 1, 4, 400, 1]);
    expect(Array.from(tables.bases.subarray(0, 4))).toEqual([0.5, 50, 3, 300]);
    expect(tables.numbers).toBe(52);
  });

  it('mark missing values by channel, and tell gaps where times are irregular', () => {
    const irregular = series_of(5, (i) => i * i);
    irregular.values[3] = Number.NaN;
    const { inputs, encoder_inputs, values, numbers, bases } = tabulate([irregular], { ...options, every: 1 });
    expect(encoder_inputs).toBe(15);
    // Around the second observation: gaps over three mean spacings.
    const second = Array.from(inputs.subarray(15, 30), (v) => Math.round(v * 1e6) / 1e6);
    expect(second).toEqual([0, 0, 1, 1, -0.083333, 1, 0, 1, 0, 0, 2, 200, 1, 1, 0.25]);
    expect(Array.from(values.subarray(4, 8))).toEqual([1, 1, 0, 0]);
    expect(numbers).toBe(9);
    expect(bases[3]).toBe(100);
  });
});

describe('units', () => {
  it('make channels of mean 0 and sd 1, and leave counts as they are', () => {
    const raw = [series_of(50)];
    const [scaled] = to_units(raw, units_of(raw, ['a', 'b'], true)) as [Series];
    for (const c of [0, 1]) {
      const own = scaled.values.filter((_, i) => i % 2 === c);
      expect(own.reduce((sum, v) => sum + v, 0)).toBeCloseTo(0, 10);
      expect(own.reduce((sum, v) => sum + v * v, 0) / 50).toBeCloseTo(1, 10);
    }
    expect(units_of(raw, ['a', 'b'], false).sd).toEqual(Float64Array.from([1, 1]));
  });

  it('measure time by how fast a channel moves', () => {
    // An autoregression of 20 000 steps with correlation 0.9: differences of lag k have mean square 2 (1 − 0.9ᵏ) variances, one at k = 6.6. Lags grow by a quarter, and the variance of the whole is known to 4 %
    // (it has 1000 independent stretches), which is half a step of the lag.
    const z = normals_at([1, 2], site.start, 0, 20_000);
    const values = new Float64Array(20_000);
    for (let i = 1; i < values.length; i++) {
      values[i] = 0.9 * (values[i - 1] as number) + Math.sqrt(0.19) * (z[i] as number);
    }
    const times = Float64Array.from({ length: 20_000 }, (_, i) => 0.5 * i);
    const { time } = units_of([{ times, values }], ['y'], true);
    expect(time).toBeGreaterThan(0.5 * 6);
    expect(time).toBeLessThan(0.5 * 9);
  });
});

describe('refusals', () => {
  const times = [0, 1, 2];
  const bad = (change: Partial<{ times: number[]; values: number[] }>) => () =>
    check_series(
      [{ times: Float64Array.from(change.times ?? times), values: Float64Array.from(change.values ?? [1, 2, 3]) }],
      ['y.csv'],
      1,
    );

  it.each([
    [{ times: [0, 2, 1] }, /y\.csv: time 1 comes after 2\. Sort the rows/],
    [{ times: [0, 1, 1] }, /two observations at time 1\. Keep one/],
    [{ times: [0, Number.NaN, 1] }, /observation 2: the time NaN/],
    [{ times: [0], values: [1] }, /has 1 observation: a path needs two/],
    [{ values: [1, Number.POSITIVE_INFINITY, 2] }, /time 1: a value is infinite/],
  ])('%o', (change, message) => {
    expect(bad(change)).toThrow(message);
  });

  it('a channel that never changes, and one without a number', () => {
    const constant = [{ times: Float64Array.from(times), values: Float64Array.from([2, 2, 2]) }];
    expect(() => units_of(constant, ['level'], true)).toThrow(/Column level is 2 throughout/);
    const empty = [{ times: Float64Array.from(times), values: new Float64Array(3).fill(Number.NaN) }];
    expect(() => units_of(empty, ['level'], true)).toThrow(/Column level holds no number/);
  });
});
