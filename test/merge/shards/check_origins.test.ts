// Acceptance: words. Which sets of shards are refused, which are warned of and which pass without a word.
import { describe, expect, it } from 'vitest';
import { check_origins, type Origin } from '../../../src/merge/shards/check_origins.ts';

const priors = { a: 'normal(0, 5)', sigma: 'half_normal(3)' };

/** Shards 1 … 8 of one cut, each with its part of the prior. */
const shard = (number: number, more: Partial<Origin> = {}): Origin => ({
  name: `s/shard_${number}`,
  model: 'line',
  priors,
  prior_power: 1 / 8,
  data: { name: `s/shard_${number}/data.csv`, rows: 50, fingerprint: `f${number}` },
  cut: { id: 'c', shard: number, shards: 8, rows: 50, all_rows: 400, data: 'y.csv' },
  ...more,
});
const all = Array.from({ length: 8 }, (_, s) => shard(s + 1));

/** Runs that were made by hand: nothing is known of a cut. */
const run = (name: string, more: Partial<Origin> = {}): Origin => ({
  ...{ name, model: 'line', priors, prior_power: 0.5 },
  data: { name: 'y.csv', rows: 50, fingerprint: name },
  ...more,
});

describe('shards belong together', () => {
  it('where all of one cut are there, or nothing is known, or parts of the prior add up', () => {
    expect(check_origins(all)).toEqual([]);
    expect(check_origins([{ name: 'a.csv' }, { name: 'b.csv' }])).toEqual([]);
    expect(check_origins([run('a'), run('b')])).toEqual([]);
    expect(check_origins([run('a', { prior_power: 0.25 }), run('b', { prior_power: 0.75 })])).toEqual([]);
    expect(check_origins([run('a', { prior_power: 1 }), { name: 'b.csv' }])).toEqual([]);
  });

  it('where a prior is flat, to whatever power', () => {
    const flat = { priors: { a: 'flat', p: 'uniform(0, 1)' }, prior_power: 1 };
    expect(check_origins([run('a', flat), run('b', flat)])).toEqual([]);
  });

  it('not where models differ', () => {
    expect(() => check_origins([run('a'), run('b', { model: 'curve' })])).toThrow(
      /^b was sampled from the model curve, a from line\./,
    );
  });

  it('not where one shard is given twice', () => {
    expect(() => check_origins([...all.slice(0, 7), shard(3, { name: 'copy' })])).toThrow(
      /^s\/shard_3 and copy are both shard 3 of 8 of y\.csv\./,
    );
  });
});

describe('a warning', () => {
  it('names a run on all rows beside shards of them, and does not ask for more shards', () => {
    const whole = run('all', { prior_power: 1, data: { name: '../y.csv', rows: 400, fingerprint: 'whole' } });
    const [twice, prior, ...more] = check_origins([all[0], all[1], whole] as Origin[]);
    expect(twice).toMatch(
      /^all was sampled from all 400 rows of \.\.\/y\.csv, .* they count twice\. Do not use this merge;/,
    );
    expect(prior).toMatch(/^The prior counts to the power 1\.25 in all/);
    expect(more).toEqual([]);
    // Another file, or other rows, may be what the cut lacks.
    const rest = run('rest', { data: { name: 'y.csv', rows: 300, fingerprint: 'rest' } });
    expect(check_origins([all[0], all[1], rest] as Origin[])[0]).toMatch(/^2 of the 8 shards/);
  });

  it('names the shards that are missing, and what prior is left', () => {
    const [missing, ...more] = check_origins([all[0], all[1], all[4]] as Origin[]);
    expect(missing).toMatch(
      /^3 of the 8 shards of y\.csv are given; missing: 3, 4, 6, 7, 8\. The merge knows 150 of 400 rows, and the prior to the power 0\.375\. Give all shards/,
    );
    expect(more).toEqual([]);
  });

  it('says that a whole prior counts as often as there are shards', () => {
    const whole = { prior_power: 1 };
    expect(check_origins([run('a', whole), run('b', whole), run('c', whole)])).toEqual([
      'The prior counts 3 times: every shard was sampled with the whole of it. Sample each with --prior-power 1/3.',
    ]);
  });

  it('says that two runs are of the same numbers', () => {
    const same = { data: { name: 'y.csv', rows: 50, fingerprint: 'one' } };
    const [first, ...more] = check_origins([run('a', same), run('b', same)]);
    expect(first).toMatch(/^a and b were sampled from the same numbers/);
    expect(more).toEqual([]);
  });

  it('says that shards come from several cuts', () => {
    const cut = { id: 'd', shard: 2, shards: 2, rows: 200, all_rows: 400, data: 'y.csv' };
    expect(check_origins([...all, shard(2, { name: 'other', cut })])[0]).toMatch(
      /^The shards come from 2 cuts of data \(y\.csv\)/,
    );
  });

  it('says that priors differ', () => {
    const other = { priors: { ...priors, a: 'normal(0, 1)' } };
    expect(check_origins([run('a'), run('b', other)])).toEqual([
      'b has the prior normal(0, 1) for a, a has normal(0, 5): the merge has the product of such priors. Sample all shards with one prior.',
    ]);
  });
});
