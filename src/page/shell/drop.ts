/** A data file that is dropped on the page. It is read here and goes nowhere. */

/** @param given told of every file */
export function read_dropped(where: HTMLElement, given: (file: { name: string; text: string }) => void): void {
  where.addEventListener('dragover', (event) => {
    event.preventDefault();
    where.classList.add('dropping');
  });
  where.addEventListener('dragleave', () => where.classList.remove('dropping'));
  where.addEventListener('drop', async (event) => {
    event.preventDefault();
    where.classList.remove('dropping');
    const file = event.dataTransfer?.files[0];
    if (file) given({ name: file.name, text: await file.text() });
  });
}
