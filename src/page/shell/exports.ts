/** What a person leaves with: draws as files, the figures, the settings, and the command line that repeats the run. */

import { as_draws } from '../../data/as_draws.ts';
import { draws_text } from '../../data/draws.ts';
import { element } from '../dom.ts';
import { figure_picture, figure_text } from './figure.ts';
import type { SceneResult } from './scene.ts';

interface Made {
  result: SceneResult;
  /** `langevin` and this version. */
  version: string;
  /** The address that repeats it. */
  address: string;
  adapter: string;
  figures: HTMLElement;
  /** Draws the figures once more: a browser forgets what a GPU has drawn. */
  redraw(): void;
}

export function export_buttons(made: Made): HTMLElement {
  const { result, address, figures } = made;
  const figure = () => {
    made.redraw();
    return figure_text(figures);
  };
  const command = ['langevin', ...result.command].map(quoted).join(' ');
  const line = element('code', { id: 'command' }, command);
  // It has its room before there is anything to say.
  const said = element('p', { id: 'said', className: 'said', role: 'status' });
  const say = (text: string) => said.replaceChildren(text);
  const copy = element('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command);
      say('The command line was copied.');
    } catch {
      getSelection()?.selectAllChildren(line);
      say('This browser does not let the page copy. The command line is selected: copy it by the keyboard.');
    }
  });
  const files: [string, () => Promise<Blob>][] = [
    ...(result.draws ? draw_files(made, result.draws) : []),
    ...Object.entries(result.files ?? {}).map(([name, content]): [string, () => Promise<Blob>] => [
      name,
      async () => new Blob([content], { type: type_of(name) }),
    ]),
    ['figure.svg', async () => new Blob([figure()], { type: 'image/svg+xml' })],
    ['figure.png', () => figure_picture(figure(), figures)],
    ['settings.json', async () => json({ address, command, model: result.model, numbers: result.numbers })],
  ];
  return element(
    'div',
    { className: 'exports' },
    element('p', {}, 'The same without a browser: ', line, ' ', copy),
    element('p', {}, 'Save: ', ...files.flatMap(([name, make]) => [save_button(name, make, say), ' '])),
    said,
  );
}

/** As a shell takes it for one word: names of files may have spaces. */
const quoted = (word: string) => (/^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const type_of = (name: string) =>
  name.endsWith('.mjs') ? 'text/javascript' : name.endsWith('.csv') ? 'text/csv' : 'application/octet-stream';

const json = (value: unknown) => new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' });

function draw_files(
  { result, version, adapter }: Made,
  { file, judged }: NonNullable<SceneResult['draws']>,
): [string, () => Promise<Blob>][] {
  const posterior = () => as_draws(file);
  return [
    ['draws.csv', async () => new Blob(Array.from(draws_text(posterior())), { type: 'text/csv' })],
    [
      'posterior.nc',
      async () => {
        // A megabyte of HDF5, for those who ask for it.
        const { write_posterior } = await import('../../data/netcdf.ts');
        const attributes = { model: result.model, adapter, command: result.command.join(' ') };
        const created_at = new Date().toISOString();
        const bytes = await write_posterior({ posterior: posterior(), created_at, version, attributes });
        return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/x-netcdf' });
      },
    ],
    [
      'report.html',
      async () => {
        const { write_draws_report } = await import('../../data/draws_report.ts');
        return new Blob([write_draws_report(judged, file)], { type: 'text/html' });
      },
    ],
  ];
}

function save_button(name: string, make: () => Promise<Blob>, say: (text: string) => void): HTMLElement {
  const button = element('button', { type: 'button' }, name);
  button.dataset.file = name;
  button.addEventListener('click', async () => {
    say(`Making ${name} …`);
    try {
      const url = URL.createObjectURL(await make());
      element('a', { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      say(`${name} is made: see the browser’s downloads.`);
    } catch (error) {
      say(`${name} could not be made: ${(error as Error).message}`);
    }
  });
  return button;
}
