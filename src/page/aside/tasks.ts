/** What takes the page's processor long, by name: functions of what can be sent to a web worker, and of nothing else. */

import { summarize_draws } from '../../data/draws_summary.ts';
import { compare_merges } from '../../merge/compare.ts';
import { merge_by, merge_gradients } from '../../merge/methods.ts';
import { judge } from '../../merge/verdict/judge.ts';
import { shown_posterior } from '../scenes/smc2/kalman.ts';

export const tasks = {
  compare_merges,
  judge_merge: judge,
  merge_by,
  merge_gradients,
  shown_posterior,
  summarize_draws,
};
export type Tasks = typeof tasks;
