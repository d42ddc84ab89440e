/**
 * The little of plotting that the report needs: scales, ticks at round numbers (Heckbert 1990), axes, lines and ribbons,
 * as SVG text. Colours come from CSS classes, so that one drawing serves light, dark and print.
 */
import { format_significant } from '../format_number.ts';

/** Text from strangers, safe inside HTML elements and attributes. */
export function escape_text(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

export type Range = readonly [low: number, high: number];

/** Smallest range holding the finite numbers; widened where it would be empty. */
export function range_of(values: Iterable<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  if (low === high) return [low - Math.max(1e-6, Math.abs(low) * 0.05), high + Math.max(1e-6, Math.abs(high) * 0.05)];
  return [low, high];
}

/** Adds a share of the range on both sides. */
export function pad_range([low, high]: Range, share = 0.04): Range {
  return [low - share * (high - low), high + share * (high - low)];
}

/** Multiples of 1, 2 or 5 times a power of ten inside the range, about `count` of them; whole numbers on request. */
export function ticks([low, high]: Range, count: number, whole = false): number[] {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = raw / power;
  const nice = power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
  const step = whole ? Math.max(1, Math.round(nice)) : nice;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // At most twice what was asked for: a guard against ranges at the limit of float64.
  return Array.from({ length: Math.max(0, Math.min(last - first + 1, 2 * count + 2)) }, (_, i) => (first + i) * step);
}

/** Tick labels with the same number of decimals: 0.0, 0.5, 1.0; a power of ten where they would be long. */
export function tick_labels(values: readonly number[]): string[] {
  const [first = 0, second = first] = values;
  const step = Math.abs(second - first);
  const largest = Math.max(...values.map(Math.abs), 0);
  // One tick alone has no neighbour to be told from.
  const alone = [0, 1, 2].find((digits) => Math.abs(largest - Number(largest.toFixed(digits))) <= 1e-9 * largest) ?? 3;
  const decimals = step > 0 ? Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9))) : alone;
  if (largest >= 1e6 || (largest < 1e-2 && decimals > 3)) {
    // Digits that tell neighbours apart.
    const digits = step > 0 ? Math.min(12, Math.max(0, Math.ceil(Math.log10(largest / step) + 1e-9))) : 2;
    const exponential = (value: number) =>
      value
        .toExponential(digits)
        .replace(/(\.\d*?)0+e/, '$1e')
        .replace(/\.?e\+?/, 'e');
    return values.map((value) => (Math.abs(value) < step / 2 ? '0' : exponential(value).replaceAll('-', '−')));
  }
  const group = (text: string) => text.replace(/\B(?=(\d{3})+$)/g, ' ');
  return values.map((value) => {
    const text = Math.abs(value).toFixed(decimals);
    return (value < 0 && Number(text) !== 0 ? '−' : '') + (decimals === 0 && largest >= 1e4 ? group(text) : text);
  });
}

/** A panel's mapping from data to pixels inside the plot area. */
export interface Scale {
  x: (value: number) => number;
  y: (value: number) => number;
  width: number;
  height: number;
}

export interface ChartOptions {
  width: number;
  height: number;
  x: Range;
  y: Range;
  /** Above the plot at the left; names the y axis. */
  title: string;
  /** For people who cannot see the plot. */
  description: string;
  x_label?: string;
  /** About how many ticks on the y axis; 0: no axis there, for densities. */
  y_ticks?: number;
  /** Ticks of x at whole numbers only. */
  whole_x?: boolean;
  /** Base-10 logarithmic y axis. */
  log_y?: boolean;
}

/** One panel with axes. `marks` draws inside the plot area, which clips; its origin is the area's top left. */
export function chart(options: ChartOptions, marks: (scale: Scale) => string): string {
  const { width, height, x, log_y = false } = options;
  const y: Range = log_y ? [Math.log10(options.y[0]), Math.log10(options.y[1])] : options.y;
  const y_ticks = options.y_ticks === 0 ? [] : log_y ? log_ticks(y) : ticks(y, options.y_ticks ?? 4);
  const y_labels = log_y ? y_ticks.map((tick) => format_significant(10 ** tick, 1)) : tick_labels(y_ticks);
  const left = options.y_ticks === 0 ? 8 : 14 + 6.3 * Math.max(3, ...y_labels.map((label) => label.length));
  const area = { left, top: 26, right: 12, bottom: options.x_label === undefined ? 22 : 38 };
  const inner = { width: width - area.left - area.right, height: height - area.top - area.bottom };
  const scale: Scale = {
    ...inner,
    x: (value) => ((value - x[0]) / (x[1] - x[0])) * inner.width,
    y: (value) => (1 - ((log_y ? Math.log10(value) : value) - y[0]) / (y[1] - y[0])) * inner.height,
  };
  const x_ticks = ticks(x, Math.max(2, Math.round(inner.width / 75)), options.whole_x ?? false);
  const x_labels = tick_labels(x_ticks);
  const parts = [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape_text(options.description)}">`,
    `<text class="title" x="0" y="13">${escape_text(options.title)}</text>`,
    `<g transform="translate(${fix(area.left)} ${area.top})">`,
  ];
  y_ticks.forEach((tick, i) => {
    const at = fix((1 - (tick - y[0]) / (y[1] - y[0])) * inner.height);
    parts.push(`<path class="grid" d="M0 ${at}H${fix(inner.width)}"/>`);
    parts.push(`<text class="tick" x="-7" y="${at}" dy=".33em" text-anchor="end">${y_labels[i]}</text>`);
  });
  parts.push(`<svg width="${fix(inner.width)}" height="${fix(inner.height)}">${marks(scale)}</svg>`);
  parts.push(`<path class="axis" d="M0 ${fix(inner.height)}H${fix(inner.width)}"/>`);
  x_ticks.forEach((tick, i) => {
    const at = fix(scale.x(tick));
    parts.push(`<path class="axis" d="M${at} ${fix(inner.height)}v4"/>`);
    parts.push(`<text class="tick" x="${at}" y="${fix(inner.height + 16)}" text-anchor="middle">${x_labels[i]}</text>`);
  });
  if (options.x_label !== undefined) {
    const at = `x="${fix(inner.width)}" y="${fix(inner.height + 32)}"`;
    parts.push(`<text class="label" ${at} text-anchor="end">${escape_text(options.x_label)}</text>`);
  }
  parts.push('</g></svg>');
  return parts.join('');
}

/** Powers of ten inside the range, or 1-2-5 steps where there are fewer than two. */
function log_ticks([low, high]: Range): number[] {
  const powers = ticks([low, high], 4, true);
  if (powers.length >= 2) return powers;
  const found: number[] = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of [1, 2, 5]) {
      const tick = power + Math.log10(factor);
      if (tick >= low && tick <= high) found.push(tick);
    }
  }
  return found;
}

/** A line through (x, y), broken where either is not finite. */
export function line(xs: readonly number[], ys: readonly number[], scale: Scale, class_name: string): string {
  let d = '';
  let pen_down = false;
  xs.forEach((x, i) => {
    const px = scale.x(x);
    const py = scale.y(ys[i] ?? Number.NaN);
    const finite = Number.isFinite(px) && Number.isFinite(py);
    if (finite) d += `${pen_down ? 'L' : 'M'}${fix(px)} ${fix(py)}`;
    pen_down = finite;
  });
  return d === '' ? '' : `<path class="${class_name}" d="${d}"/>`;
}

/** Round marks; a zero-length stroke with round caps takes a fifth of the text of a circle. */
export function dots(xs: readonly number[], ys: readonly number[], scale: Scale, class_name: string): string {
  let d = '';
  xs.forEach((x, i) => {
    const px = scale.x(x);
    const py = scale.y(ys[i] ?? Number.NaN);
    if (Number.isFinite(px) && Number.isFinite(py)) d += `M${fix(px)} ${fix(py)}h0`;
  });
  return d === '' ? '' : `<path class="${class_name}" d="${d}"/>`;
}

/** One decimal of a pixel, without a trailing zero; bounded, since renderers dislike coordinates far outside. */
export function fix(pixels: number): string {
  return String(Math.round(Math.max(-1e5, Math.min(1e5, pixels)) * 10) / 10);
}
