/** What is seen of a latent SDE that learns: observations, truth, posterior and rollouts in one room, components over time, and the bound by step. */

import type { Device } from '../../../gpu/device.ts';
import type { Simulated } from '../../../sde/examples/example.ts';
import type { CurvePoint } from '../../../sde/learned/curve.ts';
import { element } from '../../dom.ts';
import { groups, neutral } from '../../view/colours.ts';
import { create_curve } from '../../view/curve.ts';
import { create_host_points } from '../../view/host_points.ts';
import { create_facts, type Fact, panel_box } from '../../view/panel_box.ts';
import { create_room, path_of } from '../../view/room.ts';
import { create_components } from './components.ts';
import type { ShownExample } from './examples.ts';
import type { Picture, Place } from './picture.ts';
import type { Tube } from './tube.ts';

export interface SdePanel {
  readonly elements: readonly HTMLElement[];
  say(phase: string): void;
  show_posterior(tube: Tube): void;
  show_rollouts(paths: readonly Place[][]): void;
  show_curve(points: readonly CurvePoint[]): void;
  show_facts(rows: readonly Fact[]): void;
  /** Goes around a little. */
  drift(milliseconds: number): void;
  draw(): void;
  destroy(): void;
}

interface PanelOptions {
  device: Device;
  shown: ShownExample;
  simulated: Simulated;
  picture: Picture;
  /** Points of the posterior. */
  most_draws: number;
  changed(): void;
}

export async function create_sde_panel(options: PanelOptions): Promise<SdePanel> {
  const { device, shown, simulated, picture, changed } = options;
  const { names, ranges } = picture;
  const description = `${shown.example.name}: observations, the true path, the posterior and paths of what was learned`;
  const room = await create_room(device, { ranges, names, description }, changed);
  const observed = create_host_points(device, picture.observations.length);
  const drawn = create_host_points(device, options.most_draws);
  observed.show(picture.observations);
  // Thousands are seen by their density, hundreds one by one.
  const observation_look =
    picture.observations.length > 1000 ? { alpha: 0.35, radius: 1.3 } : { alpha: 0.9, radius: 2.6 };
  const curve = await create_curve({
    description: 'The bound by step of the training, and its terms',
    x_label: 'step',
    lines: [
      { label: 'bound', colour: '--now', width: 2 },
      { label: 'likelihood', colour: '--c2' },
      { label: '−path', colour: '--later' },
      { label: '−start −prior', colour: '--c3' },
    ],
  });
  const charts = create_components(shown, simulated);
  const phase = element('p', { className: 'phase' }, 'Compiling …');
  const components = element('div', { className: 'small' });
  const facts = create_facts();
  let mean: Place[] = [];
  let rollouts: readonly Place[][] = [];
  const key = (name: string, text: string) => element('span', { className: `key ${name}` }, text);
  return {
    elements: [
      panel_box(
        'State',
        shown.label,
        phase,
        room.element,
        element(
          'p',
          { className: 'phase' },
          ...[
            ...(picture.unseen === undefined ? [key('points', 'observations')] : []),
            ...(picture.truth.length > 0 ? [key('truth', 'truth')] : []),
            key('now', 'posterior'),
            key('later', 'the learned equation alone'),
          ],
        ),
        ...(picture.unseen === undefined ? [] : [element('p', { className: 'phase unseen' }, picture.unseen)]),
        facts.element,
      ),
      panel_box('Training', 'Bound on the log evidence, nats for a number observed', curve.element, components),
    ],
    ...{ say: (text: string) => phase.replaceChildren(text), drift: room.drift, show_facts: facts.show },
    show_posterior(tube) {
      mean = tube.mean;
      drawn.show(tube.draws);
      components.innerHTML = charts(tube);
      changed();
    },
    show_rollouts(paths) {
      rollouts = paths;
      changed();
    },
    show_curve(points) {
      curve.show([
        points.map(({ step }) => step),
        points.map(({ likelihood, path, start, prior }) => likelihood - path - start - prior),
        points.map(({ likelihood }) => likelihood),
        points.map(({ path }) => -path),
        points.map(({ start, prior }) => -start - prior),
      ]);
    },
    draw() {
      const matrix = room.matrix();
      const look = { matrix, faintest: 1 };
      room.cloud.draw([
        { cloud: observed.cloud, look: { ...look, colours: [neutral], ...observation_look } },
        {
          cloud: drawn.cloud,
          look: { ...look, colours: [groups[4] as (typeof groups)[number]], alpha: 0.3, radius: 2 },
        },
      ]);
      room.draw_over((to) =>
        [
          ...rollouts.map((path) => path_of(path, to, 'rollout')),
          path_of(picture.truth, to, 'truth'),
          path_of(mean, to, 'mean'),
        ].join(''),
      );
    },
    destroy() {
      for (const one of [room.cloud, observed, drawn, curve]) one.destroy();
    },
  };
}
