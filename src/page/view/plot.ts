/** A plane with axes and lines in SVG, a cloud of points from the device over it, and a drawing over both. */

import { type ChartOptions, chart, type Range, type Scale } from '../../data/report/svg.ts';
import type { Device } from '../../gpu/device.ts';
import { element } from '../dom.ts';
import { type CloudCanvas, create_cloud_canvas } from './cloud_canvas.ts';

export interface Plot {
  readonly element: HTMLElement;
  readonly cloud: CloudCanvas;
  /** Column-major: from data to clip space. */
  readonly matrix: Float32Array;
  /** Draws the plane anew, with other ranges. */
  set_ranges(x: Range, y: Range, marks: (scale: Scale) => string): void;
  /** What is drawn over the points; SVG text in the plot's pixels. */
  draw_over(marks: (scale: Scale) => string): void;
}

/** @param marks below the points */
export async function create_plot(
  device: Device,
  options: ChartOptions,
  marks: (scale: Scale) => string,
): Promise<Plot> {
  let scale: Scale | undefined;
  let { x, y } = options;
  const below = element('div', {});
  const cloud = await create_cloud_canvas(device);
  const over = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  over.setAttribute('aria-hidden', 'true');
  over.setAttribute('preserveAspectRatio', 'none');
  const box = element('div', { className: 'plot' }, below, cloud.element);
  box.append(over);
  const draw_below = (marks_now: (scale: Scale) => string) => {
    below.innerHTML = chart({ ...options, x, y }, (now) => {
      scale = now;
      return marks_now(now);
    });
    const area = inner_area(below, options);
    over.setAttribute('viewBox', `0 0 ${area.width} ${area.height}`);
    for (const layer of [cloud.element, over]) {
      Object.assign(layer.style, {
        left: `${(100 * area.left) / options.width}%`,
        top: `${(100 * area.top) / options.height}%`,
        width: `${(100 * area.width) / options.width}%`,
        height: `${(100 * area.height) / options.height}%`,
      });
    }
  };
  draw_below(marks);
  return {
    element: box,
    cloud,
    get matrix() {
      return plane_matrix(x, y);
    },
    set_ranges(x_now, y_now, marks_now) {
      [x, y] = [x_now, y_now];
      draw_below(marks_now);
    },
    draw_over(draw) {
      over.innerHTML = draw(scale as Scale);
    },
  };
}

/** The plot area in the units of the drawing, read from what was drawn. */
function inner_area(drawn: HTMLElement, { width, height }: ChartOptions) {
  const inner = drawn.querySelector('svg svg') as SVGSVGElement;
  const shift = (inner.parentElement as HTMLElement).getAttribute('transform') ?? '';
  const [left = 0, top = 0] = [...shift.matchAll(/[\d.]+/g)].map(Number);
  return {
    ...{ left, top },
    width: Number(inner.getAttribute('width') ?? width),
    height: Number(inner.getAttribute('height') ?? height),
  };
}

/** Column-major: x and y ranges to −1 … 1. */
export function plane_matrix(x: Range, y: Range): Float32Array {
  const [sx, sy] = [2 / (x[1] - x[0]), 2 / (y[1] - y[0])];
  return Float32Array.of(sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 0, 0, -1 - sx * x[0], -1 - sy * y[0], 0, 1);
}
