/** Where the cloud of a target is seen: a plane with the lines of its density, or a room. */

import { fix, type Range } from '../../../data/report/svg.ts';
import type { Device } from '../../../gpu/device.ts';
import { contour_marks } from '../../view/contours.ts';
import { create_plot } from '../../view/plot.ts';
import { create_space } from '../../view/space.ts';
import type { Grid, ShownTarget } from './targets.ts';
import type { Trails } from './trails.ts';

interface ViewOptions {
  device: Device;
  target: ShownTarget;
  title: string;
  changed(): void;
}

export async function create_view(
  { device, target, title, changed }: ViewOptions,
  names: readonly string[],
  grid: Grid | undefined,
) {
  const description = `States of the chains of ${title} over the exact density`;
  const [x, y] = target.ranges as [Range, Range];
  if (target.shown.length === 3) {
    const space = await create_space(device, { ranges: target.ranges, names, description }, changed);
    return {
      element: space.element,
      cloud: space.cloud,
      matrix: () => space.matrix(),
      follow: () => {},
      over: (trails: Trails) =>
        space.draw_over((to) =>
          trails.paths((point) => to(point[0] as number, point[1] as number, point[2] as number)),
        ),
    };
  }
  const plot = await create_plot(
    device,
    { width: 520, height: 380, x, y, title: names[1] as string, x_label: names[0] as string, description },
    (scale) => (grid ? contour_marks(grid, [x, y], scale) : ''),
  );
  return {
    element: plot.element,
    cloud: plot.cloud,
    matrix: () => plot.matrix,
    /** The plane of an unknown target is where its draws are. */
    follow: ([across, up]: readonly Range[]) => plot.set_ranges(across as Range, up as Range, () => ''),
    over: (trails: Trails) =>
      plot.draw_over((scale) => trails.paths(([a = 0, b = 0]) => [Number(fix(scale.x(a))), Number(fix(scale.y(b)))])),
  };
}
