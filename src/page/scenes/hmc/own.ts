/** A person's own log density: parameters with their priors line by line, WGSL as the command line takes it, and a CSV where it reads rows. */

import { parse_table } from '../../../data/csv.ts';
import { check_model_wgsl } from '../../../filter/check_model.ts';
import type { Device } from '../../../gpu/device.ts';
import { type PackedRows, pack_rows } from '../../../model/pack_rows.ts';
import type { LogDensityModel, LogDensitySource, Model } from '../../../model/types.ts';
import { UserError } from '../../../model/user_error.ts';
import { validate_model } from '../../../model/validate.ts';
import { bundled_shaders } from '../../shader_files.ts';
import type { ScenePlace } from '../../shell/scene.ts';
import type { Values } from '../../shell/settings.ts';
import { read_names, read_parameters } from '../own_text.ts';

export const example = {
  parameters: 'a = normal:0,3\nb = normal:0,3',
  wgsl: `fn log_density(theta: Theta) -> f32 {
  let r = theta.a * theta.a + theta.b * theta.b;
  return -0.5 * (r - 4.0) * (r - 4.0);
}`,
} as const;

/** Throws UserError for lines that are none. */
export function own_source({ parameters, columns, wgsl }: Values): LogDensitySource {
  const row = read_names(String(columns ?? ''));
  return {
    ...{ kind: 'log-density', name: 'own', parameters: read_parameters(String(parameters)), wgsl: String(wgsl) },
    ...(row.length > 0 ? { row } : {}),
  };
}

/** Throws UserError with the line for what is no model. */
export async function own_model(device: Device, values: Values): Promise<LogDensityModel> {
  const model = validate_model(own_source(values)) as LogDensityModel;
  await check_model_wgsl(device.gpu, bundled_shaders(), model);
  return model;
}

/** What a person's data have to do with a target that has none: nothing, which is said. */
export const unread_words = (model: Model, data: ScenePlace['data']): string[] =>
  data && 'row' in model && model.row.length === 0
    ? [
        `${data.name} was not read: this target has no rows. One of your own has, by log_likelihood and the columns of a row.`,
      ]
    : [];

/** Rows of the file that was dropped, where the model reads any. */
export function own_rows(model: LogDensityModel, data: ScenePlace['data']): PackedRows {
  const columns = model.row.flatMap((field) => field.columns);
  if (columns.length === 0) return pack_rows(model, {});
  if (!data) throw new UserError(`Drop a CSV with the columns ${columns.join(', ')} on the page.`);
  return pack_rows(model, parse_table(data.text, { path: data.name, columns, missing: 'refused' }).columns);
}
