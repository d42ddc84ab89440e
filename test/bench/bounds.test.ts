// Acceptance: what a particle-step must move, counted by hand from the shaders' buffers, and the bound by arithmetic on round numbers. Equality.

import { expect, it } from 'vitest';
import { bound_of, particle_step } from '../../bench/bounds.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { limits } from './fixture.ts';

const [lgssm, sir] = [built_in_model('lgssm'), built_in_model('sir')];
const step = { model: lgssm, shape: 'lane', tangents: 0, shared_noise: false } as const;
const bytes = (changes: Partial<Parameters<typeof particle_step>[0]>) => particle_step({ ...step, ...changes })?.bytes;
const operations = (changes: Partial<Parameters<typeof particle_step>[0]>) =>
  particle_step({ ...step, ...changes })?.operations as number;

it('a particle is read and written once, and its weights', () => {
  // One state, log-weight and integer weight, 4 bytes each, twice; in the grid the integer weight is a prefix sum of 8.
  expect(bytes({})).toBe(2 * 4 * 3);
  expect(bytes({ shape: 'grid' })).toBe(2 * 4 * 4);
  // Two states.
  expect(bytes({ model: sir })).toBe(2 * 4 * 4);
});

it('noise that filters share is read instead of drawn', () => {
  expect(bytes({ shared_noise: true })).toBe(2 * 4 * 3 + 4);
  expect(bytes({ model: sir, shared_noise: true })).toBe(2 * 4 * 4 + 8 * 4);
  // lgssm draws one normal: half a Threefry call, and the way from bits to a normal.
  expect(operations({}) - operations({ shared_noise: true })).toBe(112 / 2 + 28);
});

it('tangents cost bytes and operations in proportion', () => {
  const [none, one, three] = [0, 1, 3].map((tangents) => operations({ tangents })) as [number, number, number];
  expect(three - none).toBe(3 * (one - none));
  expect(one).toBeGreaterThan(none);
  expect(bytes({ tangents: 3 })).toBeGreaterThan(bytes({ tangents: 1 }) as number);
});

it('the bound is the longer of moving and computing', () => {
  const at = { ...limits, copy_kernel: 1e9, multiply_add: 2e9 };
  // 10⁶ units: 10 bytes each take 10 ms, 10 operations 5 ms, 40 operations 20 ms.
  expect(bound_of({ bytes: 10, operations: 10 }, 1e6, at, 40)).toEqual({
    bytes: 10,
    operations: 10,
    ms: 10,
    by: 'bandwidth',
    ratio: 0.25,
  });
  expect(bound_of({ bytes: 10, operations: 40 }, 1e6, at, 40)).toMatchObject({ ms: 20, by: 'arithmetic', ratio: 0.5 });
});

it('a model that nobody has counted has no bound', () => {
  expect(particle_step({ ...step, model: { ...lgssm, name: 'another' } })).toBeUndefined();
});
