/** Another tool's training beside ours. */

import type { Peer } from '../record.ts';
import type { TrainAnswer } from './train_types.ts';

/**
 * @param ours total updates of a training, and the milliseconds of some of them
 * @param judge whether a final loss agrees with ours, and how, in words
 */
export function peer_entry(
  answer: TrainAnswer,
  ours: { total: number; updates: number; ms: number },
  judge: (loss: number) => { agrees: boolean; words: string },
): Peer {
  const { tool } = answer;
  if ('skipped' in answer) return { outcome: 'skipped', tool, reason: answer.skipped };
  const { agrees, words: agreement } = judge(answer.loss);
  if (!agrees) {
    return {
      outcome: 'skipped',
      tool,
      reason: `its answers differ from ours, so its time does not count: ${agreement}`,
    };
  }
  const { version, device, threads, preparation_seconds } = answer;
  const median = (1000 * answer.seconds * ours.updates) / ours.total;
  return {
    outcome: 'measured',
    tool,
    version,
    device,
    ...(threads === undefined ? {} : { threads }),
    median,
    preparation_seconds,
    ratio: median / ours.ms,
    agreement,
    note: 'one training from its start, compilation apart',
  };
}
