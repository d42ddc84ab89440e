/** Truncated priors of every proper family, drawn for property tests: arguments within two decades, bounds anywhere that leaves a sensible share of the probability. */

import fc from 'fast-check';
import { total_mass } from '../../src/model/prior.ts';
import { prior_families } from '../../src/model/prior_families.ts';
import { constrain } from '../../src/model/transform.ts';
import type { Prior, PriorFamily } from '../../src/model/types.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const positive = between(-1.5, 1.5).map((e) => 10 ** e);
const location = between(-5, 5);

const family_arguments: Readonly<Record<Exclude<PriorFamily, 'flat' | 'dirichlet'>, fc.Arbitrary<number[]>>> = {
  normal: fc.tuple(location, positive),
  lognormal: fc.tuple(between(-2, 2), between(0.2, 2)),
  uniform: fc.tuple(location, positive).map(([a, w]) => [a, a + w]),
  gamma: fc.tuple(between(0.3, 30), positive),
  // b ≥ 1: below it the density is singular at 1, where floats are too coarse for the quadrature that it is compared with.
  beta: fc.tuple(between(0.3, 10), between(1, 10)),
  exponential: fc.tuple(positive),
  half_normal: fc.tuple(positive),
  half_cauchy: fc.tuple(positive),
  student_t: fc.tuple(between(0.7, 30), location, positive),
};

/** Where quadrature should be cut: about the bulk of the family, before truncation. */
export function landmarks({ family, arguments: [a = 0, b = 1, c = 1] }: Prior): number[] {
  const about = (centre: number, scale: number) => [-9, -3, -1, 0, 1, 3, 9].map((k) => centre + k * scale);
  switch (family) {
    case 'normal':
      return about(a, b);
    case 'student_t':
      return about(b, c);
    case 'lognormal':
      return about(a, b).map(Math.exp);
    case 'gamma':
      return about(a / b, Math.sqrt(a) / b);
    case 'exponential':
      return [0.1 / a, 1 / a, 10 / a];
    case 'half_normal':
    case 'half_cauchy':
      return [0.1 * a, a, 10 * a];
    default:
      return [0.5];
  }
}

function bounded(family: PriorFamily, values: number[], ends: [number, number], sides: [boolean, boolean]): Prior {
  const [lower, upper] = prior_families[family].support(values);
  const support = { lower, upper };
  const scale = family === 'normal' || family === 'student_t' ? (values.at(-1) as number) : 1;
  const centre = family === 'normal' ? (values[0] as number) : family === 'student_t' ? (values[1] as number) : 0;
  const [p, q] = ends.toSorted((x, y) => x - y).map((end) => constrain(support, centre + 2 * scale * end)) as [
    number,
    number,
  ];
  return { family, arguments: values, lower: sides[0] ? p : lower, upper: sides[1] ? q : upper };
}

export const proper_priors: fc.Arbitrary<Prior> = fc
  .constantFrom(...(Object.keys(family_arguments) as (keyof typeof family_arguments)[]))
  .chain((family) =>
    fc
      .tuple(family_arguments[family], fc.tuple(between(-2, 2), between(-2, 2)), fc.tuple(fc.boolean(), fc.boolean()))
      .map(([values, ends, sides]) => bounded(family, values, ends, sides)),
  )
  .filter(
    (prior) => prior.upper - prior.lower > 1e-2 * Math.max(1, Math.abs(prior.lower)) && total_mass(prior) > 1e-12,
  );
