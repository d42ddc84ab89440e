/** What stands around a scene: heading, settings, buttons, notes, the place of figures and of the result, and the strip. */

import { element } from '../dom.ts';
import { navigation } from './navigation.ts';
import type { Scene } from './scene.ts';

export interface Frame {
  fields: HTMLElement;
  bar: HTMLElement;
  notes: HTMLElement;
  figures: HTMLElement;
  result: HTMLElement;
}

export function create_frame(
  main: HTMLElement,
  scene: Scene,
  { bar: inside, foot }: { bar: readonly HTMLElement[]; foot: HTMLElement },
): Frame {
  const frame: Frame = {
    fields: element('div', { className: 'settings' }),
    bar: element('div', { className: 'bar' }, ...inside),
    notes: element('div', { id: 'notes', role: 'status', ariaLive: 'polite' }),
    figures: element('div', { id: 'figures', className: 'figures' }),
    result: element('section', { id: 'result', ariaLabel: 'Result' }),
  };
  main.append(
    element('header', {}, element('h1', {}, 'langevin'), navigation(scene.name)),
    element('h2', {}, scene.title),
    element('p', { className: 'lead' }, scene.what),
    ...[frame.fields, frame.bar, frame.notes, frame.figures, frame.result],
    element(
      'p',
      { className: 'caption' },
      'All is computed in this browser: data that you bring and models that you write stay there. A link has the text of the model in it, but not the data; whoever gets the link can read it, and whoever serves this page does not.',
    ),
    foot,
  );
  return frame;
}
