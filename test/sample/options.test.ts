// Settings that would be silently idle, or leave something to a guess, are refused, by the command line and by the library alike; acceptance: the message, which names what to do.

import { describe, expect, it } from 'vitest';
import { validate_model } from '../../src/model/validate.ts';
import { read_sample_options, sample_options } from '../../src/node/commands/sample_options.ts';
import { parse_options } from '../../src/node/options.ts';
import { check_options, type SampleOptions } from '../../src/sample/options.ts';

const model = validate_model({
  kind: 'log-density',
  name: 'normal',
  parameters: { x: { prior: { normal: [0, 1] } } },
  wgsl: 'fn log_density(theta: Theta) -> f32 { return 0.0; }',
});
const read = (args: string) =>
  read_sample_options(parse_options(args.split(' ').filter(Boolean), sample_options), model);

describe.each([
  { args: '--warmup 0', says: /The step size is found in warm-up, and --warmup 0 has none\.\nGive one with --step/ },
  { args: '--warmup 0 --sampler chees --step 0.1', says: /chees learns its trajectory in warm-up/ },
  { args: '--step 0.1 --target-acceptance 0.9', says: /Leave out --target-acceptance or --step\./ },
])('$args', ({ args, says }) => {
  it('is refused by the command line', () => expect(() => read(args)).toThrow(says));

  it('is refused by the library', () => {
    const fine = read('');
    const given: Partial<SampleOptions> = {
      ...(args.includes('--warmup 0') ? { warm_up: 0 } : {}),
      ...(args.includes('--step') ? { step: 0.1 } : {}),
      ...(args.includes('chees') ? { sampler: 'chees' } : {}),
      ...(args.includes('--target-acceptance') ? { target_acceptance: 0.9 } : {}),
    };
    expect(() => check_options(fine)).not.toThrow();
    expect(() => check_options({ ...fine, ...given })).toThrow(says);
  });
});

describe('without warm-up', () => {
  it('the metric is the unit one, and said to be', () => {
    expect(read('--warmup 0 --step 0.1')).toMatchObject({ warm_up: 0, step: 0.1, metric: 'unit' });
    expect(read('--warmup 0 --step 0.1 --metric unit').metric).toBe('unit');
    expect(read('--step 0.1').metric).toBe('diagonal');
  });

  it.each(['diagonal', 'dense'])('a %s one is refused', (metric) => {
    expect(() => read(`--warmup 0 --step 0.1 --metric ${metric}`)).toThrow(
      /is learned in warm-up, and --warmup 0 has none\.\nLeave out --metric/,
    );
  });
});
