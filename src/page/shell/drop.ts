/** Data files that are dropped on the page, or chosen. They are read here and go nowhere. */

import { UserError } from '../../model/user_error.ts';

export interface DroppedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** @param given told of the files of a drop; text that is dragged goes where it always does */
export function take_dropped(where: HTMLElement, given: (list: FileList) => void): void {
  where.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    where.classList.add('dropping');
  });
  where.addEventListener('dragleave', () => where.classList.remove('dropping'));
  where.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    where.classList.remove('dropping');
    given(event.dataTransfer.files);
  });
}

/** In the order of their names with numbers counted, whatever order the browser has. Throws UserError for one that cannot be read. */
export async function read_files(list: FileList): Promise<DroppedFile[]> {
  const read = async (file: File) => {
    const bytes = await file.arrayBuffer().catch((error: Error) => {
      throw new UserError(`${file.name} cannot be read: is it a folder, or too large? ${error.message}`);
    });
    return { name: file.name, bytes: new Uint8Array(bytes) };
  };
  const files = await Promise.all(Array.from(list, read));
  return files.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

export const text_of = ({ bytes }: DroppedFile): string => new TextDecoder().decode(bytes);
