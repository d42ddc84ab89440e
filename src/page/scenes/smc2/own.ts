/** A person's own state-space model, as a module for the command line has it, in boxes on the page. */

import { check_model_wgsl } from '../../../filter/check_model.ts';
import type { Device } from '../../../gpu/device.ts';
import type { StateSpaceModel, StateSpaceSource } from '../../../model/types.ts';
import { UserError } from '../../../model/user_error.ts';
import { validate_model } from '../../../model/validate.ts';
import { bundled_shaders } from '../../shader_files.ts';
import type { Setting, Values } from '../../shell/settings.ts';
import { read_names, read_parameters } from '../own_text.ts';

/** A level that wanders, seen with heavy tails: of the data that are shown first, too. */
const example = {
  parameters: 'step = half_normal:1\nspread = half_normal:1',
  wgsl: `fn initial(theta: Theta, noise: Noise) -> State {
  return State(noise[0]);
}

fn transition(state: State, theta: Theta, noise: Noise, t: f32) -> State {
  return State(state.level + theta.step * noise[0]);
}

fn log_observation(observed: Observation, state: State, theta: Theta, t: f32) -> f32 {
  return student_t_log_density(observed.y, 4.0, state.level, theta.spread);
}`,
} as const;

const text = (name: string, label: string, rows: number, fallback: string, help: string): Setting => ({
  ...{ kind: 'text', name, label, rows, fallback, help },
});

export const own_settings: readonly Setting[] = [
  text('parameters', 'Parameters and priors', 3, example.parameters, 'NAME = FAMILY:ARGUMENTS, one per line'),
  text('state', 'State', 1, 'level', 'names, with commas between; name[3] is an array'),
  {
    ...{ kind: 'number', name: 'noise', label: 'Normals of a step', least: 0, most: 64, whole: true, fallback: 1 },
    help: 'of a particle: noise[0], noise[1], …',
  },
  text('observation', 'Observed columns', 1, 'y', 'of the CSV that you drop; y is there to begin with'),
  text('counts', 'Of these, counts', 1, '', 'whole numbers ≥ 0'),
  text('wgsl', 'Model (WGSL)', 14, example.wgsl, 'initial, transition, log_observation, and guided if you have it'),
];

/** Throws UserError for what is no model. */
export function own_source({ parameters, state, noise, observation, counts, wgsl }: Values): StateSpaceSource {
  const counted = read_names(String(counts ?? ''));
  return {
    ...{ kind: 'state-space', name: 'own', parameters: read_parameters(String(parameters)), wgsl: String(wgsl) },
    state: read_names(String(state)).map(state_field),
    noise: noise as number,
    observation: read_names(String(observation)),
    ...(counted.length > 0 ? { counts: counted } : {}),
  };
}

function state_field(written: string): string | [string, number] {
  const array = /^(\w+)\[(\d+)\]$/.exec(written);
  if (array) return [array[1] as string, Number(array[2])];
  if (!/^\w+$/.test(written)) throw new UserError(`State: “${written}” is no name, and no array as name[3].`);
  return written;
}

/** Throws UserError with the line for what is no model. */
export async function own_model(device: Device, values: Values): Promise<StateSpaceModel> {
  const model = validate_model(own_source(values)) as StateSpaceModel;
  await check_model_wgsl(device.gpu, bundled_shaders(), model);
  return model;
}
