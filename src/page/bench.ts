/** `?bench=NAME[&quick]`: one benchmark in the page, with the table that the command line prints and its result as a file. */

import { finding_words } from '../../bench/format.ts';
import { type BenchRecord, write_record } from '../../bench/record.ts';
import { run_session, timestamps_of } from '../../bench/session.ts';
import { subject_named } from '../../bench/subjects.ts';
import { row_notes, table_cells, table_head } from '../../bench/table.ts';
import { open_page_device } from './device.ts';
import { element } from './dom.ts';

/** @param failed told of errors that no call of ours returns, such as the loss of the device */
export async function show_bench(
  main: HTMLElement,
  name: string,
  quick: boolean,
  failed: (error: Error) => void,
): Promise<void> {
  const subject = subject_named(name);
  document.title = `langevin bench: ${name}`;
  const log = element('pre', {});
  const heading = element('h1', {}, `Benchmark ${name}`);
  main.append(element('p', {}, element('a', { href: '.' }, 'langevin')), heading, log);
  const open_device = () => open_page_device(failed);
  const device = await open_device();
  const record = await run_session({
    device,
    open_device,
    subject,
    quick,
    surroundings: {
      command: `?bench=${name}${quick ? '&quick' : ''}`,
      implementation: browser_name(),
      cores: navigator.hardwareConcurrency,
      timestamps: timestamps_of(device, 'rounded'),
    },
    print: (line) => log.append(`${line}\n`),
  });
  device.destroy();
  heading.after(...result_elements(record));
}

/** As in `Chrome/147.0.0.0`, or the whole text where it is not of the usual form. */
const browser_name = (): string =>
  /(?:Edg|Firefox|HeadlessChrome|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;

function result_elements(record: BenchRecord): HTMLElement[] {
  const head = element('tr', {}, ...table_head.map((text) => element('th', {}, text)));
  const rows = record.rows.flatMap((row) => [
    element('tr', {}, ...table_cells(row).map((text) => element('td', {}, text))),
    ...row_notes(row).map((note) =>
      element('tr', {}, element('td', { className: 'note', colSpan: table_head.length }, note)),
    ),
  ]);
  const file = new Blob([write_record(record)], { type: 'application/json' });
  const link = element(
    'a',
    { href: URL.createObjectURL(file), download: `${record.subject}-browser.json` },
    'Save the result',
  );
  return [
    element('table', { id: 'result' }, element('thead', {}, head), element('tbody', {}, ...rows)),
    ...record.findings.map((finding) => element('p', {}, finding_words(finding))),
    element('p', {}, link),
  ];
}
