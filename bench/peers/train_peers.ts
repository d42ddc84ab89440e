/** The same training in other tools, each found on this machine or skipped. */

import type { Peers } from '../subject.ts';
import { run_training_tools } from './training_tools.ts';

/** @param limit_seconds after which a tool is stopped; undefined: 900, quick 300 */
export const train_peers = (limit_seconds?: number): Pick<Peers, 'train' | 'sde'> => ({
  train({ rows, ...request }) {
    const counts = rows.map((own) => own.length / (2 * request.inputs + 1));
    return run_training_tools({
      programs: [
        { tool: 'PyTorch', file: 'torch_train.py', request: { together: true } },
        {
          ...{ tool: 'PyTorch', called: 'PyTorch, a network after the other' },
          ...{ file: 'torch_train.py', request: { together: false } },
        },
        { tool: 'JAX', file: 'jax_train.py', request: { together: true } },
      ],
      request: { ...request, counts },
      arrays: { rows },
      limit_seconds: limit_seconds ?? (request.quick ? 300 : 900),
    });
  },
  sde({ tables, ...request }) {
    return run_training_tools({
      programs: [
        { tool: 'PyTorch', file: 'torch_sde.py' },
        { tool: 'JAX', file: 'jax_sde.py' },
      ],
      request,
      arrays: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, [table]])),
      limit_seconds: limit_seconds ?? (request.quick ? 300 : 900),
    });
  },
});
