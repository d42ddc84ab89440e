/** A room seen by a camera that goes around it: clouds in three dimensions, turned by dragging or by the arrow keys. */

import { mat4, vec3 } from 'wgpu-matrix';
import { escape_text } from '../../data/report/svg.ts';
import type { Device } from '../../gpu/device.ts';
import { element } from '../dom.ts';
import { type CloudCanvas, create_cloud_canvas } from './cloud_canvas.ts';

type Range = readonly [low: number, high: number];

export interface Space {
  readonly element: HTMLElement;
  readonly cloud: CloudCanvas;
  /** Column-major, of where the camera is now: from data to clip space. */
  matrix(): Float32Array;
  /** Turns a little, where things may move by themselves. */
  drift(milliseconds: number): void;
  /** Lines and points over the cloud: SVG text in pixels of a square of `size`. */
  draw_over(marks: (project: (x: number, y: number, z: number) => readonly [number, number]) => string): void;
}

/** Side of the square in which `draw_over` draws. */
export const space_size = 440;

/** @param moved told when the camera has moved @param names of the axes */
export async function create_space(
  device: Device,
  { ranges, names, description }: { ranges: readonly Range[]; names: readonly string[]; description: string },
  moved: () => void,
): Promise<Space> {
  const cloud = await create_cloud_canvas(device);
  const over = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  over.setAttribute('viewBox', `0 0 ${space_size} ${space_size}`);
  over.setAttribute('aria-hidden', 'true');
  const box = element('div', { className: 'plot space', tabIndex: 0, role: 'img', ariaLabel: description });
  box.append(cloud.element, over);
  let [turn, lift] = [0.7, 0.45];
  const look = (by_turn: number, by_lift: number) => {
    turn += by_turn;
    lift = Math.max(-1.5, Math.min(1.5, lift + by_lift));
    moved();
  };
  let held: { x: number; y: number } | undefined;
  box.addEventListener('pointerdown', (event) => {
    held = { x: event.clientX, y: event.clientY };
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener('pointermove', (event) => {
    if (!held) return;
    look((held.x - event.clientX) / 150, (event.clientY - held.y) / 150);
    held = { x: event.clientX, y: event.clientY };
  });
  // A browser that takes a drag for scrolling cancels it.
  for (const end of ['pointerup', 'pointercancel'] as const) {
    box.addEventListener(end, () => {
      held = undefined;
    });
  }
  box.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
    if (!by) return;
    event.preventDefault();
    look(by[0] as number, by[1] as number);
  });
  const matrix = () => {
    const eye = vec3.create(
      4.2 * Math.cos(lift) * Math.cos(turn),
      4.2 * Math.cos(lift) * Math.sin(turn),
      4.2 * Math.sin(lift),
    );
    const camera = mat4.multiply(
      mat4.perspective(0.75, 1, 0.1, 20),
      mat4.lookAt(eye, vec3.create(0, 0, 0), vec3.create(0, 0, 1)),
    );
    // The ranges are the cube from −1 to 1.
    const scale = ranges.map(([low, high]) => 2 / (high - low));
    const middle = ranges.map(([low, high]) => -(low + high) / 2);
    const unit = mat4.multiply(mat4.scaling(vec3.create(...scale)), mat4.translation(vec3.create(...middle)));
    return mat4.multiply(camera, unit);
  };
  const project = (m: Float32Array) => (x: number, y: number, z: number) => {
    const [cx = 0, cy = 0, , w = 1] = [0, 1, 2, 3].map(
      (i) => (m[i] as number) * x + (m[4 + i] as number) * y + (m[8 + i] as number) * z + (m[12 + i] as number),
    );
    return [(1 + cx / w) * (space_size / 2), (1 - cy / w) * (space_size / 2)] as const;
  };
  return {
    element: box,
    cloud,
    matrix,
    drift(milliseconds) {
      if (!held && document.activeElement !== box) turn += milliseconds * 1e-4;
    },
    draw_over(marks) {
      const to = project(matrix());
      over.innerHTML = cube_text(ranges, names, to) + marks(to);
    },
  };
}

/** Edges of the box, with the axes' names at their middles. */
function cube_text(
  ranges: readonly Range[],
  names: readonly string[],
  project: (x: number, y: number, z: number) => readonly [number, number],
): string {
  const corner = (bits: number) =>
    ranges.map((range, d) => range[(bits >> d) & 1] as number) as [number, number, number];
  const edges: string[] = [];
  for (let from = 0; from < 8; from++) {
    for (let d = 0; d < 3; d++) {
      if ((from >> d) & 1) continue;
      const [a, b] = [project(...corner(from)), project(...corner(from | (1 << d)))];
      edges.push(`M${a.map((v) => v.toFixed(1)).join(' ')}L${b.map((v) => v.toFixed(1)).join(' ')}`);
    }
  }
  const labels = names.map((name, d) => {
    const [low, high] = [corner(0), corner(1 << d)];
    const [x, y] = project(...(low.map((v, i) => (v + (high[i] as number)) / 2) as [number, number, number]));
    return `<text class="label" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle">${escape_text(name)}</text>`;
  });
  return `<path class="grid" d="${edges.join('')}"/>${labels.join('')}`;
}
