/** The other methods on small planes, and how far every method is from exact draws. */

import { few } from '../../../data/report/overlay.ts';
import { chart, dots } from '../../../data/report/svg.ts';
import { distance_names } from '../../../diagnostics/distances/table.ts';
import { column, type Points } from '../../../diagnostics/points.ts';
import type { Comparison } from '../../../merge/compare.ts';
import { type MergeMethod, method_words } from '../../../merge/methods.ts';
import { element } from '../../dom.ts';
import { contour_marks } from '../../view/contours.ts';
import type { Problem } from './problems.ts';
import type { Task } from './shards.ts';

export interface Beside {
  readonly planes: HTMLElement;
  readonly distances: HTMLElement;
  add(method: MergeMethod, points: Points): void;
  compare(comparison: Comparison, asked: MergeMethod): void;
}

/** Draws on a small plane. */
const most_shown = 900;
const decimals = 3;
const headings = ['d_MAH', 'd_IAD', 'd_skew', 'sliced W₂', 'energy'];

export function create_beside({ ranges: [x, y] }: Problem, { grid }: Task): Beside {
  const planes = element('div', { className: 'small' });
  const body = element('tbody', {});
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...['', ...headings].map((text) => element('th', { scope: 'col' }, text)))),
    body,
  );
  const cells = (name: string, values: readonly number[], is_asked: boolean) =>
    element(
      'tr',
      { className: is_asked ? 'asked' : '' },
      ...[name, ...values.map((value) => value.toFixed(decimals))].map((text) => element('td', {}, text)),
    );
  return {
    planes: element(
      'section',
      { className: 'panel wide', ariaLabel: 'Other methods' },
      element('h3', {}, 'The same shards by other methods'),
      planes,
    ),
    distances: element(
      'section',
      { className: 'panel', ariaLabel: 'Distances' },
      element('h3', {}, 'Distances from the exact posterior'),
      element(
        'p',
        { className: 'phase' },
        'Floor: between two halves of the exact draws. Below it nothing is told apart.',
      ),
      element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Distances' }, table),
    ),
    add(method, points) {
      const some = few(points, most_shown);
      const plane = element('div', { title: method_words[method] });
      plane.innerHTML = chart(
        {
          ...{ width: 270, height: 220, x, y, y_ticks: 0, title: method },
          description: `Draws by ${method} over the exact density: ${method_words[method]}.`,
        },
        (scale) => contour_marks(grid, [x, y], scale) + dots([...column(some, 0)], [...column(some, 1)], scale, 'draw'),
      );
      planes.append(plane);
    },
    compare({ methods }, asked) {
      const [first = []] = methods.values();
      body.replaceChildren(
        ...Array.from(methods, ([method, rows]) =>
          cells(
            method,
            distance_names.map((name) => rows.find((row) => row.name === name)?.value ?? Number.NaN),
            method === asked,
          ),
        ),
        cells(
          'floor',
          first.map(({ floor }) => floor),
          false,
        ),
      );
    },
  };
}
