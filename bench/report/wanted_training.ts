/** The speeds that were asked for of what learns: the merge's networks, and latent SDEs. */

import { three_digits } from '../format.ts';
import type { BenchRecord, Row } from '../record.ts';
import { a_cuda_gpu, a_gpu, against, hardware, type Wanted } from './wish.ts';

const software = (adapter: BenchRecord['adapter']) => adapter.kind === 'software';

const merge_training = ({ label }: Row) => label === 'training, the loss of the score';
const sde_training = ({ label }: Row) => label.startsWith('training a latent SDE');

const whole_merge: Wanted['judge'] = ({ subject, findings }) => {
  const it =
    subject === 'merge'
      ? findings.find(({ label, met }) => label.startsWith('a whole merge') && met !== undefined)
      : undefined;
  return it && { value: `${three_digits(it.value)} s`, met: it.met === true };
};

const merge_what = 'training the networks of 15 shards';

export const wanted_of_training: readonly Wanted[] = [
  { where: a_gpu, what: 'a whole merge of 15 shards', wanted: 'at most 10 s', on: hardware, judge: whole_merge },
  {
    where: 'a software adapter, two cores',
    what: 'a whole merge of 15 shards, 20 000 updates',
    wanted: 'at most 180 s',
    on: software,
    judge: whole_merge,
  },
  ...(
    [
      [a_cuda_gpu, hardware, /cuda|nvidia/i],
      ['a software adapter, and tools on the same CPU', software, /cpu/i],
    ] as const
  ).flatMap(([where, on, device]): Wanted[] => [
    {
      ...{ where, on, what: merge_what, wanted: 'at least 3 times as fast as PyTorch, all networks at once' },
      judge: against(merge_training, /^PyTorch$/, device, 3),
    },
    {
      ...{ where, on, what: merge_what, wanted: 'at least 3 times as fast as PyTorch, a network after the other' },
      judge: against(merge_training, /^PyTorch, a network/, device, 3),
    },
    {
      ...{ where, on, what: merge_what, wanted: 'at least as fast as JAX with jit' },
      judge: against(merge_training, /^JAX$/, device, 1),
    },
  ]),
  {
    ...{ where: a_cuda_gpu, on: hardware, what: 'training a latent SDE' },
    wanted: 'at least 5 times as fast as PyTorch',
    judge: against(sde_training, /^PyTorch$/, /cuda|nvidia/i, 5),
  },
  {
    ...{ where: a_cuda_gpu, on: hardware, what: 'training a latent SDE' },
    wanted: 'at least 1.5 times as fast as JAX with jit',
    judge: against(sde_training, /^JAX$/, /cuda|nvidia/i, 1.5),
  },
];
