/** The peers as the harness asks for them: every tool on the problem just timed, judged, and made into entries of its row. */

import { summarise } from '../quartiles.ts';
import type { Peer } from '../record.ts';
import type { FilterComparison, Peers, PeersBeside } from '../subject.ts';
import { check_size, compare_answers, type Pair } from './compare.ts';
import { make_problem } from './make_problem.ts';
import { create_problem_bank, monte_carlo_scatter, type Scatter } from './ours.ts';
import { run_filter_peers, value_only } from './peers.ts';
import type { FilterProblem, FilterValues, PeerAnswer } from './types.ts';

/** @param limit_seconds after which a tool is stopped; undefined: as peers.ts says */
export const filter_peers = (limit_seconds?: number): Pick<Peers, 'filter'> => ({
  async filter({ device, shape, problem, ours, wall, time_again, quick }: FilterComparison): Promise<PeersBeside> {
    const check = make_problem({ model: problem.model, gradient: problem.gradient, ...check_size });
    const bank = await create_problem_bank(device, check, { shape });
    await bank.bank.evaluate(check.filters);
    const ours_of_check = await bank.read();
    bank.destroy();
    const scatter = await monte_carlo_scatter(device, problem);
    const limit = limit_seconds === undefined ? {} : { limit_seconds };
    const answers: PeerAnswer[] = [];
    for await (const answer of run_filter_peers(problem, { quick, check, ...limit })) answers.push(answer);
    // Before and after them, because they take minutes, in which a machine that others use too drifts.
    const wall_again = answers.some((answer) => answer.skipped === undefined) ? await time_again() : undefined;
    const milliseconds = wall_again ? (wall.median + wall_again.median) / 2 : wall.median;
    const peers = answers.map((answer) =>
      peer_entry(answer, { problem, ours }, { problem: check, ours: ours_of_check }, scatter, milliseconds),
    );
    return { peers, ...(wall_again ? { wall_again } : {}) };
  },
});

interface Side {
  problem: FilterProblem;
  ours: FilterValues;
}

/**
 * A peer's entry: its time, if its answers agree with ours, else why there is none.
 * @param milliseconds ours
 */
export function peer_entry(answer: PeerAnswer, timed: Side, check: Side, scatter: Scatter, milliseconds: number): Peer {
  const { tool, version, device, threads, note } = answer;
  if (answer.skipped !== undefined) return { outcome: 'skipped', tool, reason: answer.skipped };
  if (timed.ours.gradient && !answer.gradient) return { outcome: 'skipped', tool, reason: value_only };
  if (!answer.check) return { outcome: 'skipped', tool, reason: 'gave no answer to the check problem' };
  const pair = (side: Side, theirs: FilterValues): Pair => ({ ...side, theirs });
  const { agrees, text } = compare_answers(pair(check, answer.check), pair(timed, answer), scatter);
  if (!agrees)
    return { outcome: 'skipped', tool, reason: `its answers differ from ours, so its time does not count: ${text}` };
  const timing = summarise(answer.seconds.map((seconds) => 1000 * seconds));
  const { preparation_seconds } = answer;
  return {
    outcome: 'measured',
    tool,
    version,
    device,
    ...timing,
    ratio: timing.median / milliseconds,
    agreement: text,
    ...(threads === undefined ? {} : { threads }),
    ...(preparation_seconds === undefined ? {} : { preparation_seconds }),
    ...(note === undefined ? {} : { note }),
  };
}
