/** What the runs that made draws say of their parameters' bounds. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { KnownBounds } from '../merge/verdict/bound_words.ts';
import { prior_families } from '../model/prior_families.ts';
import type { PriorFamily } from '../model/types.ts';
import { draws_folder } from './origin.ts';
import { read_run_file } from './read_run_file.ts';

const priors = v.looseObject({ priors: v.record(v.string(), v.string()) });

/** The fields of summary.json that are of use here. */
const run_schema = v.looseObject({
  model: v.string(),
  command: v.array(v.string()),
  sample: v.exactOptional(priors),
  smc2: v.exactOptional(priors),
});

/** Of the first of the files or folders beside which `langevin sample` or `smc2` left its summary; undefined where none did, or nothing is bounded. */
export function sampled_bounds(paths: readonly string[]): KnownBounds | undefined {
  for (const path of paths) {
    const folder = existsSync(path) && statSync(path).isDirectory() ? draws_folder(path) : dirname(resolve(path));
    const run = read_run_file(folder, run_schema);
    const told = run?.sample ?? run?.smc2;
    if (run === undefined || told === undefined) continue;
    const bounded = Object.entries(told.priors).filter(([, prior]) => is_bounded(prior));
    if (bounded.length === 0) return undefined;
    const [, , given = ''] = run.command;
    // As it was given to the command: a built-in name, or a path, which the name alone would not find.
    return { model: /^[^-]/.test(given) ? given : run.model, parameters: bounded.map(([name]) => name) };
  }
  return undefined;
}

/** As format_prior writes it: `normal(2, 1) on (0, ∞)`, `beta(2, 2)`. */
function is_bounded(prior: string): boolean {
  if (prior.includes(' on (')) return true;
  const [, family = '', values = ''] = /^(\w+)(?:\((.*)\))?$/.exec(prior) ?? [];
  const known = Object.hasOwn(prior_families, family) ? prior_families[family as PriorFamily] : undefined;
  if (known === undefined) return false;
  return known.support(values.split(',').map(Number)).some(Number.isFinite);
}
