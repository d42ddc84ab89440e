/** Lines of ancestors of a filter's particles: from those of the last row back through time, until they meet. */

import { fix, type Scale } from '../../../data/report/svg.ts';
import { ancestor_links, type Lineage } from '../../../filter/lineage.ts';

/** Widths of a line in pixels, by the part of all lines that run through a piece: from nearly none to all. */
const widths = [0.6, 1, 1.6, 2.2] as const;
/** Lines at most: more hide the bands. Particles of one parent are neighbours, so those at equal distances stand for all. */
export const most_lines = 40;

/** SVG text. @returns how to draw component i of the state over rows */
export function ancestor_lines(lineage: Lineage): (i: number, scale: Scale) => string {
  const { particles } = lineage;
  const lines = Math.min(most_lines, particles);
  const last = Array.from({ length: lines }, (_, n) => Math.floor(((n + 0.5) / lines) * particles));
  const links = ancestor_links(lineage, last);
  const levels = widths.map((_, level) =>
    links.filter(({ heirs }) => Math.ceil((widths.length - 1) * Math.sqrt(heirs / lines)) === level),
  );
  return (i, scale) =>
    widths
      .map((width, level) => {
        let d = '';
        for (const { t, parent, child } of levels[level] ?? []) {
          const [before, now] = [lineage.states(t - 1, i)[parent] as number, lineage.states(t, i)[child] as number];
          d += `M${fix(scale.x(t - 1))} ${fix(scale.y(before))}L${fix(scale.x(t))} ${fix(scale.y(now))}`;
        }
        return d === '' ? '' : `<path class="ancestors" stroke-width="${width}" d="${d}"/>`;
      })
      .join('');
}
