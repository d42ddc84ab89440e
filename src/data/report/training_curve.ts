/** How the loss of a training fell. */
import { chart, line } from './svg.ts';

export interface CurvePoint {
  /** Updates made. */
  update: number;
  /** Mean since the point before. */
  loss: number;
  /** [network] */
  by_network: readonly number[];
}

/** One wide panel; '' where there are too few points for a line. */
export function training_panel(curve: readonly CurvePoint[]): string {
  const shown = smoothed(curve);
  if (shown.length < 2) return '';
  const at = shown.map(({ update }) => update);
  const all = shown.flatMap(({ loss, by_network }) => [loss, ...by_network]).filter((loss) => loss > 0);
  const networks = curve[0]?.by_network.length ?? 0;
  return chart(
    {
      ...{ width: 980, height: 220, x: [0, at.at(-1) as number], log_y: true, whole_x: true },
      y: [0.9 * Math.min(...all), 1.1 * Math.max(...all)],
      title: 'loss of the score',
      x_label: 'updates',
      description: `Loss of the score by update, ${networks} networks of every shard.`,
    },
    (scale) =>
      [
        ...Array.from({ length: networks > 1 ? networks : 0 }, (_, k) =>
          line(
            at,
            shown.map(({ by_network }) => by_network[k] ?? Number.NaN),
            scale,
            'line faint colour5',
          ),
        ),
        line(
          at,
          shown.map(({ loss }) => loss),
          scale,
          'line now',
        ),
      ].join(''),
  );
}

/** Points of the line: a loss of few updates is mostly noise. */
const MOST_POINTS = 60;

/** Neighbours made one, by the updates that each stands for, until none stands for less than its even part. */
function smoothed(curve: readonly CurvePoint[]): CurvePoint[] {
  const least = (curve.at(-1)?.update ?? 0) / MOST_POINTS;
  const made: CurvePoint[] = [];
  let [from, last, loss] = [0, 0, 0];
  let by_network: number[] = [];
  curve.forEach((point, i) => {
    const weight = point.update - last;
    last = point.update;
    loss += weight * point.loss;
    by_network = point.by_network.map((own, k) => (by_network[k] ?? 0) + weight * own);
    const width = last - from;
    if (width < least && i < curve.length - 1) return;
    made.push({ update: last, loss: loss / width, by_network: by_network.map((sum) => sum / width) });
    [from, loss, by_network] = [last, 0, []];
  });
  return made.filter((point) => point.loss > 0);
}
