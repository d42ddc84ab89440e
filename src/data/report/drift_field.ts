/** The drift of a state in the plane, as arrows. */
import { thin } from './phase.ts';
import { chart, fix, line, pad_range, range_of, type Scale } from './svg.ts';

export interface DriftField {
  /** [point] two coordinates. */
  points: readonly (readonly number[])[];
  /** [point] per unit of time. */
  drift: readonly (readonly number[])[];
  /** The same, where it is known. */
  truth?: readonly (readonly number[])[];
}

/** @param series [series][component][time], drawn behind the arrows */
export function field_panel(
  [across = '', up = '']: readonly string[],
  { points, drift, truth }: DriftField,
  series: readonly (readonly (readonly number[])[])[],
): string {
  const range = (d: number) => range_of(points.map((point) => point[d] as number));
  const [x, y] = [range(0), range(1)];
  // The longest arrows reach a little beyond the next point.
  const spacing = Math.sqrt(points.length) - 1;
  const longest = [...drift, ...(truth ?? [])].reduce(
    (most, [dx = 0, dy = 0]) => Math.max(most, Math.abs(dx) / (x[1] - x[0]), Math.abs(dy) / (y[1] - y[0])),
    0,
  );
  const time = 1.3 / spacing / longest;
  return chart(
    {
      ...{ width: 980, height: 640, x: pad_range(x, 0.07), y: pad_range(y, 0.07), title: up, x_label: across },
      description: `Drift of ${across} and ${up} as arrows.`,
    },
    (scale) =>
      [
        ...series.map((states) => line(thin(states[0] ?? []), thin(states[1] ?? []), scale, 'line faint colour4')),
        truth === undefined ? '' : arrows(points, truth, time, scale, 'line colour5'),
        arrows(points, drift, time, scale, 'line now'),
      ].join(''),
  );
}

function arrows(
  points: readonly (readonly number[])[],
  drift: readonly (readonly number[])[],
  time: number,
  scale: Scale,
  class_name: string,
): string {
  let d = '';
  points.forEach(([x = 0, y = 0], n) => {
    const [dx = 0, dy = 0] = drift[n] ?? [];
    const [from_x, from_y] = [scale.x(x), scale.y(y)];
    const [across, down] = [scale.x(x + time * dx) - from_x, scale.y(y + time * dy) - from_y];
    const length = Math.hypot(across, down);
    if (!Number.isFinite(length)) return;
    const head = Math.min(4, 0.4 * length);
    const [ux, uy] = length === 0 ? [0, 0] : [(across / length) * head, (down / length) * head];
    const tip = `${fix(from_x + across)} ${fix(from_y + down)}`;
    const side = (turn: number) =>
      `${fix(from_x + across - ux + turn * 0.6 * uy)} ${fix(from_y + down - uy - turn * 0.6 * ux)}`;
    d += `M${fix(from_x)} ${fix(from_y)}L${tip}M${side(1)}L${tip}L${side(-1)}`;
  });
  return `<path class="${class_name}" d="${d}"/>`;
}
