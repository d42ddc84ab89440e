/** Every benchmark, in the order of the list. */

import { nearest_name } from '../src/model/nearest_name.ts';
import { UserError } from '../src/model/user_error.ts';
import type { Subject } from './subject.ts';
import { filter } from './subjects/filter.ts';
import { growth } from './subjects/growth.ts';
import { large } from './subjects/large.ts';
import { merge } from './subjects/merge.ts';
import { merge_tasks } from './subjects/merge_tasks.ts';
import { population } from './subjects/population.ts';
import { read_back } from './subjects/read_back.ts';
import { resample } from './subjects/resample.ts';
import { sample } from './subjects/sample.ts';
import { scan } from './subjects/scan.ts';
import { sde } from './subjects/sde.ts';
import { sde_solver } from './subjects/sde_solver.ts';
import { sizes } from './subjects/sizes.ts';
import { smc2 } from './subjects/smc2.ts';
import { tangents } from './subjects/tangents.ts';

export const subjects: readonly Subject[] = [
  filter,
  tangents,
  sizes,
  growth,
  scan,
  resample,
  large,
  smc2,
  sample,
  merge,
  ...merge_tasks,
  sde,
  sde_solver,
  population,
  read_back,
];

/** Throws UserError that lists them when there is none of this name. */
export function subject_named(name: string): Subject {
  const subject = subjects.find((s) => s.name === name);
  if (subject) return subject;
  const names = subjects.map((s) => s.name);
  const near = nearest_name(name, names);
  throw new UserError(
    `There is no benchmark "${name}".${near ? ` Did you mean ${near}?` : ''}\nThere are: ${names.join(', ')}.`,
  );
}
