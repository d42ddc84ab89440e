/** The page without a question: what langevin is, what this browser offers it, and the benchmarks that run here. */

import { adapter_words } from '../../bench/format.ts';
import { subjects } from '../../bench/subjects.ts';
import { describe_page_adapter, find_adapter } from './device.ts';
import { element } from './dom.ts';

export async function show_start_page(main: HTMLElement): Promise<void> {
  const adapter = element('p', { id: 'adapter' }, 'Looking for a GPU …');
  const list = subjects.flatMap(({ name, what }) => [
    element('dt', {}, element('a', { href: `?bench=${name}&quick` }, name)),
    element('dd', {}, what),
  ]);
  main.append(
    element('h1', {}, 'langevin'),
    element(
      'p',
      {},
      'Bayesian inference for state-space models on WebGPU: particle filters, their gradients and SMC² in hand-written kernels.',
    ),
    adapter,
    element('h2', {}, 'Benchmarks'),
    element('p', {}, 'Each runs in this page, in its quick form; without “quick” in the address it takes minutes.'),
    element('dl', {}, ...list),
  );
  const found = await find_adapter();
  adapter.textContent = `This browser computes on: ${adapter_words(describe_page_adapter(found))}.`;
}
