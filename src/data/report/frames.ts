/** Frames of a film, where channels are pixels: what was observed above what was learned. */
import { escape_text, fix } from './svg.ts';

export interface Frame {
  /** As the panel is called: its time. */
  name: string;
  /** [row · width + column] 0 to 1; absent where nothing was observed. */
  observed?: ArrayLike<number>;
  predicted: ArrayLike<number>;
  is_forecast: boolean;
}

/** Shades of a pixel between white and full. */
const SHADES = 8;
const PANEL = 118;

/** One wide picture: a column per frame. */
export function film_panel(frames: readonly Frame[], { width, height }: { width: number; height: number }): string {
  const tall = (PANEL * height) / width;
  const columns = frames.map(({ name, observed, predicted, is_forecast }, n) => {
    const x = n * (PANEL + 6);
    const kind = is_forecast ? 'pixel later' : 'pixel now';
    return [
      `<text class="tick" x="${x}" y="10">${escape_text(name)}</text>`,
      observed === undefined ? '' : picture(observed, width, x, 16, PANEL / width, 'pixel'),
      picture(predicted, width, x, 22 + tall, PANEL / width, kind),
      `<path class="cell" d="M${x} 16h${PANEL}v${fix(tall)}h-${PANEL}z"/>`,
      `<path class="cell" d="M${x} ${fix(22 + tall)}h${PANEL}v${fix(tall)}h-${PANEL}z"/>`,
    ].join('');
  });
  const size = `${frames.length * (PANEL + 6)} ${Math.ceil(2 * tall + 24)}`;
  return `<svg viewBox="0 0 ${size}" role="img" aria-label="Frames of the film, observed above learned.">${columns.join('')}</svg>`;
}

/** A path per shade, runs of pixels as one rectangle. */
function picture(
  values: ArrayLike<number>,
  width: number,
  x: number,
  y: number,
  pixel: number,
  class_name: string,
): string {
  const shade = (i: number) => Math.round(SHADES * Math.max(0, Math.min(1, values[i] ?? 0)));
  const paths = Array.from({ length: SHADES + 1 }, () => '');
  for (let i = 0; i < values.length; ) {
    const own = shade(i);
    const row = Math.floor(i / width);
    let end = i + 1;
    while (end < (row + 1) * width && shade(end) === own) end++;
    if (own > 0) {
      const run = fix((end - i) * pixel);
      paths[own] += `M${fix(x + (i % width) * pixel)} ${fix(y + row * pixel)}h${run}v${fix(pixel)}h-${run}z`;
    }
    i = end;
  }
  return paths
    .map((d, own) => (d === '' ? '' : `<path class="${class_name}" fill-opacity="${own / SHADES}" d="${d}"/>`))
    .join('');
}
