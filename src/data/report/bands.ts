/** Series over time: median with 50 % and 90 % bands, the observations, and the forecast in its own colour. */
import type { Band, ObservationSeries, Point, StateSeries } from './input.ts';
import { chart, dots, fix, line, pad_range, type Range, range_of, type Scale } from './svg.ts';

/** Of a report's page. */
const full_width = 980;
/** More steps than pixels add bytes, not ink. */
const LARGEST_STEPS = 1500;

interface Series {
  title: string;
  description: string;
  bands: readonly Band[];
  forecast: readonly Band[];
  observed: readonly Point[];
}

/** @param width as in `chart`; narrow in a page with more beside it @param over what else is drawn, over the bands */
export function state_panel(
  series: StateSeries,
  time: string,
  width = full_width,
  over: (scale: Scale) => string = () => '',
): string {
  return panel(
    {
      title: with_unit(series),
      description: `Filtered state ${series.name} over time: median, 50 % and 90 % bands.`,
      bands: series.bands,
      forecast: series.forecast ?? [],
      observed: [],
    },
    time,
    width,
    over,
  );
}

export function observation_panel(series: ObservationSeries, time: string, width = full_width): string {
  return panel(
    {
      title: with_unit(series),
      description: `Observations of ${series.name} with one-step predictive median, 50 % and 90 % bands.`,
      bands: series.predicted,
      forecast: series.forecast ?? [],
      observed: series.observed,
    },
    time,
    width,
  );
}

/** Share of the observations inside their 90 % one-step band, and how many there are. */
export function coverage({ observed, predicted }: ObservationSeries): { inside: number; of: number } {
  const at = new Map(predicted.map((band) => [band.t, band]));
  let inside = 0;
  let of = 0;
  for (const { t, y } of observed) {
    const band = at.get(t);
    if (band === undefined || !Number.isFinite(y) || !Number.isFinite(band.q05) || !Number.isFinite(band.q95)) continue;
    of += 1;
    if (y >= band.q05 && y <= band.q95) inside += 1;
  }
  return { inside, of };
}

function panel(series: Series, time: string, width: number, over: (scale: Scale) => string = () => ''): string {
  const { bands, forecast, observed } = series;
  const times = [...bands, ...forecast, ...observed].map(({ t }) => t);
  const whole = times.every(Number.isInteger);
  const options = {
    width,
    height: width < full_width ? 170 : 260,
    x: pad_range(range_of(times), 0.012),
    y: pad_range(value_range(series)),
    title: series.title,
    description: series.description,
    x_label: time,
    whole_x: whole,
  };
  return chart(options, (scale) => {
    const parts = [ribbons(thin(bands), scale, 'now'), over(scale)];
    const last = bands.at(-1);
    const first = forecast[0];
    if (first !== undefined) {
      // The forecast takes over where the data end: drawn from the last band on, so that the eye can follow.
      parts.push(ribbons(thin(last === undefined ? forecast : [last, ...forecast]), scale, 'later'));
      const x = scale.x(last?.t ?? first.t);
      parts.push(`<path class="rule" d="M${fix(x)} 0V${fix(scale.height)}"/>`);
      // The word stands before the rule where there is no room behind it.
      const side = x + 60 > scale.width ? 'dx="-6" text-anchor="end"' : 'dx="6" text-anchor="start"';
      parts.push(`<text class="tick" x="${fix(x)}" ${side} y="12">forecast</text>`);
    }
    parts.push(
      dots(
        observed.map(({ t }) => t),
        observed.map(({ y }) => y),
        scale,
        observed.length > 250 ? 'observed small' : 'observed',
      ),
    );
    return parts.join('');
  });
}

function ribbons(bands: readonly Band[], scale: Scale, kind: 'now' | 'later'): string {
  return [
    ribbon(bands, 'q05', 'q95', scale, `band90 ${kind}`),
    ribbon(bands, 'q25', 'q75', scale, `band50 ${kind}`),
    line(
      bands.map(({ t }) => t),
      bands.map(({ q50 }) => q50),
      scale,
      `line ${kind}`,
    ),
    bands.length <= 60
      ? dots(
          bands.map(({ t }) => t),
          bands.map(({ q50 }) => q50),
          scale,
          `knot ${kind}`,
        )
      : '',
  ].join('');
}

/** The area between two quantiles, in pieces where there are gaps. A piece of one step is drawn 0.4 wide each way. */
export function ribbon(
  bands: readonly Band[],
  low: 'q05' | 'q25',
  high: 'q95' | 'q75',
  scale: Scale,
  class_name: string,
): string {
  let d = '';
  let piece: { t: number; low: number; high: number }[] = [];
  const finish = () => {
    const only = piece.length === 1 ? piece[0] : undefined;
    if (only !== undefined) piece = [-0.4, 0.4].map((shift) => ({ ...only, t: only.t + shift }));
    const there = piece.map(({ t, high: y }) => `${fix(scale.x(t))} ${fix(scale.y(y))}`);
    const back = piece.map(({ t, low: y }) => `${fix(scale.x(t))} ${fix(scale.y(y))}`).reverse();
    if (piece.length > 0) d += `M${[...there, ...back].join('L')}Z`;
    piece = [];
  };
  for (const band of bands) {
    if (Number.isFinite(band[low]) && Number.isFinite(band[high])) {
      piece.push({ t: band.t, low: band[low], high: band[high] });
    } else finish();
  }
  finish();
  return d === '' ? '' : `<path class="${class_name}" d="${d}"/>`;
}

/** Everything drawn; but bands that explode are cut at three times the range of the data and medians on each side. */
function value_range({ bands, forecast, observed }: Series): Range {
  const all = [...bands, ...forecast];
  const core = range_of([...observed.map(({ y }) => y), ...all.map(({ q50 }) => q50)]);
  const full = range_of([...core, ...all.flatMap(({ q05, q95 }) => [q05, q95])]);
  const span = core[1] - core[0];
  if (full[1] - full[0] <= 8 * span) return full;
  return [Math.max(full[0], core[0] - 3 * span), Math.min(full[1], core[1] + 3 * span)];
}

function thin(bands: readonly Band[]): readonly Band[] {
  const stride = Math.ceil(bands.length / LARGEST_STEPS);
  return stride <= 1 ? bands : bands.filter((_, i) => i % stride === 0 || i === bands.length - 1);
}

function with_unit({ name, unit }: { name: string; unit?: string }): string {
  return unit === undefined ? name : `${name} (${unit})`;
}
