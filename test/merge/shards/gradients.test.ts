// Acceptance: right gradients pass and wrong ones do not, at fixed seeds. False alarms: by the threshold 1e-9 of normal averages; averages of 100 skewed
// or heavy-tailed draws are none, so alarms are counted: none of 1000 shards means below 0.3 % at 95 % confidence. Wrong gradients move an average by about 1, which
// is √draws standard errors and less where draws are correlated.
import { describe, expect, it } from 'vitest';
import { check_gradients } from '../../../src/merge/shards/check_gradients.ts';
import { check_log_densities } from '../../../src/merge/shards/check_log_densities.ts';
import type { Shard } from '../../../src/merge/shards/shard.ts';
import { densities, normal_shard, shard_of } from './sampled.ts';

const alarms = (shards: readonly Shard[]) =>
  shards.filter((shard) => {
    try {
      check_gradients(shard, 4);
      check_log_densities(shard);
      return false;
    } catch {
      return true;
    }
  }).length;

const with_gradients = (shard: Shard, change: (g: number, at: number) => number): Shard => ({
  ...shard,
  gradients: (shard.gradients as Float64Array).map(change),
});
const shifted = (values: Float64Array, by: number) =>
  values.map((_, at) => values[(at + by) % values.length] as number);

describe('gradients are checked against the draws', () => {
  it.each(Object.keys(densities))('without false alarms at 100 draws: %s', (name) => {
    const shards = Array.from({ length: 500 }, (_, seed) => shard_of(densities[name] as never, seed, 100));
    expect(alarms(shards)).toBe(0);
  });

  it('without false alarms where draws are correlated, 0.9 from one to the next', () => {
    const shards = Array.from({ length: 200 }, (_, seed) => normal_shard(seed, 4, 250, 0.9));
    expect(alarms(shards)).toBe(0);
  });

  const good = normal_shard(1, 4, 500, 0.5);
  it.each([
    ['the other sign', with_gradients(good, (g) => -g), /with the other sign/],
    [
      'rows in another order',
      { ...good, gradients: shifted(good.gradients as Float64Array, 600) },
      /rows in another order/,
    ],
    ["all shards' product", with_gradients(good, (g) => 4 * g), /all 4 shards' product/],
    ['other coordinates', with_gradients(good, (g, at) => g * (at % 2 === 0 ? 3 : 0.5)), /other coordinates/],
    [
      'columns swapped',
      with_gradients(good, (_, at) => (good.gradients as Float64Array)[at ^ 1] as number),
      /do not belong to the draws of n\.csv/,
    ],
    ['a shift', with_gradients(good, (g) => g + 1), /do not belong/],
  ])('and refused for %s', (_, shard, message) => {
    expect(() => check_gradients(shard, 4)).toThrow(message);
  });

  // Draws c·x, x = e^φ exponential: the gradient with respect to φ is 1 − x. (Draw − mean) · gradient averages −c then, so that c = 1 is the one case in which
  // no average shows it, and log densities do.
  const positive = shard_of(densities.log_exponential as never, 3, 2000);
  const scaled = (c: number): Shard => ({
    ...positive,
    points: { ...positive.points, values: positive.points.values.map((phi) => c * Math.exp(phi)) },
    log_densities: Float64Array.from(
      { length: 2000 },
      (_, i) =>
        -Math.exp(positive.points.values[2 * i] as number) - Math.exp(positive.points.values[2 * i + 1] as number),
    ),
  });
  it('and refused with respect to the logarithm of what the draws are', () => {
    expect(() => check_gradients(scaled(9), 4)).toThrow(/other coordinates/);
    expect(() => check_gradients(scaled(1), 4)).not.toThrow();
    expect(() => check_log_densities(scaled(1))).toThrow(/are not of one density/);
  });
});

describe('log densities are checked against the gradients', () => {
  const good = normal_shard(5, 2, 1000, 0.5);
  const densities_of = (values: Float64Array): Shard => ({ ...good, log_densities: values });
  const log_densities = good.log_densities as Float64Array;

  it('and pass in f32 beside a large constant, where nothing can be seen any more', () => {
    expect(() => check_log_densities(densities_of(log_densities.map((l) => Math.fround(l + 1e7))))).not.toThrow();
    expect(() => check_log_densities(densities_of(log_densities.map((l) => l + 100)))).not.toThrow();
  });

  it.each([
    ['the other sign', log_densities.map((l) => -l)],
    ['rows in another order', shifted(log_densities, 77)],
    ['another density', log_densities.map((l) => 4 * l)],
  ])('and refused for %s', (_, values) => {
    expect(() => check_log_densities(densities_of(values))).toThrow(/are not of one density/);
  });
});
