// Estimates from recorded populations, by hand and in float64. Acceptance: exact where the sums are (weights of halves and quarters), else 1e-12.

import { describe, expect, it } from 'vitest';
import { constrain } from '../../src/model/transform.ts';
import {
  concatenated,
  normalised,
  type PosteriorRecord,
  read_records,
  recycle,
  recycled_weights,
} from '../../src/smc2/recycle.ts';
import { model_of } from './models.ts';
import { draws, numbers } from './population.ts';

const model = model_of(3);

describe('read_records', () => {
  const [count, thetas] = [3, 5];
  const random = draws(70);
  const phi = numbers(count, () => numbers(3, () => numbers(thetas, () => random.normal())));
  const log_weights = numbers(count, () => numbers(thetas, () => Math.fround(3 * random.normal() - 200)));
  const families = numbers(count, () => numbers(thetas, () => random.word() % thetas));
  const likelihoods = numbers(count, () => numbers(thetas, () => random.normal()));
  const words = new Float32Array(count * 6 * thetas);
  numbers(count, (k) => {
    const at = k * 6 * thetas;
    words.set([...(phi[k]?.flat() ?? []), ...(log_weights[k] ?? [])], at);
    words.set(families[k] ?? [], at + 4 * thetas);
    words.set(likelihoods[k] ?? [], at + 5 * thetas);
  });
  const records = read_records(words, count, thetas, model);

  it('takes apart what the engine wrote, in constrained space', () => {
    expect(records).toHaveLength(count);
    records.forEach((record, k) => {
      model.scalars.forEach(({ prior }, i) => {
        const wanted = Float32Array.from(phi[k]?.[i] ?? [], (x) => constrain(prior, x));
        expect(record.theta[i]).toEqual(wanted);
      });
      expect(Array.from(record.families)).toEqual(families[k]);
      expect(Array.from(record.log_likelihood)).toEqual(likelihoods[k]);
    });
  });

  it('normalises the weights in float64, also where exp of each would be zero in f32', () => {
    records.forEach((record, k) => {
      expect(record.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
      const [first = 0] = log_weights[k] ?? [];
      record.weights.forEach((w, m) => {
        const ratio = Math.exp((log_weights[k]?.[m] as number) - first);
        expect(w / (record.weights[0] as number) / ratio).toBeCloseTo(1, 12);
      });
    });
  });
});

describe('normalised', () => {
  it('gives the sentinel of an impossible particle nothing', () => {
    const weights = normalised([0, -1e30, 0, -1e30]);
    expect(weights[0]).toBe(0.5);
    expect(weights[1]).toBeLessThan(1e-300);
  });
});

const record = (theta: number[], weights: number[], families: number[]): PosteriorRecord => ({
  theta: [Float32Array.from(theta)],
  weights: Float64Array.from(weights),
  families: Uint32Array.from(families),
  log_likelihood: new Float32Array(theta.length),
});

describe('recycle', () => {
  const one = model_of(1);
  // ESS 4 and 2.
  const records = [
    record([1, 2, 3, 6], [0.25, 0.25, 0.25, 0.25], [0, 1, 2, 3]),
    record([2, 4, 9, 9], [0.5, 0.5, 0, 0], [0, 0, 1, 3]),
  ];
  const { parameters, coefficients, families } = recycle(records, one);
  const estimate = parameters.location;

  it('counts each iteration by its effective sample size', () => {
    expect(coefficients.map((c) => c * 6)).toEqual([4, 2]);
    expect(Array.from(recycled_weights(records, coefficients), (w) => w * 6)).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('gives mean and sd of the pooled draws', () => {
    // Pooled: 1 2 3 6 2 4, a sixth each: mean 3, sum of squares 4 + 1 + 0 + 9 + 1 + 1.
    expect(estimate?.mean).toBeCloseTo(3, 12);
    expect(estimate?.sd).toBeCloseTo(Math.sqrt(16 / 6), 12);
    expect(estimate?.q50).toBeCloseTo(2.5, 12);
  });

  it('takes its error from the families of all iterations together', () => {
    // Family 0 holds 1, 2 and 4: deviations −2 − 1 + 1; the others −1, 0 and 3.
    expect(estimate?.mcse).toBeCloseTo(Math.sqrt(4 + 1 + 0 + 9) / 6, 12);
    // (sd / mcse)² = 6.9 would be more than the draws of weight above zero.
    expect(estimate?.ess).toBe(6);
    // Shares 3, 1, 1, 1 of 6.
    expect(families).toBeCloseTo(36 / 12, 12);
  });

  it('is the plain mean for one record, whatever its size', () => {
    const random = draws(71);
    const theta = numbers(50, () => random.normal());
    const single = recycle(
      [
        record(
          theta,
          new Array<number>(50).fill(1 / 50),
          numbers(50, (m) => m),
        ),
      ],
      one,
    );
    const mean = theta.reduce((a, b) => a + b, 0) / 50;
    expect(single.parameters.location?.mean).toBeCloseTo(mean, 7);
    expect(single.parameters.location?.ess).toBeCloseTo(50, 8);
    expect(single.coefficients).toEqual([1]);
  });
});

it('concatenates in order', () => {
  expect(Array.from(concatenated([[1, 2], [], Float32Array.of(3)]))).toEqual([1, 2, 3]);
});
