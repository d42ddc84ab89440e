/** Data files that are dropped on the page, or chosen. They are read here and go nowhere. */

export interface DroppedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** @param given told of all files of a drop, in the order of their names with numbers counted, whatever order the browser has */
export function read_dropped(where: HTMLElement, given: (files: readonly DroppedFile[]) => void): void {
  where.addEventListener('dragover', (event) => {
    event.preventDefault();
    where.classList.add('dropping');
  });
  where.addEventListener('dragleave', () => where.classList.remove('dropping'));
  where.addEventListener('drop', async (event) => {
    event.preventDefault();
    where.classList.remove('dropping');
    const files = await read_files(event.dataTransfer?.files);
    if (files.length > 0) given(files);
  });
}

export async function read_files(list: FileList | null | undefined): Promise<DroppedFile[]> {
  const read = async (file: File) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
  const files = await Promise.all(Array.from(list ?? [], read));
  return files.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

export const text_of = ({ bytes }: DroppedFile): string => new TextDecoder().decode(bytes);
