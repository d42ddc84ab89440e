/** `states.csv`: states, predictions and fit per time step, one row per step, for people who plot elsewhere. */

import type { Band, FilterStep, ObservationSeries, StateSeries } from '../data/report/input.ts';

const columns = ['mean', 'q05', 'q25', 'q50', 'q75', 'q95'] as const;

/** Columns: t, kind (filtered or forecast), each state's and prediction's mean and quantiles, observations, and where given log-likelihood and ESS. Empty where there is none. */
export function series_csv(
  states: readonly StateSeries[],
  observations: readonly ObservationSeries[],
  steps: readonly FilterStep[] = [],
): string {
  const header = ['t', 'kind'];
  for (const s of states) header.push(...columns.map((q) => `state.${s.name}.${q}`));
  for (const o of observations) header.push(o.name, ...columns.map((q) => `predicted.${o.name}.${q}`));
  if (steps.length > 0) header.push('log_likelihood', 'ess');
  const last = Math.max(...states.flatMap((s) => s.bands.map((b) => b.t)));
  const end = Math.max(last, ...states.flatMap((s) => (s.forecast ?? []).map((b) => b.t)));
  const lines = [header.join(',')];
  for (let t = 0; t <= end; t++) {
    const band = (bands: readonly Band[] | undefined) => {
      const b = bands?.find((x) => x.t === t);
      return columns.map((q) => cell(b?.[q]));
    };
    const cells = [String(t), t <= last ? 'filtered' : 'forecast'];
    for (const s of states) cells.push(...band(t <= last ? s.bands : s.forecast));
    for (const o of observations)
      cells.push(cell(o.observed.find((p) => p.t === t)?.y), ...band(t <= last ? o.predicted : o.forecast));
    const step = steps.find((s) => s.t === t);
    if (steps.length > 0) cells.push(cell(step?.log_likelihood), cell(step?.ess));
    lines.push(cells.join(','));
  }
  return `${lines.join('\n')}\n`;
}

const cell = (x: number | undefined) =>
  x === undefined || !Number.isFinite(x) ? '' : String(Number(x.toPrecision(7)));
