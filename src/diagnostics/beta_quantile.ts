/** The quantile function of the beta distribution. */
import { incomplete_beta } from '../model/incomplete_beta.ts';

/** The x with I_x(a, b) = p, by bisection down to neighbouring numbers; a, b > 0 and p in [0, 1]. */
export function beta_quantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (incomplete_beta(a, b, middle).below < p) low = middle;
    else high = middle;
  }
}
