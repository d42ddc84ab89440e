/** Estimates with their errors beside what is known, as a list. */

import { element } from '../../dom.ts';
import type { Estimate } from './chain_means.ts';
import type { Quantity } from './targets.ts';

/** Standard errors from which on a distance is no chance any more: of 4 there is one among 16 000. */
const far = 4;
/** Of many chains R-hat is about √(1 + 1/N), N what the draws of one are worth. Above this they are worth fewer than five: they have not been everywhere yet, and how far they are apart says little of how far all of them are off. */
const largest_rhat = 1.1;

export function estimate_rows(
  quantities: readonly Quantity[],
  estimates: readonly (Estimate | undefined)[],
): HTMLElement[] {
  return quantities.flatMap(({ name, exact }, q) => {
    const found = estimates[q];
    if (!found) return [];
    const { text, doubt } = estimate_words(found, exact);
    const strong = doubt === undefined ? [] : [', ', element('strong', {}, doubt)];
    return [element('dt', {}, name), element('dd', {}, text, ...strong)];
  });
}

export function estimate_words(
  { mean, error, rhat }: Estimate,
  exact: number | undefined,
): { text: string; doubt?: string } {
  // Of chains that are too short, or that stand still.
  if (!(error > 0)) {
    const known = exact === undefined ? '' : `, exact ${exact.toPrecision(3)}`;
    return { text: `${mean.toPrecision(3)}, its error is not known${known}` };
  }
  const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(error))));
  const known = exact === undefined ? '' : `, exact ${exact.toFixed(digits)}`;
  if (!(rhat < largest_rhat)) {
    const apart = Number.isFinite(rhat) ? ` (R-hat ${rhat.toFixed(2)})` : '';
    return {
      text: `${mean.toFixed(digits)}${known}`,
      doubt: `the chains have not mixed${apart}, so its error is not known`,
    };
  }
  const text = `${mean.toFixed(digits)} ± ${error.toFixed(digits)}${known}`;
  if (exact === undefined) return { text };
  const off = Math.abs(mean - exact) / error;
  // The error is an estimate too: one digit of this is all there is to it.
  return off > far ? { text, doubt: `about ${Number(off.toPrecision(1))} standard errors off` } : { text };
}
