/** A latent SDE learned from a noisy series, live: fit_sde, as `langevin sde` runs it. */

import { config_over } from '../../../sde/config.ts';
import { fit_sde } from '../../../sde/fit.ts';
import type { Scene, ScenePlace, SceneResult } from '../../shell/scene.ts';
import { judge_fit } from './judge.ts';
import type { KeptTraining } from './kept.ts';
import { column_words, learned_from } from './learned_from.ts';
import { create_sde_panel } from './panel.ts';
import { create_picture } from './picture.ts';
import { config_given, sde_settings } from './settings.ts';
import { create_watch, most_points } from './watch.ts';

export const sde_scene: Scene = {
  name: 'sde',
  title: 'Latent SDE',
  what: 'A stochastic differential equation learned from one noisy series, without ever solving it: a Lorenz attractor takes shape. What is raised is a bound on the evidence.',
  takes: 'a file',
  replaced: 'example',
  settings: sde_settings,
  async run(place) {
    const { device, values, seed, signal, turns } = place;
    const given = config_given(values);
    const { shown, simulated, kept, names } = learned_from(place);
    const { example } = shown;
    const config = config_over(example.config, given);
    const points = most_points[device.adapter.kind];
    const picture = create_picture(shown, simulated, points.observations);
    const panel = await create_sde_panel({
      ...{ device, shown, simulated, picture, most_draws: points.draws, changed: place.changed },
    });
    place.when_left(panel.destroy);
    place.figures.append(...panel.elements);
    place.on_frame(panel.draw);
    const watch = create_watch(place, { shown, simulated, picture, panel });
    const fit = await fit_sde(device, kept, {
      ...{ config, key: [seed, 0], names: { series: names, channels: example.channels }, signal },
      ...(place.checkpoint === undefined ? {} : { resumed: place.checkpoint as KeptTraining }),
      onlooker: {
        // Of which a good part is the browser's own, before it says that the device is done.
        wanted_ms: device.adapter.kind === 'software' ? 80 : 25,
        most_steps: () => (turns.is_fine ? 1 : Number.POSITIVE_INFINITY),
        on_turn: watch.on_turn,
      },
    });
    try {
      const { numbers, warnings } = await judge_fit(place, fit, { shown, simulated, picture, panel, watch });
      return { ...command_of(place, given), model: example.name, numbers, warnings };
    } finally {
      fit.trainer.destroy();
    }
  },
};

/** What the person wrote goes along as a file. */
function command_of({ values, seed, data }: ScenePlace, given: object): Pick<SceneResult, 'command' | 'files'> {
  const { example, steps, rate, networks, config } = values;
  const has_file = (config as string).trim() !== '';
  return {
    command: [
      ...['sde', ...(data ? ['--data', data.name, ...column_words(values)] : ['--example', String(example)])],
      ...['--steps', String(steps)],
      ...(rate === 0 ? [] : ['--learning-rate', String(rate)]),
      ...(networks === 1 ? [] : ['--networks', String(networks)]),
      ...(has_file ? ['--config', 'config.json'] : []),
      ...['--seed', String(seed)],
    ],
    ...(has_file ? { files: { 'config.json': `${JSON.stringify(given, null, 2)}\n` } } : {}),
  };
}
