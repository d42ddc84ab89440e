/** Options that several commands share, and what they mean. */

import type { Shape } from '../filter/bank.ts';
import { UserError } from '../model/user_error.ts';
import { adapter_option } from './command.ts';
import type { OptionSpecs, Options } from './options.ts';

export const run_options = {
  data: { kind: 'text', value: 'FILE', help: 'CSV with the model’s observation columns, or a built-in data set' },
  out: { kind: 'text', value: 'DIR', help: 'folder for the results (default runs/MODEL-DATE-TIME)' },
  seed: { kind: 'text', value: 'N', help: 'repeats a run bit for bit on the same adapter (default 1)' },
  forecast: { kind: 'text', value: 'H', help: 'steps to forecast beyond the last row' },
  gradient: { kind: 'text', value: 'ESTIMATOR', help: 'carried, fixed-ancestor, blend:B with B in (0, 1), or none' },
  noise: { kind: 'text', value: 'KIND', help: 'fresh for every filter, or shared: one buffer for all' },
  shape: {
    kind: 'text',
    value: 'SHAPE',
    help: 'workgroup, lane or grid: how filters spread over the GPU (default: by adapter and size)',
  },
  'dry-run': { kind: 'flag', help: 'print the memory and the work that the run would take, and stop' },
  json: { kind: 'flag', help: 'print summary.json on standard output, and nothing else there' },
  ...adapter_option,
} as const satisfies OptionSpecs;

export const most_seed = 2 ** 32 - 1;

export const seed_of = (options: Options) => options.whole('seed', 1, 0, most_seed);

/** The blend of gradient estimators, 1 carried … 0 fixed-ancestor, or undefined for no gradient. */
export function blend_of(options: Options, fallback: string): number | undefined {
  const given = options.text('gradient') ?? fallback;
  if (given === 'none') return undefined;
  if (given === 'carried') return 1;
  if (given === 'fixed-ancestor') return 0;
  const blend = given.startsWith('blend:') ? Number(given.slice(6)) : Number.NaN;
  if (given === 'blend:' || !(blend >= 0 && blend <= 1)) {
    throw new UserError(
      `--gradient must be carried, fixed-ancestor, none, or blend:B with B from 0 to 1, not "${given}".`,
    );
  }
  return blend;
}

export function shape_of(options: Options): { shape?: Shape } {
  const given = options.text('shape');
  return given === undefined ? {} : { shape: options.choice<Shape>('shape', 'lane', ['lane', 'workgroup', 'grid']) };
}

/** Default folder: runs/sir-2026-11-21-093015, in local time. */
export function default_folder(model: string, now = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `runs/${slug(model)}-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

/** A model's name as part of a path: models come from people we do not know. */
const slug = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'model';
