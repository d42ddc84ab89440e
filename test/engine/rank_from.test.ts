import { expect, it } from 'vitest';
import { rank_from } from '../../src/engine/rank_from.ts';

it.each([
  ['2', { SLURM_PROCID: '5' }, { rank: 2, from: '--rank' }],
  [undefined, { SLURM_PROCID: '5', OMPI_COMM_WORLD_RANK: '3' }, { rank: 3, from: 'OMPI_COMM_WORLD_RANK' }],
  [undefined, { PMI_RANK: '0', JOB_COMPLETION_INDEX: '9' }, { rank: 0, from: 'PMI_RANK' }],
  [undefined, { SLURM_PROCID: '', JOB_COMPLETION_INDEX: '7' }, { rank: 7, from: 'JOB_COMPLETION_INDEX' }],
  [undefined, { HOME: '/' }, undefined],
])('--rank %s in %o', (option, environment, expected) => {
  expect(rank_from(option, environment)).toEqual(expected);
});

it.each([
  ['-1', {}],
  ['two', {}],
  [undefined, { SLURM_PROCID: '1.5' }],
])('%s in %o is no rank', (option, environment) => {
  expect(() => rank_from(option, environment)).toThrow('which is no rank');
});
