/** The log density of a merge at its draws, where the method knows it. */
import { format_significant } from '../../data/format_number.ts';
import type { Points } from '../../diagnostics/points.ts';
import type { MergeSpace } from '../../merge/shards/space.ts';

export interface DrawsDensity {
  /** [draw] in the coordinates of the merge, up to a constant: as lp__ of a sampler, with the Jacobian where parameters have bounds. */
  lp: Float64Array;
  /** The draw with the highest density over the parameters as people see them, without the Jacobian. */
  best: number;
}

export function density_of_draws({ log_jacobian }: MergeSpace, points: Points, lp: Float64Array): DrawsDensity {
  const { dimension, values } = points;
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  lp.forEach((l, i) => {
    const over_theta = l - (log_jacobian?.(values.slice(i * dimension, (i + 1) * dimension)) ?? 0);
    if (over_theta > most) [best, most] = [i, over_theta];
  });
  return { lp, best };
}

export function density_block({ lp, best }: DrawsDensity, names: readonly string[], { dimension, values }: Points) {
  return {
    lp: lp[best] as number,
    parameters: Object.fromEntries(names.map((name, j) => [name, values[best * dimension + j] as number])),
  };
}

const NAMED = 6;

/** @param points in the coordinates that people see */
export function density_lines(density: DrawsDensity, names: readonly string[], points: Points): [string, string][] {
  const { parameters, lp } = density_block(density, names, points);
  const all = Object.entries(parameters).map(([name, value]) => `${name} ${format_significant(value, 4)}`);
  const shown = all.length > NAMED ? [...all.slice(0, NAMED), '…'] : all;
  return [['best draw', `${shown.join(', ')} (lp__ ${format_significant(lp, 6)}, up to a constant)`]];
}
