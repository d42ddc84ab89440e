// Acceptance: what is said of an estimate follows from whether its chains agree. Chains are made, so equality.

import { describe, expect, it } from 'vitest';
import { create_chain_means, type Estimate } from '../../src/page/scenes/population/chain_means.ts';
import { estimate_words } from '../../src/page/scenes/population/estimates.ts';

const draws = 200;

/** Of chains that go up and down by one about their centres. */
function estimate(centres: readonly number[]): Estimate {
  const means = create_chain_means([{ name: 'x', of: (x) => x }], centres.length);
  for (const [c, centre] of centres.entries()) {
    for (let t = 0; t < draws; t++) means.add(c, centre + (t % 2 === 0 ? 1 : -1), 0);
  }
  return means.estimates()[0] as Estimate;
}

describe('an estimate of a population', () => {
  it('of chains that agree has an error, and a distance from the truth of one digit', () => {
    const found = estimate([0.99, 1.01, 1.02, 0.98]);
    expect(found.rhat).toBeCloseTo(1, 3);
    expect(estimate_words(found, 1)).toEqual({ text: '1.0000 ± 0.0091, exact 1.0000' });
    const { doubt } = estimate_words(found, 0);
    expect(doubt).toBe('about 100 standard errors off');
  });

  it('of chains that sit apart has none, however far from the truth it is', () => {
    const found = estimate([0, 0, 3, 3]);
    // The variance of the means is 3, and 1 within a chain.
    expect(found.rhat).toBeCloseTo(2, 12);
    const { text, doubt } = estimate_words(found, 100);
    expect(text).toBe('1.50, exact 100.00');
    expect(doubt).toBe('the chains have not mixed (R-hat 2.00), so its error is not known');
  });

  it('of chains that never moved has no error either', () => {
    const means = create_chain_means([{ name: 'x', of: (x) => x }], 2);
    for (const chain of [0, 1]) means.add(chain, chain, 0);
    expect(estimate_words(means.estimates()[0] as Estimate, 0).doubt).toBe(
      'the chains have not mixed, so its error is not known',
    );
    expect(create_chain_means([{ name: 'x', of: (x) => x }], 2).estimates()).toEqual([undefined]);
  });
});
