/** Reads a model of kind 'log-density'. */

import { check_entry_points, log_density_functions } from './entry_points.ts';
import { read_parameters } from './parameter_source.ts';
import { read_row } from './row_source.ts';
import {
  check_constants_against,
  check_keys,
  check_names,
  named,
  read_constants,
  read_description,
} from './source_checks.ts';
import { type Placed, place_of } from './source_place.ts';
import type { LogDensityModel } from './types.ts';
import { UserError } from './user_error.ts';
import { show } from './values.ts';

const model_keys = ['kind', 'name', 'description', 'parameters', 'constants', 'row', 'wgsl'];

export function read_log_density(header: Placed, source: Record<string, unknown>): LogDensityModel {
  const where = place_of(header);
  check_keys(where, source, model_keys);
  const description = read_description(where, source.description);
  const { wgsl } = source;
  if (typeof wgsl !== 'string' || wgsl.trim() === '')
    throw new UserError(
      `${where}: wgsl must be a text with the function log_likelihood or log_density, got ${show(wgsl)}.`,
    );

  const parameters = read_parameters(where, 'log-density', source.parameters);
  const constants = read_constants(where, source.constants);
  const row = source.row === undefined ? [] : read_row(where, source.row);
  const functions = check_entry_points(header, wgsl, log_density_functions);
  const entry = functions.includes('log_likelihood') ? 'log_likelihood' : 'log_density';
  if (entry === 'log_likelihood' && functions.includes('log_density'))
    throw new UserError(`${where}: the WGSL has both log_likelihood and log_density. Keep one of them.`);
  if (entry === 'log_likelihood' && row.length === 0)
    throw new UserError(
      `${where}: log_likelihood is of one row of data, but the model has no row. Add row: ['y'], the columns of the data, or write fn log_density(theta: Theta) -> f32.`,
    );
  if (row.length === 0 && reads_data(wgsl))
    throw new UserError(
      `${where}: the WGSL reads data, but the model has no row. Add row: ['y'], the columns of the data.`,
    );
  check_names(where, 'log-density', [
    ...named('parameter', parameters.fields),
    ...Object.keys(constants).map((constant) => ['constant', constant] as const),
  ]);
  // Members of Row never meet those of Theta: the data may well have a column of a parameter's name.
  check_names(where, 'log-density', named('column', row));
  check_constants_against(where, constants, functions);
  return { kind: 'log-density', ...header, description, ...parameters, constants, row, entry, wgsl };
}

/** Whether `data_length`, or an element of `data`, is read and nothing of that name is declared. */
function reads_data(wgsl: string): boolean {
  const code = wgsl.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  return (
    /\bdata_length\b|\bdata\s*\[/.test(code) &&
    !/\b(?:const|let|var|fn)\s+data(_length)?\b|\bdata(_length)?\s*:/.test(code)
  );
}
