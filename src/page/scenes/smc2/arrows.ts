/** Where the gradient of the log posterior would take the θ-particles. */

import { fix, type Scale } from '../../../data/report/svg.ts';
import type { Seen } from './population.ts';

const most_arrows = 200;

/** SVG text. @param shown the parameters across and up */
export function arrows({ theta, drift }: Seen, [a, b]: readonly [number, number], scale: Scale): string {
  const count = Math.min(most_arrows, theta[0]?.length ?? 0);
  let d = '';
  for (let m = 0; m < count; m++) {
    const [x, y] = [theta[a]?.[m] ?? 0, theta[b]?.[m] ?? 0];
    const [to_x, to_y] = [x + (drift[a]?.[m] ?? 0), y + (drift[b]?.[m] ?? 0)];
    d += `M${fix(scale.x(x))} ${fix(scale.y(y))}L${fix(scale.x(to_x))} ${fix(scale.y(to_y))}`;
  }
  return `<path class="arrow" d="${d}"/>`;
}
