/** How the bound rose: terms of many steps made one point. */

import type { Terms } from '../trainer.ts';

export interface CurvePoint extends Terms {
  step: number;
}

const most_points = 200;

/** @param before points of an earlier part of the training @param terms [step] of this one @param wanted steps in all */
export function curve_points(before: readonly CurvePoint[], terms: readonly Terms[], wanted: number): CurvePoint[] {
  const first = before.at(-1)?.step ?? 0;
  const width = Math.max(1, Math.ceil(wanted / most_points));
  const points: CurvePoint[] = [...before];
  for (let from = 0; from < terms.length; from += width) {
    const part = terms.slice(from, from + width);
    const mean = (name: keyof Terms) => part.reduce((sum, one) => sum + one[name], 0) / part.length;
    points.push({
      step: first + from + part.length,
      ...{ likelihood: mean('likelihood'), path: mean('path'), start: mean('start'), prior: mean('prior') },
    });
  }
  return points;
}
