/** The functions that a model's WGSL must define, and the check that it does: names, parameters, results. Their bodies are checked by autodiff and the compiler. */

import { type FunctionSummary, list_functions } from '../autodiff/program.ts';
import { nearest_name } from './nearest_name.ts';
import { locate_error, type Placed, place_of } from './source_place.ts';
import { UserError } from './user_error.ts';

/** Types of the parameters in order. Their names are the author's choice. */
interface EntryPoint {
  parameters: readonly string[];
  result: string;
}

export interface EntryPoints {
  functions: Readonly<Record<string, EntryPoint>>;
  /** The model needs one function of every group. */
  needed: readonly (readonly string[])[];
}

const types = ['Theta', 'State', 'Observation', 'Noise', 'Guided', 'Row', 'f32'];

export const state_space_functions: EntryPoints = {
  functions: {
    initial: { parameters: ['Theta', 'Noise'], result: 'State' },
    transition: { parameters: ['State', 'Theta', 'Noise', 'f32'], result: 'State' },
    log_observation: { parameters: ['Observation', 'State', 'Theta', 'f32'], result: 'f32' },
    guided: { parameters: ['State', 'Observation', 'Theta', 'Noise', 'f32'], result: 'Guided' },
  },
  needed: [['initial'], ['transition'], ['log_observation']],
};

export const log_density_functions: EntryPoints = {
  functions: {
    log_likelihood: { parameters: ['Row', 'Theta'], result: 'f32' },
    log_density: { parameters: ['Theta'], result: 'f32' },
  },
  needed: [['log_likelihood', 'log_density']],
};

const usual_names: Readonly<Record<string, string>> = {
  Theta: 'theta',
  State: 'x',
  Observation: 'y',
  Noise: 'noise',
  Row: 'row',
  f32: 't',
};

/** Names of all functions that the WGSL defines. Throws a UserError where an entry point is missing or has the wrong shape, or the WGSL cannot be parsed. */
export function check_entry_points(model: Placed, wgsl: string, entry_points: EntryPoints): string[] {
  let functions: FunctionSummary[];
  try {
    functions = list_functions(wgsl);
  } catch (error) {
    throw locate_error(model, error);
  }
  for (const group of entry_points.needed)
    if (!functions.some((f) => group.includes(f.name))) throw missing(model, group, entry_points, functions);
  for (const found of functions) {
    const wanted = Object.hasOwn(entry_points.functions, found.name) ? entry_points.functions[found.name] : undefined;
    if (wanted) check_shape(model, found, wanted);
  }
  return functions.map((f) => f.name);
}

function missing(
  model: Placed,
  group: readonly string[],
  entry_points: EntryPoints,
  functions: readonly FunctionSummary[],
): UserError {
  const others = functions.map((f) => f.name).filter((other) => !(other in entry_points.functions));
  const guess = group.map((name) => nearest_name(name, others)).find((near) => near !== undefined);
  const hint = guess ? ` There is a function ${guess}; is it meant?` : '';
  const wanted = group.map((name) => signature(name, entry_points.functions[name] as EntryPoint));
  return new UserError(
    `${place_of(model)}: the WGSL has no function ${group.join(' or ')}. Add ${wanted.join(', or ')}.${hint}`,
  );
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
