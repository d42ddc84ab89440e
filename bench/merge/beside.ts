/** Another tool's training beside ours. */

import type { TrainAnswer } from '../peers/train_types.ts';
import type { Peer } from '../record.ts';

/** Of the final loss, relative: both sides have random numbers of their own, 15 networks × a twentieth of the updates × 32 draws leave 2 % of chance at the fewest updates. */
const most_apart = 0.1;

/** @param ours total updates of a training with its final loss, and the milliseconds of some of them */
export function peer_entry(
  answer: TrainAnswer,
  ours: { total: number; updates: number; loss: number; ms: number },
): Peer {
  const { tool } = answer;
  if ('skipped' in answer) return { outcome: 'skipped', tool, reason: answer.skipped };
  const apart = Math.abs(answer.loss / ours.loss - 1);
  const agreement = `final losses ${(100 * apart).toFixed(1)} % apart`;
  if (!(apart <= most_apart)) {
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
