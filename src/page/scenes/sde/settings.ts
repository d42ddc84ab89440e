/** What can be set of the latent SDE, and the configuration that it makes. */

import { UserError } from '../../../model/user_error.ts';
import { check_config, type SdeConfig } from '../../../sde/config.ts';
import type { Setting, Values } from '../../shell/settings.ts';
import { shown_examples } from './examples.ts';

/** Of own data, as the options of the same names. */
const columns = {
  time: { label: 'Column of times', help: 'of own data; absent: time, t or the first' },
  series: { label: 'Column of series', help: 'where the file holds several; the first is shown' },
  channels: { label: 'Columns to learn from', help: 'with commas; absent: all others' },
} as const;

export function sde_settings(kind: 'hardware' | 'software'): Setting[] {
  const software = kind === 'software';
  return [
    {
      ...{ kind: 'choice', name: 'example', label: 'Example', fallback: 'lorenz' },
      options: Object.entries(shown_examples).map(([name, { label }]) => [name, label] as const),
    },
    {
      ...{ kind: 'number', name: 'steps', label: 'Steps', least: 1, most: 1_000_000, whole: true },
      fallback: software ? 1500 : 4000,
    },
    {
      ...{ kind: 'number', name: 'rate', label: 'Learning rate', least: 0, most: 1, fallback: 0, expert: true },
      ...{ help: 'the highest; 0: the example’s', option: 'learning-rate' },
    },
    {
      ...{ kind: 'number', name: 'networks', label: 'Networks', least: 1, most: 64, whole: true },
      ...{ fallback: 1, expert: true, help: 'side by side, from different starts' },
    },
    {
      ...{ kind: 'flag', name: 'judge', label: 'Predictions, importance weights', fallback: !software, expert: true },
      help: 'at the end, as the command line does; takes its time on a CPU',
    },
    ...(['time', 'series', 'channels'] as const).map(
      (name): Setting => ({
        ...{ kind: 'text', name, label: columns[name].label, rows: 1, fallback: '', expert: true },
        help: columns[name].help,
      }),
    ),
    {
      ...{ kind: 'text', name: 'config', label: 'Settings', rows: 5, fallback: '', expert: true },
      help: 'JSON as in the file of the command line’s --config, over the example’s if that is learned from: { "encoder": { "sees": 15 } }',
    },
  ];
}

/** What the person gives over the example's settings, as the command line reads it. Throws UserError. */
export function config_given({ steps, rate, networks, config }: Values): SdeConfig {
  const below = check_config(parsed(config as string), 'Settings');
  const given = {
    ...below,
    ...(networks === 1 ? {} : { networks }),
    training: { ...below.training, steps, ...(rate === 0 ? {} : { learning_rate: rate }) },
  };
  return check_config(given, 'the settings');
}

function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`Settings: this is not JSON: ${(error as Error).message}.`);
  }
}
