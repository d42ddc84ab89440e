/** Takes the next job of the queue and does it, keeping the claim while it lasts. */

import type { Engine } from '../../engine/types.ts';
import type { CommandContext } from '../command.ts';
import { do_shard } from './shard_job.ts';

/** Milliseconds that one waits for a job. */
const patience = 1000;

/** @returns whether there was one */
export async function work_on_job(
  engine: Engine,
  { signal, say, open_device }: Pick<CommandContext, 'signal' | 'open_device'> & { say: (line: string) => void },
): Promise<boolean> {
  const claim = await engine.jobs.claim(patience);
  if (!claim) return false;
  say(`${claim.key}${claim.delivery > 1 ? ` (claim ${claim.delivery})` : ''}`);
  const timer = setInterval(() => void claim.extend().catch(() => {}), engine.jobs.hold / 3);
  try {
    await do_shard(engine, claim, { signal, open_device });
  } finally {
    clearInterval(timer);
  }
  return true;
}
