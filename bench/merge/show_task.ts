/** A task's merges as rows: distances from exact draws, beside what exact draws show against themselves. */

import { type DistanceRow, distance_table } from '../../src/diagnostics/distances/table.ts';
import type { Distance, Row } from '../record.ts';
import type { Context } from '../subject.ts';
import { learned_merge, type Merged, merge_in_rounds, quick_merges } from './merges.ts';
import { merge_sizes } from './sizes.ts';
import type { MakeTask, MergeTask, Wanted } from './task.ts';

/** @param make the task with the sizes for this device */
export async function show_task(context: Context, make: MakeTask): Promise<void> {
  const { device, quick, report, say, find } = context;
  const sizes = merge_sizes({ device, quick });
  const task = await make(context, sizes);
  const shards = task.space.set.shards.length;
  const found = new Map<string, readonly Distance[]>();
  const show = (merged: Merged) => {
    const distances = distances_of(merged, task);
    found.set(merged.method, distances);
    report(row_of(task, shards, merged, distances));
    return merged;
  };
  const draws = task.exact.count;
  for (const merged of quick_merges(task.space, draws)) show(merged);
  const is_long = !quick && device.adapter.kind !== 'hardware';
  const learning = { ...sizes, draws, ...(is_long ? task.on_software : {}) };
  const learned = show(await learned_merge(device, task.space, learning, say));
  judge(context, task, learned, task.wanted, found);
  for (const { label, value, at_most } of task.facts?.(learned.points) ?? []) {
    const wanted = quick ? {} : { wanted: `at most ${at_most}`, met: value <= at_most };
    find({ label: `${task.name}: ${label}`, value, ...wanted });
  }
  if (task.must_warn) {
    const label = `${task.name}: the verdict on the learned merge says that it extrapolates (1: yes)`;
    const value = Number(learned.extrapolates);
    find({ label, value, ...(quick ? {} : { wanted: '1', met: value === 1 }) });
  }
  if (task.in_rounds === undefined) return;
  const { oracles, rounds, wanted } = task.in_rounds;
  judge(context, task, show(await merge_in_rounds(oracles, task.space, { rounds, draws })), wanted, found);
}

/** The standard deviation is that between the networks' own draws. */
function distances_of({ points, by_network }: Merged, { exact }: MergeTask): Distance[] {
  const key = [1, 2] as const;
  const [first, ...others] = by_network;
  const apart: readonly DistanceRow[] =
    first && others.length > 0 ? distance_table([first, ...others], exact, { key }) : [];
  return distance_table([points], exact, { key }).map(({ name, value, floor }, k) => {
    const sd = apart[k]?.sd;
    return { name, value, floor, ...(sd === undefined ? {} : { sd }) };
  });
}

function row_of(task: MergeTask, shards: number, merged: Merged, distances: readonly Distance[]): Row {
  const { method, points, seconds, note } = merged;
  const ms = 1000 * seconds;
  return {
    label: `${task.name}: ${method}`,
    sizes: { shards, 'shard draws': task.space.set.shards[0]?.points.count ?? 0, parameters: points.dimension },
    work: { count: points.count, unit: 'draws' },
    wall: { median: ms, lower_quartile: ms, upper_quartile: ms, repeats: 1 },
    rate: points.count / seconds,
    peers: [],
    distances: [...distances],
    note: [note, `distances from ${task.truth}`].filter(Boolean).join('; '),
  };
}

function judge(
  { find, quick }: Pick<Context, 'find' | 'quick'>,
  task: MergeTask,
  { method }: Merged,
  wanted: readonly Wanted[],
  found: ReadonlyMap<string, readonly Distance[]>,
) {
  const distance = (of: string, name: string) => found.get(of)?.find((d) => d.name === name)?.value ?? Number.NaN;
  for (const { distance: name, at_most } of wanted) {
    const value = distance(method, name);
    const most = typeof at_most === 'number' ? at_most : distance(at_most, name);
    const words = typeof at_most === 'number' ? `at most ${most}` : `at most that of ${at_most}, ${most.toFixed(4)}`;
    const label = `${task.name}: ${name} of ${method}`;
    find({ label, value, ...(quick ? {} : { wanted: words, met: value <= most }) });
  }
}
