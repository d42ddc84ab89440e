/** `?benchmarks`: what this browser offers, and the benchmarks that run here. */

import { adapter_words } from '../../bench/format.ts';
import { subjects } from '../../bench/subjects.ts';
import { describe_page_adapter, find_adapter } from './device.ts';
import { element } from './dom.ts';

export async function show_benchmarks(main: HTMLElement): Promise<void> {
  const adapter = element('p', { id: 'adapter' }, 'Looking for a GPU …');
  const list = subjects.flatMap(({ name, what }) => [
    element('dt', {}, element('a', { href: `?bench=${name}&quick` }, name)),
    element('dd', {}, what),
  ]);
  main.append(
    element('p', {}, element('a', { href: '.' }, 'langevin')),
    element('h1', {}, 'Benchmarks'),
    adapter,
    element('p', {}, 'Each runs in this page, in its quick form; without “quick” in the address it takes minutes.'),
    element('dl', {}, ...list),
  );
  const found = await find_adapter();
  adapter.textContent = `This browser computes on: ${adapter_words(describe_page_adapter(found))}.`;
}
