/** The page's own thread draws and listens; what would hold it up is computed beside it, by a web worker. The numbers are the same. */

import { UserError } from '../../model/user_error.ts';
import type { Tasks } from './tasks.ts';
import type { Answered, Asked } from './worker.ts';

interface Waiting {
  resolve(found: unknown): void;
  reject(error: unknown): void;
}

interface Helper {
  ask(task: keyof Tasks, given: unknown[]): Promise<unknown>;
  /** Nothing that it was asked is still to be answered. */
  is_idle(): boolean;
  /** Those who wait for it are told why. */
  end(reason: unknown): void;
}

/** One for the page, from its first task on. */
let helper: Helper | undefined;

/**
 * Given and found are copied as between windows: functions and instances of classes do not go along. Rejects with the signal's reason where that comes first,
 * with UserError where the task throws one, with Error where it fails otherwise.
 */
export async function aside<Name extends keyof Tasks>(
  signal: AbortSignal,
  task: Name,
  ...given: Parameters<Tasks[Name]>
): Promise<ReturnType<Tasks[Name]>> {
  signal.throwIfAborted();
  helper ??= start_helper();
  const mine = helper;
  const leave = () => {
    // What nobody waits for any more would hold up those who come next.
    if (mine.is_idle()) return;
    if (helper === mine) helper = undefined;
    mine.end(signal.reason);
  };
  signal.addEventListener('abort', leave);
  try {
    return (await mine.ask(task, given)) as ReturnType<Tasks[Name]>;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function start_helper(): Helper {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'aside' });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const end = (reason: unknown) => {
    worker.terminate();
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
    const who = waiting.get(data.id);
    waiting.delete(data.id);
    if ('found' in data) who?.resolve(data.found);
    else who?.reject(new (data.is_users ? UserError : Error)(data.problem));
  });
  const fail = (reason: string) => {
    helper = undefined;
    end(new Error(`The page's worker ${reason}`));
  };
  worker.addEventListener('error', ({ message }) => fail(`could not begin: ${message}`));
  worker.addEventListener('messageerror', () => fail('gave an answer that cannot be read.'));
  return {
    ask: (task, given) =>
      new Promise((resolve, reject) => {
        asked += 1;
        const order: Asked = { id: asked, task, given };
        // Throws for what cannot be copied, and then nobody waits.
        worker.postMessage(order);
        waiting.set(asked, { resolve, reject });
      }),
    is_idle: () => waiting.size === 0,
    end,
  };
}
