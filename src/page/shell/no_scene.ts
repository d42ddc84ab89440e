/** What stands in place of a scene whose name the address misspells: which there are, and the one that was probably meant. */

import { nearest_name } from '../../model/nearest_name.ts';
import { element } from '../dom.ts';
import { scenes } from '../scenes/index.ts';
import { navigation } from './navigation.ts';

/** @param asked the address, whose settings a link to the scene that was meant keeps */
export function no_scene(name: string, asked: URLSearchParams): HTMLElement[] {
  const near = nearest_name(
    name,
    scenes.map((scene) => scene.name),
  );
  const words = element('p', { className: 'problem', role: 'alert' }, `There is no scene “${name}”.`);
  if (near !== undefined) {
    const meant = new URLSearchParams(asked);
    meant.set('scene', near);
    words.append(' Did you mean ', element('a', { href: `#${meant}` }, near), '?');
  }
  return [element('header', {}, element('h1', {}, 'langevin'), navigation(name)), words];
}
