/** What of one's own data a scene learns from: their names, a way to choose them by hand, and a way back to what the scene has. */

import { element } from '../dom.ts';
import { type DroppedFile, read_files } from './drop.ts';
import type { Scene } from './scene.ts';

export interface DataLine {
  readonly element: HTMLElement;
  show(files: readonly DroppedFile[]): void;
}

/** Why a scene does not take these files. */
export function refused_files(takes: Scene['takes'], files: readonly DroppedFile[]): string | undefined {
  if (takes === undefined) return 'This scene takes no data.';
  if (takes === 'files' || files.length < 2) return undefined;
  return `Drop one file: ${files.map(({ name }) => name).join(', ')} are ${files.length}.`;
}

/** @param given told of what was chosen, of nothing where all is to be left out */
export function create_data_line(takes: Scene['takes'], given: (files: readonly DroppedFile[]) => void): DataLine {
  const several = takes === 'files';
  const picker = element('input', { type: 'file', multiple: several, hidden: true });
  picker.addEventListener('change', async () => {
    const files = await read_files(picker.files);
    // The same file once more, changed meanwhile, is a choice too.
    picker.value = '';
    if (files.length > 0) given(files);
  });
  const choose = element('button', { type: 'button', title: `Or drop ${several ? 'them' : 'it'} on the page` });
  choose.textContent = 'Own data …';
  choose.addEventListener('click', () => picker.click());
  const names = element('span', { id: 'data' });
  const leave = element('button', { type: 'button', hidden: true }, 'Leave out');
  leave.addEventListener('click', () => given([]));
  return {
    element: element('span', { hidden: takes === undefined }, choose, picker, ' ', names, ' ', leave),
    show(files) {
      names.textContent = files.map(({ name }) => name).join(', ');
      leave.hidden = files.length === 0;
    },
  };
}
