// compare.ts on answers made by hand: ours is drawn, theirs is ours with an error of a known kind. What must pass and what must not is certain by construction (errors far inside or far outside the
// bounds), except the mean's test, whose false alarm at 4.5 standard errors is 7e-6, with a fixed seed.

import { describe, expect, it } from 'vitest';
import {
  type Agreement,
  check_size,
  compare_answers,
  compare_closely,
  compare_spread,
  forks_allowed,
  type Pair,
} from '../../bench/peers/compare.ts';
import { peer_entry } from '../../bench/peers/filter_peers.ts';
import { make_problem } from '../../bench/peers/make_problem.ts';
import { normal } from '../../src/model/catalog/data/portable_lgssm.ts';

const problem = make_problem({ ...check_size, model: 'lgssm', gradient: 'carried' });
const { filters } = problem;
const scatter = { log_likelihood: 0.3, gradient: [1.5, 0.7, 0.6] };
const of_all = [scatter.log_likelihood, ...scatter.gradient];

type Change = (value: number, filter: number, quantity: number) => number;

/** `quantity` 0 is the log-likelihood, then the derivatives. */
function pair(change: Change): Pair {
  const log_likelihood = Float32Array.from({ length: filters }, (_, f) => -40 + normal(f));
  const gradient = Float32Array.from({ length: 3 * filters }, (_, i) => 5 * normal(1000 + i));
  return {
    problem,
    ours: { log_likelihood, gradient },
    theirs: {
      log_likelihood: log_likelihood.map((value, f) => change(value, f, 0)),
      gradient: gradient.map((value, i) => change(value, i % filters, 1 + Math.floor(i / filters))),
    },
  };
}

const sd_of = (quantity: number) => of_all[quantity] as number;
const rounding: Change = (value, f) => value * (1 + 2e-7 * Math.sin(f));
const forks =
  (count: number): Change =>
  (value, f, quantity) =>
    f < count ? value + 0.5 * sd_of(quantity) : rounding(value, f, quantity);

describe('to rounding', () => {
  const judge = (change: Change): Agreement => compare_closely(pair(change));

  it('agrees with equal answers and with rounded ones', () => {
    expect(judge((value) => value)).toEqual({ agrees: true, text: 'check: 64 of 64 filters equal to rounding' });
    expect(judge(rounding).agrees).toBe(true);
  });

  it('allows a few filters to fork, and says how many', () => {
    expect(judge(forks(1))).toEqual({ agrees: true, text: 'check: 63 of 64 filters equal to rounding' });
    expect(judge(forks(forks_allowed)).agrees).toBe(true);
    const { agrees, text } = judge(forks(forks_allowed + 1));
    expect(agrees).toBe(false);
    expect(text).toMatch(/^check: 58 of 64 filters equal to rounding, furthest .+ of filter [0-5]: /);
  });

  it.each<[string, Change]>([
    ['one derivative is off by a hundredth', (value, _, quantity) => (quantity === 2 ? value + 0.01 : value)],
    ['the log-likelihood is off by a hundredth', (value, _, quantity) => (quantity === 0 ? value + 0.01 : value)],
    ['derivatives have the wrong sign', (value, _, quantity) => (quantity > 0 ? -value : value)],
    ['answers are not numbers', () => Number.NaN],
  ])('disagrees when %s', (_, change) => {
    expect(judge(change).agrees).toBe(false);
  });
});

describe('against the scatter of one filter', () => {
  const judge = (change: Change): Agreement => compare_spread(pair(change), scatter);
  /** A filter of the same distribution: different noise in the same place. */
  const noise = (f: number, quantity: number) => normal(5000 + 100 * quantity + f) * sd_of(quantity);

  it('agrees when a third of the filters have forked without bias', () => {
    const { agrees, text } = judge((value, f, quantity) => (f % 3 === 0 ? value + noise(f, quantity) : value));
    expect(agrees, text).toBe(true);
    expect(text).toMatch(/log-likelihood median .+, 99 % .+, mean .+ ± .+; d\/d mu median/);
  });

  it.each<[string, Change]>([
    ['a small bias in every filter', (value, f, q) => value + 0.2 * sd_of(q) * (1 + 0.1 * normal(f))],
    ['other noise in every filter', (value, f, q) => value + Math.SQRT2 * noise(f, q)],
    ['a wrong gradient', (value, _, q) => (q === 3 ? 0 : value)],
    ['wild values in a few filters', (value, f) => (f < 3 ? value + 100 * (f - 1) : value)],
    ['one that is not a number', (value, f) => (f === 9 ? Number.NaN : value)],
  ])('disagrees with %s', (_, change) => {
    expect(judge(change).agrees).toBe(false);
  });
});

describe('a peer in a row', () => {
  const answer = { tool: 'tool', version: '1', device: 'cpu', threads: 2, seconds: [0.3, 0.1, 0.2] };
  const entry = (change: Change, gradient = true) => {
    const { ours, theirs } = pair(change);
    const values = gradient ? theirs : { log_likelihood: theirs.log_likelihood };
    return peer_entry({ ...answer, ...values, check: values }, { problem, ours }, { problem, ours }, scatter, 50);
  };

  it('has its median time and ratio when it agrees', () => {
    expect(entry(rounding)).toMatchObject({ outcome: 'measured', tool: 'tool', threads: 2, median: 200, ratio: 4 });
  });

  it('has no time when it disagrees, and says by how much', () => {
    expect(entry((value) => value + 1)).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^its answers differ from ours, so its time does not count: check: 0 of 64/),
    });
  });

  it('keeps its quartiles and what came before its repeats', () => {
    const { ours, theirs } = pair(rounding);
    const full = { ...answer, ...theirs, check: theirs, preparation_seconds: 7 };
    expect(peer_entry(full, { problem, ours }, { problem, ours }, scatter, 50)).toMatchObject({
      lower_quartile: 150,
      upper_quartile: 250,
      repeats: 3,
      preparation_seconds: 7,
    });
  });

  it('has no time beside a gradient where it gives the value only', () => {
    expect(entry(rounding, false)).toEqual({ outcome: 'skipped', tool: 'tool', reason: 'value only' });
  });

  it('keeps the reason of a tool that gave no answer', () => {
    const { ours } = pair(rounding);
    const skipped = { ...answer, log_likelihood: new Float32Array(0), skipped: 'not here' };
    expect(peer_entry(skipped, { problem, ours }, { problem, ours }, scatter, 1)).toEqual({
      outcome: 'skipped',
      tool: 'tool',
      reason: 'not here',
    });
  });
});

it('needs both parts to agree', () => {
  expect(compare_answers(pair(rounding), pair(rounding), scatter).agrees).toBe(true);
  expect(compare_answers(pair(forks(30)), pair(rounding), scatter).agrees).toBe(false);
  expect(
    compare_answers(
      pair(rounding),
      pair((value) => value + 10),
      scatter,
    ).agrees,
  ).toBe(false);
});
