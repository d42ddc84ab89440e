/** Estimates with their errors beside what is known, as a list. */

import { element } from '../../dom.ts';
import type { Quantity } from './targets.ts';

/** Standard errors from which on a distance is no chance any more: of 4 there is one among 16 000. */
const far = 4;

export function estimate_rows(
  quantities: readonly Quantity[],
  estimates: readonly ({ mean: number; error: number } | undefined)[],
): HTMLElement[] {
  return quantities.flatMap(({ name, exact }, q) => {
    const found = estimates[q];
    if (!found) return [];
    // Of chains that are too short, or that stand still.
    if (!(found.error > 0)) {
      const known = exact === undefined ? '' : `, exact ${exact.toPrecision(3)}`;
      return [
        element('dt', {}, name),
        element('dd', {}, `${found.mean.toPrecision(3)}, its error is not known${known}`),
      ];
    }
    const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(found.error))));
    const text = `${found.mean.toFixed(digits)} ± ${found.error.toFixed(digits)}`;
    if (exact === undefined) return [element('dt', {}, name), element('dd', {}, text)];
    const off = Math.abs(found.mean - exact) / found.error;
    const verdict = off > far ? element('strong', {}, ` off by ${off.toFixed(0)} standard errors`) : '';
    return [element('dt', {}, name), element('dd', {}, `${text}, exact ${exact.toFixed(digits)}`, verdict)];
  });
}
