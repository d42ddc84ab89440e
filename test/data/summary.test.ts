// Acceptance: exact; what is written is what is read, and a refusal names the field.
import { describe, expect, it } from 'vitest';
import { parse_summary, validate_summary, write_summary } from '../../src/data/summary.ts';
import { UserError } from '../../src/model/user_error.ts';
import { filter_input, smc2_input } from './report_fixture.ts';

describe('summary.json', () => {
  it('reads back as it was written, stage blocks and unknown fields included', () => {
    for (const { summary } of [smc2_input(), filter_input()]) {
      const extended = { ...summary, stage_of_tomorrow: { anything: [1, 'two', null] } };
      expect(parse_summary(write_summary(extended), 'out/summary.json')).toEqual(extended);
    }
  });

  it('refuses numbers that JSON cannot hold, with the field, also inside loose blocks', () => {
    const { summary } = smc2_input();
    const beta = summary.parameters.beta;
    if (beta === undefined) throw new Error('the fixture has beta');
    expect(() => write_summary({ ...summary, parameters: { beta: { ...beta, ess: Number.NaN } } })).toThrow(
      'summary.parameters.beta.ess must be finite.',
    );
    expect(() =>
      write_summary({ ...summary, smc2: { ...summary.smc2, extra: [1, Number.NEGATIVE_INFINITY] } as never }),
    ).toThrow('summary.smc2.extra[1] must be finite.');
  });

  it('refuses missing fields, nulls and wrong kinds, with the field', () => {
    const { summary } = smc2_input();
    const { seed: _, ...without } = summary;
    expect(() => validate_summary(without)).toThrow('summary.seed');
    expect(() => validate_summary({ ...summary, parameters: { beta: { mean: null } } })).toThrow(
      'parameters.beta.mean',
    );
    expect(() => validate_summary({ ...summary, adapter: { kind: 'GPU', name: 'x' } })).toThrow('summary.adapter.kind');
    expect(() => validate_summary(null)).toThrow('summary');
  });

  it('tells a user which file is not a summary', () => {
    expect(() => parse_summary('chain,draw', 'a.csv')).toThrow(UserError);
    expect(() => parse_summary('{}', 'a.json')).toThrow(/^a\.json is not a langevin summary: summary\.langevin/);
  });
});
