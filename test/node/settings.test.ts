// Acceptance: exact values and messages.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validate_model } from '../../src/model/validate.ts';
import { parse_settings } from '../../src/node/settings.ts';
import { message_of } from '../model/messages.ts';

const model = validate_model({
  kind: 'state-space',
  name: 'arrays',
  parameters: {
    a: { prior: { normal: [0, 1] } },
    b: { prior: { normal: [0, 1] }, size: 3 },
    rate: { prior: { gamma: [2, 1] }, upper: 5 },
  },
  state: ['x'],
  noise: 1,
  observation: ['y'],
  wgsl: `
    fn initial(theta: Theta, noise: Noise) -> State { return State(0.0); }
    fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return x; }
    fn log_observation(y: Observation, x: State, theta: Theta, t: f32) -> f32 { return 0.0; }
  `,
});
const refusal = (...settings: string[]) => message_of(() => parse_settings(settings, model));

describe('--set', () => {
  it('gives every parameter its value, in any order, arrays whole or by element', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const values = fc.record({
      a: number,
      b: fc.tuple(number, number, number),
      rate: fc.float({ min: 0, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(values, fc.boolean(), fc.boolean(), ({ a, b, rate }, whole, reversed) => {
        const elements = b.map((x, i) => `b[${i}]=${x}`);
        const settings = [`a=${a}`, ...(whole ? [`b=${b.join(',')}`] : elements), `rate = ${rate}`];
        const read = parse_settings(reversed ? settings.reverse() : settings, model);
        expect(read.map(Math.fround)).toEqual([a, ...b, rate].map((x) => Math.fround(Number(String(x)))));
      }),
      { seed: 1 },
    );
  });

  it('refuses what is missing, unknown, given twice, or no number', () => {
    expect(refusal('a=1', 'b[1]=2')).toBe(
      'The model needs a value for b[0], b[2], rate.\nAdd --set b[0]=… --set b[2]=… --set rate=…',
    );
    expect(refusal('rte=1')).toContain('there is no parameter "rte". Did you mean rate?');
    expect(refusal('b[3]=1')).toContain('there is no parameter "b[3]".');
    expect(refusal('b=1,2,3', 'b[1]=2')).toContain('--set b[1]=2: b[1] is given twice.');
    expect(refusal('a=')).toContain('"" is not a number.');
    expect(refusal('a=1,5')).toContain('"1,5" is not a number.');
    expect(refusal('a')).toContain('--set a: there is no "=" in it.\nWrite --set name=value, without spaces');
    expect(refusal('=1')).toContain('--set =1: there is no name in it.');
    expect(refusal('a=1e39')).toContain('does not fit a 32-bit float');
    expect(refusal('a=-Infinity')).toContain('does not fit a 32-bit float');
  });

  it('refuses arrays of another length and values outside the support', () => {
    expect(refusal('b=1,2')).toBe(
      '--set b=1,2: b has 3 elements, not 2.\nWrite them with commas, --set b=1,1,1, or one by one, --set b[0]=1.',
    );
    expect(refusal('a=1', 'b=1,2,3', 'rate=6')).toBe(
      '--set rate=6 is outside the support of rate, which must be at least 0 and at most 5.',
    );
  });
});
