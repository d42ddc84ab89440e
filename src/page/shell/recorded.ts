/// <reference types="vite/client" />
/** Pictures of scenes at their end, for browsers that cannot run them. Loaded when one is shown. */

import { element } from '../dom.ts';

const pictures = import.meta.glob<string>('/docs/page/*-1280.png', { query: '?url', import: 'default', eager: true });

/** Empty where there is no picture of the scene. */
export function recorded_picture(name: string, title: string): HTMLElement[] {
  const source = pictures[`/docs/page/${name}-1280.png`];
  if (source === undefined) return [];
  return [
    element(
      'figure',
      { className: 'recorded' },
      element('img', { src: source, alt: `${title}: a run at its end` }),
      element('figcaption', {}, 'Recorded: how a run of this scene ends, on a CPU and from the same defaults.'),
    ),
  ];
}
