/** The frame around what a scene shows: a section with its heading, and the list of facts at its end. */

import { element } from '../dom.ts';

/** @param label of the section, for those who do not see it */
export const panel_box = (label: string, heading: string, ...children: (Node | string)[]): HTMLElement =>
  element('section', { className: 'panel', ariaLabel: label }, element('h3', {}, heading), ...children);

export type Fact = readonly [name: string, text: string];

export function create_facts() {
  const list = element('dl', { className: 'facts' });
  return {
    element: list,
    /** In place of those before. */
    show: (facts: readonly Fact[]) =>
      list.replaceChildren(...facts.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])),
  };
}
