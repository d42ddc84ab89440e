/** Targets on which rules of exchange show what they do, with what is known of them exactly. */

import { banana } from '../../../model/catalog/banana.ts';
import { normal_tails } from '../../../model/prior_families.ts';
import type { LogDensitySource } from '../../../model/types.ts';
import { targets as plain, type ShownTarget } from '../hmc/targets.ts';

/** A mean that is asked for, of a draw of the two parameters that are shown. */
export interface Quantity {
  name: string;
  of(a: number, b: number): number;
  exact?: number;
}

export interface PopulationTarget extends ShownTarget {
  quantities: readonly Quantity[];
}

const wide = { weight: 0.68, at: -1.5, sd: 1 } as const;
const narrow = { weight: 0.32, at: 1, sd: 0.3 } as const;
/** Between the two, which are near enough that particles come from one to the other by themselves. */
const border = 0.25;

const above = ({ at, sd }: { at: number; sd: number }) => normal_tails((border - at) / sd).above;

const log_normal = (x: number, y: number, { weight, at, sd }: { weight: number; at: number; sd: number }) =>
  Math.log(weight / (2 * Math.PI * sd * sd)) - 0.5 * (((x - at) / sd) ** 2 + (y / sd) ** 2);

/** The narrow mode is eleven times as high as the wide one and has a third of the mass: who looks for the best goes there. */
const two_modes: LogDensitySource = {
  kind: 'log-density',
  name: 'two-modes',
  parameters: { x: { prior: { flat: [] } }, y: { prior: { flat: [] } } },
  wgsl: `
fn log_density(theta: Theta) -> f32 {
${[wide, narrow]
  .map(({ weight, at, sd }, i) => {
    const [height, x] = [Math.log(weight / (sd * sd)).toFixed(9), `(theta.x - ${at.toFixed(1)}) / ${sd.toFixed(1)}`];
    return `  let a${i} = ${x};\n  let b${i} = theta.y / ${sd.toFixed(1)};\n  let e${i} = ${height} - 0.5 * (a${i} * a${i} + b${i} * b${i});`;
  })
  .join('\n')}
  let top = max(e0, e1);
  return top + log(exp(e0 - top) + exp(e1 - top));
}
`,
};

export const targets: Readonly<Record<string, PopulationTarget>> = {
  modes: {
    ...{ source: two_modes, built_in: false, label: 'a wide and a narrow mode', shown: [0, 1] },
    ranges: [
      [-5, 3],
      [-3.5, 3.5],
    ],
    log_density: (x, y) => {
      const [a, b] = [log_normal(x, y, wide), log_normal(x, y, narrow)];
      const top = Math.max(a, b);
      return top + Math.log(Math.exp(a - top) + Math.exp(b - top));
    },
    quantities: [
      {
        name: 'mass about the narrow mode',
        of: (x) => Number(x > border),
        exact: wide.weight * above(wide) + narrow.weight * above(narrow),
      },
      { name: 'mean of x', of: (x) => x, exact: wide.weight * wide.at + narrow.weight * narrow.at },
      { name: 'mean of y²', of: (_, y) => y * y, exact: wide.weight * wide.sd ** 2 + narrow.weight * narrow.sd ** 2 },
    ],
  },
  banana: {
    ...(plain.banana as ShownTarget),
    source: banana,
    quantities: [
      { name: 'mean of x', of: (x) => x, exact: 0 },
      { name: 'mean of x²', of: (x) => x * x, exact: 100 },
      { name: 'mean of y', of: (_, y) => y, exact: 0 },
    ],
  },
  own: { ...(plain.own as ShownTarget), quantities: [] },
};

/** Of a target of which nothing is known. @param names of the parameters that are shown */
export const plain_quantities = ([a, b]: readonly string[]): Quantity[] => [
  { name: `mean of ${a}`, of: (value) => value },
  { name: `mean of ${b}`, of: (_, value) => value },
];
