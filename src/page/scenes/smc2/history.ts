/** How a run of SMC² has gone, iteration by iteration: tempering, evidence, health of the population. */

import { chart, line, pad_range, range_of } from '../../../data/report/svg.ts';
import type { Iteration } from '../../../smc2/options.ts';

const size = { width: 270, height: 130, whole_x: true } as const;

export function history_panels(iterations: readonly Iteration[], thetas: number): string {
  const k = iterations.map((i) => i.k);
  const panel = (title: string, lines: readonly (readonly number[])[], y: readonly [number, number]) =>
    chart(
      { ...size, x: [1, Math.max(2, ...k)], y, y_ticks: 3, title, description: `${title} by iteration.` },
      (scale) => lines.map((values, n) => line(k, values, scale, `line ${n === 0 ? 'now' : 'later'}`)).join(''),
    );
  const evidence = iterations.map((i) => i.log_evidence);
  return [
    panel('likelihood’s exponent λ', [iterations.map((i) => i.lambda)], [0, 1.05]),
    panel('log evidence so far', [evidence], pad_range(range_of(evidence), 0.06)),
    panel(
      'effective part, accepted part',
      [iterations.map((i) => Math.min(i.ess, i.tempered_ess) / thetas), iterations.map((i) => i.accepted)],
      [0, 1.05],
    ),
    panel('surviving families', [iterations.map((i) => i.families)], [0, thetas * 1.05]),
  ].join('');
}
