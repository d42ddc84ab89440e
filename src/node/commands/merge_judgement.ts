/** From the runs of the methods to what `langevin merge` says and writes. */

import { variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import { gaussian_log_density } from '../../merge/baselines/gaussian.ts';
import { compare_merges } from '../../merge/compare.ts';
import type { Learned } from '../../merge/learned.ts';
import type { Merged } from '../../merge/methods.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';
import { judge } from '../../merge/verdict/judge.ts';
import { kernel_findings } from '../../merge/verdict/kernel_words.ts';
import { learned_findings, path_findings } from '../../merge/verdict/learned_words.ts';
import { held_findings, round_findings, verdict_of_rounds } from '../../merge/verdict/round_words.ts';
import { verdict } from '../../merge/verdict/words.ts';
import type { Words } from '../../random/threefry.ts';
import { density_of_draws } from './merge_density.ts';
import type { MergeInputs } from './merge_inputs.ts';
import type { MergeResult } from './merge_output.ts';
import { merge_path } from './merge_path.ts';
import type { MethodRuns } from './merge_run.ts';

export function judge_merge(inputs: MergeInputs, runs: MethodRuns, key: Words): MergeResult {
  const { chosen, set, space, exact } = inputs;
  const { merged, learned, rounds, adapter } = runs;
  const { points, acceptance, gaussian } = merged.get(chosen.method) as Merged;
  const judgement = judge(space.set, points);
  const further = findings(inputs, runs);
  const found = rounds
    ? verdict_of_rounds(judgement, rounds.facts, further)
    : verdict(judgement, chosen.method, further);
  const merges = new Map(Array.from(merged, ([method, one]) => [method, space.back(one.points)] as const));
  const by_network = is_corrected(runs) ? [] : (learned?.by_network ?? []).map((own) => space.back(own));
  const log_density =
    rounds?.log_density ?? learned?.log_density ?? (gaussian && gaussian_log_density(gaussian, points));
  return {
    ...{ chosen, set, acceptance, adapter, judgement, found, merges, exact },
    comparison: compare_merges(merges, exact, by_network, key),
    ...(learned === undefined ? {} : { learned: learned.learned, path: merge_path(space, learned.path, key) }),
    points: merges.get(chosen.method) as Points,
    // Shards that were asked where the merge lies leave no error of their own draws in it.
    relative_error: rounds ? new Float64Array(set.names.length) : relative_errors(space, judgement.mean_error, points),
    ...(rounds === undefined ? {} : { rounds: rounds.facts }),
    ...(log_density === undefined ? {} : { density: density_of_draws(space, points, log_density) }),
  };
}

/** Draws that are weighted against the posterior itself. */
const is_corrected = ({ rounds }: MethodRuns) => rounds?.facts.correction.used === true;

/** Beside what the judgement of the shards says. */
function findings({ chosen, belongs, bounds }: MergeInputs, runs: MethodRuns): string[] {
  const { merged, learned, rounds } = runs;
  const { points, acceptance, held } = merged.get(chosen.method) as Merged;
  return [
    ...belongs,
    ...bounds(points),
    ...(acceptance === undefined ? [] : kernel_findings(points, acceptance)),
    ...(learned === undefined ? [] : findings_of_learned(learned.learned, runs)),
    ...(held ? held_findings(held) : []),
    ...(rounds === undefined ? [] : round_findings(rounds.facts, chosen.method, points.count)),
  ];
}

/** What networks miss does not matter to draws that are corrected to the posterior itself. */
function findings_of_learned(learned: Learned, runs: MethodRuns): string[] {
  if (is_corrected(runs)) return path_findings(learned);
  return learned_findings(learned, runs.rounds && 'the points that shards were asked at');
}

/** [scalar] error of the mean from the shards' draws, in sds of the merge; of elements that hang on several coordinates the largest of all. */
function relative_errors({ set, coordinate }: MergeSpace, errors: Float64Array, merged: Points): Float64Array {
  const relative = errors.map((error, j) => error / Math.sqrt(variance(column(merged, j))));
  const largest = Math.max(...relative);
  return Float64Array.from(set.names, (_, scalar) => relative[coordinate(scalar) ?? -1] ?? largest);
}
