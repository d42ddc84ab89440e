/** What the networks miss, while they learn. */

import { chart, line, type Range } from '../../../data/report/svg.ts';
import type { LossCurve } from '../../../merge/run_training.ts';
import { element } from '../../dom.ts';
import { panel_box } from '../../view/panel_box.ts';

export interface LossView {
  readonly element: HTMLElement;
  /** Means over shards and networks. */
  add(point: LossCurve[number]): void;
}

/** Milliseconds between drawings. */
const between = 200;

/** @param updates on the axis */
export function create_loss_view(updates: number): LossView {
  const figure = element('div', {});
  const at: number[] = [];
  const losses: Record<'score' | 'energy', number[]> = { score: [], energy: [] };
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = () => {
    drawn = performance.now();
    const seen = [...losses.score, ...losses.energy].filter((loss) => loss > 0);
    const y: Range = [0.8 * Math.min(...seen), 1.25 * Math.max(...seen)];
    figure.innerHTML = chart(
      {
        ...{ width: 560, height: 200, x: [0, updates], y, log_y: true, x_label: 'updates', title: 'loss' },
        description: 'Losses of scores and of energies by update, means over all networks.',
      },
      (scale) => line(at, losses.score, scale, 'line now') + line(at, losses.energy, scale, 'line later'),
    );
  };
  return {
    element: panel_box(
      'Training',
      'Training',
      element(
        'p',
        { className: 'phase keys' },
        element('span', { className: 'key now' }, 'slopes of the log density'),
        element('span', { className: 'key later' }, 'log density itself'),
      ),
      figure,
    ),
    add({ update, losses: by_network }) {
      at.push(update);
      for (const name of ['score', 'energy'] as const) {
        losses[name].push(by_network.reduce((sum, one) => sum + one[name] / by_network.length, 0));
      }
      if (update === updates || performance.now() - drawn > between) draw();
    },
  };
}
