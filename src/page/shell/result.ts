/** The end of a run in words: what is to be doubted, and the numbers with their errors. */

import { draws_header, draws_rows } from '../../data/draws_table.ts';
import { element } from '../dom.ts';
import type { SceneResult } from './scene.ts';

/** @param in_words of the page, what is to be doubted */
export function result_elements({ warnings, draws }: SceneResult, in_words: (text: string) => string): HTMLElement[] {
  const words =
    warnings.length === 0
      ? [element('p', { className: 'verdict' }, 'Nothing to complain of.')]
      : [element('ul', { className: 'warnings' }, ...warnings.map((text) => element('li', {}, in_words(text))))];
  if (!draws) return words;
  const [, ...header] = draws_header(draws.judged);
  const head = ['parameter', ...header.map((name) => name.replace('_', ' '))];
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element(
      'tbody',
      {},
      ...draws_rows(draws.judged).map((row) => element('tr', {}, ...row.map((text) => element('td', {}, text)))),
    ),
  );
  return [
    ...words,
    element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Parameters' }, table),
  ];
}
