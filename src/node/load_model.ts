/** A model by the word on the command line: the name of a built-in one, or the path of a module that exports one. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built_in_model } from '../model/resolve.ts';
import type { Model, ModelOrigin } from '../model/types.ts';
import { UserError } from '../model/user_error.ts';
import { validate_model } from '../model/validate.ts';
import { module_error } from './module_error.ts';

/** A word is a path when it ends with .js, .mjs or .ts, or has a slash. Throws a UserError for everything that is not a model. */
export async function load_model(name_or_path: string): Promise<Model> {
  return is_path(name_or_path) ? load_module(name_or_path) : built_in_model(name_or_path);
}

/** What a module exports, which is plain data, for another process that has no such file; undefined for the name of a built-in model. */
export async function model_source(name_or_path: string): Promise<unknown> {
  return is_path(name_or_path) ? (await import_module(name_or_path, resolve(name_or_path))).default : undefined;
}

const is_path = (name_or_path: string) => /\.(js|mjs|ts)$|[/\\]/.test(name_or_path);

async function load_module(path: string): Promise<Model> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserError(`${path}: there is no such file.`);
  const module = await import_module(path, file);
  if (module.default === undefined)
    throw new UserError(`${path}: the module has no default export. Write export default { kind: 'state-space', … }.`);
  return validate_model(module.default, find_wgsl(path, file, module.default));
}

async function import_module(path: string, file: string): Promise<{ default?: unknown }> {
  try {
    return await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch (error) {
    throw module_error(path, file, error);
  }
}

/** The line on which the WGSL begins, if the file holds it as it is, that is without interpolation or escapes. */
function find_wgsl(path: string, file: string, model: unknown): ModelOrigin {
  const wgsl = (model as { wgsl?: unknown } | null)?.wgsl;
  if (typeof wgsl !== 'string' || wgsl === '') return { path };
  // A template literal reads every line ending as \n.
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const at = text.indexOf(wgsl);
  return at < 0 ? { path } : { path, line: text.slice(0, at).split('\n').length };
}
