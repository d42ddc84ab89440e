/** What of one's own data a scene learns from: their names, a way to choose them by hand, and a way back to what the scene has. */

import { element } from '../dom.ts';
import type { DroppedFile } from './drop.ts';
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

/** @param chosen told of what was chosen @param left_out told that all is to be left out */
export function create_data_line(
  takes: Scene['takes'],
  { chosen, left_out }: { chosen(list: FileList): void; left_out(): void },
): DataLine {
  const several = takes === 'files';
  const picker = element('input', { type: 'file', multiple: several, hidden: true });
  picker.addEventListener('change', () => {
    if (picker.files) chosen(picker.files);
    // The same file once more, changed meanwhile, is a choice too.
    picker.value = '';
  });
  const choose = element('button', { type: 'button', title: `Or drop ${several ? 'them' : 'it'} on the page` });
  choose.textContent = 'Own data …';
  choose.addEventListener('click', () => picker.click());
  const names = element('span', { id: 'data' });
  const leave = element('button', { type: 'button', hidden: true }, 'Leave out');
  leave.addEventListener('click', left_out);
  return {
    element: element('span', { hidden: takes === undefined }, choose, picker, ' ', names, ' ', leave),
    show(files) {
      names.textContent = files.map(({ name }) => name).join(', ');
      leave.hidden = files.length === 0;
    },
  };
}
