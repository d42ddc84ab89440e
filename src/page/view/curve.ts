/** Lines over steps, on a canvas that keeps pace with a run (uPlot): in the page's colours, light or dark, and as wide as there is room. */

import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from '../dom.ts';

export interface Curve {
  readonly element: HTMLElement;
  /** x, then every line. */
  show(columns: readonly (readonly number[])[]): void;
  destroy(): void;
}

interface CurveOptions {
  /** What is drawn, for those who cannot see it. */
  description: string;
  x_label: string;
  /** @param colour a variable of the style sheet */
  lines: readonly { label: string; colour: string; width?: number }[];
}

const height = 240;
/** The first part of a run is far from all that comes: the axis leaves it out as soon as there is more to see. */
const left_out = 0.15;

export async function create_curve({ description, x_label, lines }: CurveOptions): Promise<Curve> {
  const { default: Plot } = await load_plot();
  const box = element('div', { className: 'curve', role: 'group', ariaLabel: description });
  const colour = (name: string) => () => getComputedStyle(document.documentElement).getPropertyValue(name);
  const axis: uPlot.Axis = {
    ...{ stroke: colour('--soft'), font: '11px system-ui, sans-serif', labelFont: '11px system-ui, sans-serif' },
    ...{ grid: { stroke: colour('--faint'), width: 1 }, ticks: { stroke: colour('--faint'), width: 1 } },
  };
  const digits = (_: uPlot, value: number | null) => (value === null ? '–' : value.toPrecision(4));
  let shown: readonly (readonly number[])[] = [];
  const plot = new Plot(
    {
      ...{ width: 420, height },
      scales: { x: { time: false }, y: { range: () => range_of_end(shown.slice(1)) } },
      axes: [
        { ...axis, label: x_label, labelSize: 18 },
        { ...axis, size: 56 },
      ],
      series: [
        { label: x_label },
        ...lines.map(({ label, colour: name, width = 1.2 }) => ({
          ...{ label, stroke: colour(name), width, value: digits, points: { show: false } },
        })),
      ],
      // Of x there is no line, and lines are counted from 1.
      legend: { markers: { width: 0, fill: (_, n) => `var(${lines[n - 1]?.colour})` } },
      cursor: { drag: { x: false, y: false } },
    },
    [[], ...lines.map(() => [])],
    box,
  );
  const resizes = new ResizeObserver(() => {
    if (box.clientWidth > 0) plot.setSize({ width: box.clientWidth, height });
  });
  resizes.observe(box);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const recolour = () => plot.redraw(false, true);
  scheme.addEventListener('change', recolour);
  return {
    element: box,
    show(columns) {
      shown = columns;
      plot.setData(columns.map((column) => Array.from(column)) as [number[], ...number[][]]);
    },
    destroy() {
      resizes.disconnect();
      scheme.removeEventListener('change', recolour);
      plot.destroy();
    },
  };
}

/** It asks for the browser's language as it loads and stops at one that is not well-formed, such as Chrome's en-US@posix where LANG is C. */
async function load_plot() {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
  return import('uplot');
}

function range_of_end(columns: readonly (readonly number[])[]): [number, number] {
  const kept = columns.flatMap((column) => column.slice(Math.floor(left_out * column.length)));
  if (kept.length === 0) return [0, 1];
  const [low, high] = [Math.min(...kept), Math.max(...kept)];
  const room = 0.05 * (high - low) || 1;
  return [low - room, high + room];
}
