/** The page's entry: a benchmark where the address asks for one, the start page otherwise. `data-state` of the document says when it is done, and how. */

import { show_bench } from './bench.ts';
import { element } from './dom.ts';
import { show_start_page } from './start.ts';

const main = document.querySelector('main') as HTMLElement;
const state = document.documentElement.dataset;

function fail(error: unknown) {
  state.state = 'failed';
  const reason = error instanceof Error ? error.message : String(error);
  main.append(element('p', { className: 'problem', role: 'alert' }, reason));
}

const asked = new URLSearchParams(location.search);
const name = asked.get('bench');
state.state = 'running';
try {
  if (name === null) await show_start_page(main);
  else await show_bench(main, name, asked.has('quick'), fail);
  if (state.state === 'running') state.state = 'done';
} catch (error) {
  fail(error);
}
