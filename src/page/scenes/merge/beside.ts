/** The other methods on small planes, and how far every method is from exact draws. */

import { few } from '../../../data/report/overlay.ts';
import { chart, dots } from '../../../data/report/svg.ts';
import { type DistanceName, type DistanceRow, distance_names } from '../../../diagnostics/distances/table.ts';
import { column, type Points } from '../../../diagnostics/points.ts';
import { type MergeMethod, method_words } from '../../../merge/methods.ts';
import { element } from '../../dom.ts';
import { contour_marks } from '../../view/contours.ts';
import { panel_box } from '../../view/panel_box.ts';
import type { Task } from './shards.ts';

export interface Beside {
  readonly planes: HTMLElement;
  readonly distances: HTMLElement;
  add(method: MergeMethod, points: Points): void;
  /** @param asked shown first */
  compare(measured: ReadonlyMap<MergeMethod, readonly DistanceRow[]>, asked: MergeMethod): void;
}

/** Draws on a small plane. */
const most_shown = 900;
const decimals = 3;
const headings: Readonly<Record<DistanceName, string>> = {
  d_mah: 'd_MAH',
  d_iad: 'd_IAD',
  d_skew: 'd_skew',
  sliced_wasserstein: 'sliced W₂',
  energy: 'energy',
};

export function create_beside({ grid, exact, near: [x, y] }: Task): Beside {
  const planes = element('div', { className: 'small methods' });
  const wide = panel_box('Other methods', 'The same shards by other methods', planes);
  wide.classList.add('wide');
  const body = element('tbody', {});
  const table = element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['', ...distance_names.map((name) => headings[name])].map((text) => element('th', { scope: 'col' }, text)),
      ),
    ),
    body,
  );
  const cells = (name: string, values: readonly number[], is_asked: boolean) =>
    element(
      'tr',
      { className: is_asked ? 'asked' : '' },
      ...[name, ...values.map((value) => value.toFixed(decimals))].map((text) => element('td', {}, text)),
    );
  return {
    planes: wide,
    distances: panel_box(
      'Distances',
      exact ? 'Distances from the exact posterior' : 'Distances from this merge',
      element(
        'p',
        { className: 'phase' },
        `Floor: between two halves of ${exact ? 'the exact draws' : 'its draws'}. Below it nothing is told apart.`,
      ),
      element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: 'Distances' }, table),
    ),
    add(method, points) {
      const some = few(points, most_shown);
      const plane = element('div', { title: method_words[method] });
      plane.innerHTML = chart(
        {
          ...{ width: 190, height: 170, x, y, y_ticks: 0, title: method },
          description: `Draws by ${method}${grid ? ' over the exact density' : ''}: ${method_words[method]}.`,
        },
        (scale) =>
          (grid ? contour_marks(grid, grid.ranges, scale) : '') +
          dots([...column(some, 0)], [...column(some, 1)], scale, 'draw'),
      );
      planes.append(plane);
    },
    compare(measured, asked) {
      const rows = [...measured].sort(([a], [b]) => Number(b === asked) - Number(a === asked));
      const floor = rows[0]?.[1].map((row) => row.floor) ?? [];
      body.replaceChildren(
        ...rows.map(([method, row]) =>
          cells(
            method,
            row.map(({ value }) => value),
            method === asked,
          ),
        ),
        cells('floor', floor, false),
      );
    },
  };
}
