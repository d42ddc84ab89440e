/** A plane of two axes or a space of three, whichever there are: one way to draw in both. */

import { fix, type Range, type Scale } from '../../data/report/svg.ts';
import type { Device } from '../../gpu/device.ts';
import type { CloudCanvas } from './cloud_canvas.ts';
import { create_plot } from './plot.ts';
import { create_space } from './space.ts';

/** To pixels of what is drawn over the points. */
export type Project = (point: readonly number[]) => readonly [number, number];

export interface Room {
  readonly element: HTMLElement;
  readonly cloud: CloudCanvas;
  matrix(): Float32Array;
  /** The camera goes around a little, where there is one. */
  drift(milliseconds: number): void;
  draw_over(marks: (to: Project) => string): void;
  /** Draws a plane anew with other ranges, without what was below the points; a space stays as it is. */
  set_ranges(ranges: readonly Range[]): void;
}

interface RoomOptions {
  ranges: readonly Range[];
  /** Of the axes. */
  names: readonly string[];
  description: string;
  /** In a plane, below the points. */
  below?: (scale: Scale) => string;
}

/** @param moved told when the camera has moved */
export async function create_room(
  device: Device,
  { ranges, names, description, below = () => '' }: RoomOptions,
  moved: () => void,
): Promise<Room> {
  if (ranges.length === 3) {
    const space = await create_space(device, { ranges, names, description }, moved);
    return {
      ...space,
      draw_over: (marks) => space.draw_over((to) => marks(([x = 0, y = 0, z = 0]) => to(x, y, z))),
      set_ranges: () => {},
    };
  }
  const [x, y] = ranges as [Range, Range];
  const [x_label, title] = names as [string, string];
  const plot = await create_plot(device, { width: 520, height: 380, x, y, title, x_label, description }, below);
  return {
    ...{ element: plot.element, cloud: plot.cloud, matrix: () => plot.matrix, drift: () => {} },
    draw_over: (marks) =>
      plot.draw_over((scale) => marks(([a = 0, b = 0]) => [Number(fix(scale.x(a))), Number(fix(scale.y(b)))])),
    set_ranges: ([across, up]) => plot.set_ranges(across as Range, up as Range, () => ''),
  };
}

/** SVG text of a line through points. */
export function path_of(points: readonly (readonly number[])[], to: Project, class_name: string): string {
  if (points.length === 0) return '';
  const text = points.map((point) => {
    const [x, y] = to(point);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `<path class="${class_name}" d="M${text.join('L')}"/>`;
}
