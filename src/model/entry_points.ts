/** The functions that a model's WGSL must define, and the check that it does: names, parameters, results. Their bodies are checked by autodiff and the compiler. */

import { type FunctionSummary, list_functions } from '../autodiff/program.ts';
import { nearest_name } from './nearest_name.ts';
import { locate_error, type Placed, place_of } from './source_place.ts';
import { UserError } from './user_error.ts';

interface EntryPoint {
  parameters: readonly string[];
  result: string;
  optional?: true;
}

const types = ['Theta', 'State', 'Observation', 'Noise', 'Guided', 'f32'];

/** Types of the parameters in order. Their names are the author's choice. */
const entry_points: Readonly<Record<string, EntryPoint>> = {
  initial: { parameters: ['Theta', 'Noise'], result: 'State' },
  transition: { parameters: ['State', 'Theta', 'Noise', 'f32'], result: 'State' },
  log_observation: { parameters: ['Observation', 'State', 'Theta', 'f32'], result: 'f32' },
  guided: { parameters: ['State', 'Observation', 'Theta', 'Noise', 'f32'], result: 'Guided', optional: true },
};

const usual_names: Readonly<Record<string, string>> = {
  Theta: 'theta',
  State: 'x',
  Observation: 'y',
  Noise: 'noise',
  f32: 't',
};

/** Names of all functions that the WGSL defines. Throws a UserError where an entry point is missing or has the wrong shape, or the WGSL cannot be parsed. */
export function check_entry_points(model: Placed, wgsl: string): string[] {
  let functions: FunctionSummary[];
  try {
    functions = list_functions(wgsl);
  } catch (error) {
    throw locate_error(model, error);
  }
  for (const [name, wanted] of Object.entries(entry_points)) {
    const found = functions.find((f) => f.name === name);
    if (found) check_shape(model, found, wanted);
    else if (!wanted.optional) throw missing(model, name, wanted, functions);
  }
  return functions.map((f) => f.name);
}

function missing(model: Placed, name: string, wanted: EntryPoint, functions: readonly FunctionSummary[]): UserError {
  const others = functions.map((f) => f.name).filter((other) => !(other in entry_points));
  const guess = nearest_name(name, others);
  const hint = guess ? ` There is a function ${guess}; is it meant?` : '';
  return new UserError(`${place_of(model)}: the WGSL has no function ${name}. Add ${signature(name, wanted)}.${hint}`);
}

/** Compares types only where the author used our names, so that an alias or `array<f32, 2>` for Noise stays possible. */
function check_shape(model: Placed, found: FunctionSummary, wanted: EntryPoint): void {
  const given = found.parameters.map((p) => p.type);
  const differs = (type: string | undefined, expected: string) =>
    type === undefined || type === '' || (types.includes(type) && type !== expected);
  const is_right =
    given.length === wanted.parameters.length &&
    wanted.parameters.every((type, i) => !differs(given[i], type)) &&
    !differs(found.result, wanted.result);
  if (is_right) return;
  const line = model.source?.line;
  const place =
    line === undefined ? `${place_of(model)}: WGSL, line ${found.line}` : `${place_of(model)}:${line + found.line - 1}`;
  const names = given.map((type) => type || '?').join(', ');
  const result = found.result || 'nothing';
  throw new UserError(
    `${place}: function ${found.name} takes (${names}) and returns ${result}. It must be ${signature(found.name, wanted)}.`,
  );
}

function signature(name: string, { parameters, result }: EntryPoint): string {
  return `fn ${name}(${parameters.map((type) => `${usual_names[type]}: ${type}`).join(', ')}) -> ${result}`;
}
