/** Merges of shards by every method against exact draws of the full posterior: how right they are. How long the learned one takes is `merge`'s. */

import { line } from '../merge/line.ts';
import { logistic } from '../merge/logistic.ts';
import { mixture } from '../merge/mixture.ts';
import { regression } from '../merge/regression.ts';
import { show_task } from '../merge/show_task.ts';
import type { MakeTask } from '../merge/task.ts';
import { toy } from '../merge/toy.ts';
import type { Subject } from '../subject.ts';

const subject_of = (name: string, what: string, ...tasks: MakeTask[]): Subject => ({
  name: `merge_${name}`,
  what: `distances of merges from exact draws: ${what}`,
  async run(context) {
    for (const task of tasks) await show_task(context, task);
  },
});

export const merge_tasks: readonly Subject[] = [
  subject_of('line', "mixtures of two normals in 3 shards, the weight of their product's modes", line),
  subject_of('toy', 'logistic regression with two parameters in 15 shards, against a grid', toy),
  subject_of('mixture', 'three means of a mixture, six modes, in 4 shards, against a grid', mixture),
  subject_of('regression', 'robust regression of 9568 rows in 8 and in 64 shards', regression(8), regression(64)),
  subject_of('logistic', 'logistic regression with 100 coefficients in 4 shards', logistic),
];
