/** The page's entry: a benchmark or their list where the address asks for it, a scene of the demo otherwise. `data-state` of the document says when it is done, and how. */

import { STYLE } from '../data/report/style.ts';
import './style.css';
import { element } from './dom.ts';
import { asked_for } from './shell/address.ts';

const main = document.querySelector('main') as HTMLElement;
const state = document.documentElement.dataset;

function fail(error: unknown) {
  state.state = 'failed';
  const reason = error instanceof Error ? error.message : String(error);
  main.append(element('p', { className: 'problem', role: 'alert' }, reason));
}

// Drawings look as in the reports of the command line.
document.head.prepend(element('style', {}, STYLE));

const asked = asked_for(location);
// A link to another run of the same page, or a step back to one.
addEventListener('hashchange', () => location.reload());
const name = asked.get('bench');
state.state = 'running';
try {
  // Scenes and benchmarks do not wait for each other's code.
  if (name !== null) await (await import('./bench.ts')).show_bench(main, name, asked.has('quick'), fail);
  else if (asked.has('benchmarks')) await (await import('./benchmarks.ts')).show_benchmarks(main);
  else await (await import('./shell/demo.ts')).show_demo(main, asked);
  if (state.state === 'running' && (name !== null || asked.has('benchmarks'))) state.state = 'done';
} catch (error) {
  fail(error);
}
