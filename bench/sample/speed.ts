/** Many chains, everything frozen, started from draws of the target: what a second gives, beside other tools. */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import type { Context } from '../subject.ts';
import type { Adapted, Contender } from './adapted.ts';
import { find_ratios, type NamedRow, peer_entry } from './beside.ts';
import { with_frozen } from './frozen.ts';
import { row_of } from './row.ts';
import type { SampleSizes } from './sizes.ts';
import type { SampleTarget } from './target.ts';

/** NUTS, which the peers run too, with the diagonal metric, and what gave most at few chains; on a GPU everything, because what wins there with many chains is open. */
function chosen(context: Context, contenders: readonly Contender[]): Contender[] {
  if (context.device.adapter.kind === 'hardware') return [...contenders];
  const best = contenders.reduce((a, b) => (b.per_second > a.per_second ? b : a));
  const nuts = contenders.filter(is_theirs);
  return [...nuts, ...(nuts.includes(best) ? [] : [best])];
}

export async function show_speed(
  context: Context,
  target: SampleTarget,
  adapted: readonly Adapted[],
  sizes: SampleSizes,
) {
  const contenders = adapted.flatMap((one) => one.contenders);
  find_winners(context, target, contenders);
  const answers = (await context.peers?.sample({ rows: target.table, quick: context.quick })) ?? [];
  if (context.peers) {
    context.skip(
      'NumPyro and BlackJAX beside',
      'no program for them here: neither could be had where one would be tried',
    );
  }
  const from_draws = adapted[0]?.draws as DrawsFile;
  const rows: NamedRow[] = [];
  for (const { chains, draws } of sizes.speed) {
    for (const contender of chosen(context, contenders)) {
      const { name, setting, transition } = contender;
      const label = `${name}, ${setting.metric} metric`;
      const run = await with_frozen(context.device, { target, setting, chains, draws, from_draws }, async (frozen) => {
        // The first iterations find how many steps fit a dispatch.
        await frozen.record(transition, 2);
        return frozen.record(transition, draws);
      });
      const alone = row_of(`${target.name}: ${label}, frozen`, run);
      const peers = is_theirs(contender) ? answers.map((answer) => peer_entry(answer, run.draws, alone)) : [];
      const row = { ...alone, peers };
      context.report(row);
      rows.push({ name: `${label}, ${chains} chains`, row });
    }
  }
  for (const answer of answers) {
    const agrees = rows.some(({ row }) => row.peers.some((p) => p.tool === answer.tool && p.outcome === 'measured'));
    if (agrees && !('skipped' in answer)) find_ratios(context, rows, answer);
  }
}

/** The sampler that the peers run too. */
const is_theirs = ({ name, setting }: Contender) => name === 'nuts' && setting.metric === 'diagonal';

function find_winners({ find }: Context, target: SampleTarget, contenders: readonly Contender[]) {
  for (const of of ['per_gradient', 'per_second'] as const) {
    const { name, setting, [of]: value } = contenders.reduce((a, b) => (b[of] > a[of] ? b : a));
    const what = `worse ESS of θ and θ² ${of.replace('_', ' ')}`;
    find({ label: `${target.name}: ${what}, at its best: ${name}, ${setting.metric} metric`, value });
  }
}
