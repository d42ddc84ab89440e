/** Who begins a run stays with it: looks how far the ranks are, says so, and ends when they are done. */

import { type Lease, take_lease } from '../engine/lease.ts';
import { sleep } from '../engine/sleep.ts';
import { from_bytes } from '../engine/text.ts';
import type { Engine } from '../engine/types.ts';
import { UserError } from '../model/user_error.ts';
import { board_store } from './board_store.ts';
import { type Board, is_done } from './exchange/board.ts';
import type { RankNews } from './rank_run.ts';
import { failure_of } from './run.ts';
import { keys, type PopulationSpec } from './spec.ts';

/** Between looks at the board. */
const pause = 400;

export interface Watched {
  board: Board;
  /** What ranks said last, by rank. */
  news: (RankNews | undefined)[];
}

/** Throws UserError where another process leads this run. */
export async function take_lead(engine: Engine, id: string, holder: string): Promise<Lease> {
  const lease = await take_lease(engine.store, keys(id).lead, { holder, length: 5000 });
  if (lease) return lease;
  throw new UserError(
    `Another process leads the run ${id} already.\nGive this one another name, --run NAME, or wait for that one to end.`,
  );
}

/** Until all ranks are done, the signal asks to stop, or one of them fails; throws then. */
export async function watch_run(
  engine: Engine,
  spec: PopulationSpec,
  {
    lead,
    signal,
    ended,
    on_look,
  }: { lead: Lease; signal: AbortSignal; ended?: Promise<void>; on_look: (now: Watched) => void },
): Promise<Watched> {
  const name = keys(spec.id);
  const boards = board_store(engine.store, spec);
  const news: (RankNews | undefined)[] = [];
  const shut = await engine.mail.open(name.news, (message) => {
    const told = from_bytes<RankNews>(message);
    news[told.rank] = told;
    return undefined;
  });
  let all_ended = false;
  void ended?.then(() => {
    all_ended = true;
  });
  try {
    for (;;) {
      const has_ended = all_ended;
      const board = await boards.read();
      on_look({ board, news });
      if (is_done(board, spec) || signal.aborted) return { board, news };
      const failure = await failure_of(engine.store, spec);
      if (failure) throw failure.is_input ? new UserError(failure.message) : new Error(failure.message);
      if (lead.lost.aborted) throw new Error(`another process leads ${spec.id} now: ${lead.lost.reason?.message}`);
      if (has_ended) throw new Error('the processes of the ranks have ended before they were done');
      await sleep(pause);
    }
  } finally {
    shut();
  }
}
