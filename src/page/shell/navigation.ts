/** Links to the scenes. */

import { element } from '../dom.ts';
import { scenes } from '../scenes/index.ts';

/** @param now the scene that is shown */
export function navigation(now: string): HTMLElement {
  const links = scenes.map(({ name, title }) => {
    const link = element('a', { href: `#scene=${name}` }, title);
    if (name === now) link.setAttribute('aria-current', 'page');
    return link;
  });
  return element('nav', { ariaLabel: 'Scenes' }, ...links, element('a', { href: '?benchmarks' }, 'Benchmarks'));
}
