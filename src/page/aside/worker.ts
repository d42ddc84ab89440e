/** A web worker that does what the page asks of it, one task after another. */

import { UserError } from '../../model/user_error.ts';
import { type Tasks, tasks } from './tasks.ts';

/** To the worker. */
export interface Asked {
  id: number;
  task: keyof Tasks;
  given: unknown[];
}

/** From the worker. */
export type Answered = { id: number } & ({ found: unknown } | { problem: string; is_users: boolean });

const answer = (what: Answered) => postMessage(what);

addEventListener('message', ({ data: { id, task, given } }: MessageEvent<Asked>) => {
  try {
    const does = tasks[task] as (...given: unknown[]) => unknown;
    answer({ id, found: does(...given) });
  } catch (error) {
    answer({ id, problem: (error as Error).message, is_users: error instanceof UserError });
  }
});
