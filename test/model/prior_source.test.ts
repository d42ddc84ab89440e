// Acceptance: the whole text of each message, since the message is the feature; values of parsed priors exactly.

import { describe, expect, it } from 'vitest';
import { format_prior, parse_prior } from '../../src/model/prior_text.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { UserError } from '../../src/model/user_error.ts';
import { with_prior } from '../../src/model/with_prior.ts';
import { message_of } from './messages.ts';

describe('parse_prior', () => {
  it('reads families, arguments and bounds', () => {
    expect(parse_prior('lognormal:0,1')).toEqual({ prior: { lognormal: [0, 1] } });
    expect(parse_prior('normal:2,1@0,')).toEqual({ prior: { normal: [2, 1] }, lower: 0 });
    expect(parse_prior('normal:2,1@,3')).toEqual({ prior: { normal: [2, 1] }, upper: 3 });
    expect(parse_prior(' normal: -2.5 , 1e-1 @ -3 , 4 ')).toEqual({
      prior: { normal: [-2.5, 0.1] },
      lower: -3,
      upper: 4,
    });
    expect(parse_prior('exponential:5')).toEqual({ prior: { exponential: [5] } });
    expect(parse_prior('flat')).toEqual({ prior: { flat: [] } });
    expect(parse_prior('flat@0,1')).toEqual({ prior: { flat: [] }, lower: 0, upper: 1 });
  });

  const form =
    'Write FAMILY:ARGUMENTS, with bounds FAMILY:ARGUMENTS@LOWER,UPPER where either may be empty, such as normal:2,1@0,';
  it.each([
    [
      'nromal:0,1',
      'prior "nromal:0,1": there is no prior "nromal". Did you mean normal? There are: normal, lognormal, uniform, gamma, beta, exponential, half_normal, half_cauchy, student_t, dirichlet, flat.',
    ],
    ['normal:2', 'prior "normal:2": prior normal takes [mean, sd], got [2].'],
    ['normal:0,x', `prior "normal:0,x": "x" is not a number. ${form}`],
    ['normal:0,,1', `prior "normal:0,,1": "" is not a number. ${form}`],
    ['normal:0,1@0', `prior "normal:0,1@0": this is not a prior. ${form}`],
    ['normal(0,1)', `prior "normal(0,1)": this is not a prior. ${form}`],
    ['normal:0,-1', 'prior "normal:0,-1": prior normal: sd must be > 0, got -1.'],
    ['uniform:1,0', 'prior "uniform:1,0": prior uniform: lower must be below upper, got [1, 0].'],
    ['normal:0,1@3,2', 'prior "normal:0,1@3,2": lower must be below upper, got lower 3 and upper 2.'],
    ['exponential:1@-1,', 'prior "exponential:1@-1,": lower -1 is outside prior exponential, which begins at 0.'],
    ['beta:1,1@,2', 'prior "beta:1,1@,2": upper 2 is outside prior beta, which ends at 1.'],
    [
      'normal:0,1@100,',
      'prior "normal:0,1@100,": prior normal has no probability between 100 and Infinity. Change the prior or the bounds.',
    ],
    [
      'normal:1e40,1',
      'prior "normal:1e40,1": prior normal: mean must be a finite number that f32 can hold, got 1e+40.',
    ],
    ['flat:1', 'prior "flat:1": prior flat takes no arguments; write { flat: true }, got [1].'],
  ])('refuses %s', (text, message) => {
    expect(message_of(() => parse_prior(text))).toBe(message);
  });
});

describe('format_prior', () => {
  it('shows the bounds where they cut something off', () => {
    expect(format_prior({ family: 'normal', arguments: [2, 1], lower: 0, upper: Infinity })).toBe(
      'normal(2, 1) on (0, ∞)',
    );
    expect(format_prior({ family: 'normal', arguments: [2, 1], lower: -Infinity, upper: 1.5 })).toBe(
      'normal(2, 1) on (−∞, 1.5)',
    );
    expect(format_prior({ family: 'exponential', arguments: [5], lower: 0, upper: Infinity })).toBe('exponential(5)');
    expect(format_prior({ family: 'flat', arguments: [], lower: 0, upper: 1 })).toBe('flat on (0, 1)');
    expect(format_prior({ family: 'flat', arguments: [], lower: -Infinity, upper: Infinity })).toBe('flat');
  });
});

describe('with_prior', () => {
  const sir = built_in_model('sir');

  it('changes one parameter and leaves the model as it was', () => {
    const before = structuredClone(sir.scalars);
    const changed = with_prior(sir, 'gamma', { prior: { lognormal: [-1, 0.5] } });
    expect(changed.scalars[1]?.prior).toEqual({ family: 'lognormal', arguments: [-1, 0.5], lower: 0, upper: Infinity });
    expect([changed.scalars[0], changed.scalars[2]]).toEqual([before[0], before[2]]);
    expect(sir.scalars).toEqual(before);
  });

  it("keeps the author's bounds unless new ones are given, and never the old prior's support", () => {
    expect(with_prior(sir, 'beta', { prior: { normal: [0, 9] } }).scalars[0]?.prior).toMatchObject({
      lower: 0,
      upper: Infinity,
    });
    expect(with_prior(sir, 'beta', { prior: { normal: [0, 9] }, lower: -1, upper: 4 }).scalars[0]?.prior).toMatchObject(
      { lower: -1, upper: 4 },
    );
    const lgssm = built_in_model('lgssm');
    expect(with_prior(lgssm, 'mu', { prior: { normal: [0, 1] } }).scalars[0]?.prior).toMatchObject({
      lower: -Infinity,
      upper: Infinity,
    });
  });

  it('applies twice as well as once', () => {
    const twice = with_prior(with_prior(sir, 'beta', { prior: { uniform: [1, 2] } }), 'beta', {
      prior: { normal: [0, 1] },
    });
    expect(twice.scalars[0]?.prior).toEqual({ family: 'normal', arguments: [0, 1], lower: 0, upper: Infinity });
  });

  it('refuses unknown parameters and priors that the bounds exclude', () => {
    const lognormal = { prior: { lognormal: [0, 1] } };
    expect(message_of(() => with_prior(sir, 'betta', lognormal))).toBe(
      'Model sir has no parameter "betta". Did you mean beta?',
    );
    expect(message_of(() => with_prior(sir, 'q', lognormal))).toBe(
      'Model sir has no parameter "q". It has: beta, gamma, phi_inverse.',
    );
    expect(message_of(() => with_prior(sir, 'beta', { prior: { uniform: [-2, -1] } }))).toBe(
      'prior of beta: prior uniform has no probability between 0 and Infinity. Change the prior or the bounds.',
    );
    expect(() => with_prior(sir, 'beta', { prior: { normal: [1] } })).toThrow(UserError);
  });
});
