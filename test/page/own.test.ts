// Models that a person writes in boxes: read as a module's, and refused with their place. Equality.

import { expect, it } from 'vitest';
import { validate_model } from '../../src/model/validate.ts';
import { own_settings, own_source } from '../../src/page/scenes/smc2/own.ts';
import { fallbacks } from '../../src/page/shell/settings.ts';

const boxes = fallbacks(own_settings);

it('what stands there first is a model', () => {
  const model = validate_model(own_source(boxes));
  expect(model.scalars.map(({ name, prior }) => [name, prior.family])).toEqual([
    ['step', 'half_normal'],
    ['spread', 'half_normal'],
  ]);
});

it('states may be arrays, and columns counts', () => {
  const source = own_source({ ...boxes, state: 'x[2], s', observation: 'cases, y', counts: 'cases' });
  expect(source).toMatchObject({ state: [['x', 2], 's'], observation: ['cases', 'y'], counts: ['cases'] });
});

it.each([
  ['a state that is no name', { state: 'level, x[two]' }, 'State: “x[two]” is no name, and no array as name[3].'],
  ['a line without a prior', { parameters: 'step = half_normal:1\nspread' }, 'Parameters, line 2: write NAME ='],
  [
    'a parameter that is there twice',
    { parameters: 'step = half_normal:1\nstep = half_normal:2' },
    'two lines give step',
  ],
  ['a prior with a typo', { parameters: 'step = half_norml:1' }, 'Parameters, line 1'],
])('refuses %s', (_, changed, message) => {
  expect(() => own_source({ ...boxes, ...changed })).toThrow(message);
});
