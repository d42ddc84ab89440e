/** What `langevin sde` prints in the end. */

import { format_significant } from '../../data/format_number.ts';
import type { SdeBlock } from '../../data/sde_summary.ts';
import type { Summary } from '../../data/summary.ts';
import { align, align_left, facts } from '../../data/table.ts';

export function format_sde(summary: Summary & { sde: SdeBlock }, path: string): string {
  const { sde, warnings } = summary;
  const { header, rows } = estimates_table(sde);
  const forecast = sde.forecast && forecast_table(sde.forecast);
  const test = sde.test && forecast_table(sde.test.scores);
  const blocks = [
    `${summary.model}: latent SDE, ${sde_sizes(sde)}`,
    align([['', ...header.slice(1)], ...rows]),
    ...(forecast === undefined ? [] : [align([['', ...forecast.header.slice(1)], ...forecast.rows])]),
    ...(test === undefined ? [] : [align([['', ...test.header.slice(1)], ...test.rows])]),
    align_left([...sde_facts(sde), ...facts(summary)]),
    ...(warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join('\n')]),
  ];
  return `${blocks.join('\n\n')}\n\n${path}/report.html\n`;
}

export function sde_sizes({ components, channels, observations, series }: SdeBlock): string {
  const of = series === 1 ? '' : ` in ${series} series`;
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${plural(components.length, 'component')}, ${observations} observations of ${plural(channels.length, 'channel')}${of}`;
}

/** Four digits: the last one of a bound per number is what a step of training moves. */
const number = (x: number, digits = 4) => format_significant(x, digits);

export function sde_facts(sde: SdeBlock): [string, string][] {
  const { bound, gap, truth, steps, networks, numbers } = sde;
  const each = (x: number) => number(x / numbers, 3);
  const lines: [string, string][] = [
    [
      'bound',
      `${bound.value.toFixed(1)} ± ${number(bound.se, 2)} nats, ${each(bound.value)} a number observed: likelihood ${each(bound.likelihood)}, path −${each(bound.path)}, start −${each(bound.start)}, prior −${each(bound.prior)}`,
    ],
  ];
  if (networks > 1) {
    const all = bound.by_network;
    lines.push(['bounds', `${all.map((b) => b.toFixed(1)).join(', ')} of ${networks} networks; the best is shown`]);
  }
  if (gap !== undefined) {
    const k_hat = gap.k_hat === undefined ? '' : `, k-hat ${gap.k_hat.toFixed(2)}`;
    lines.push([
      'importance',
      `log evidence of the first ${gap.observations} observations ${number(gap.log_evidence)} ± ${number(gap.se, 2)}, bound ${number(gap.bound)}: gap ${number(gap.log_evidence - gap.bound, 3)}${k_hat}`,
    ]);
  }
  if (sde.test !== undefined) {
    const { series, given, mse } = sde.test;
    lines.push([
      'test',
      `mean square error ${number(mse)} over ${series} series that were not learned from, after their first ${given} observations`,
    ]);
  }
  if (truth !== undefined) lines.push(['truth', truth_words(truth)]);
  lines.push([
    'training',
    `${steps} steps in ${sde.training_seconds.toFixed(0)} s, ${sde.parameters} parameters, ${sde.drift_evaluations} evaluations of the drift${networks > 1 ? ' by each network' : ''}`,
  ]);
  return lines;
}

function truth_words({ drift_error, covered, state_error, prediction_time }: NonNullable<SdeBlock['truth']>): string {
  const parts = [
    ...(drift_error === undefined ? [] : [`the drift is ${(100 * drift_error).toFixed(1)} % off`]),
    ...(state_error === undefined ? [] : [`states are ${number(state_error, 2)} sd off`]),
    ...(covered === undefined ? [] : [`90 % bands hold ${(100 * covered).toFixed(0)} % of them`]),
    ...(prediction_time === undefined ? [] : [`predictions are good for ${number(prediction_time, 3)}`]),
  ];
  return parts.join(', ');
}

export function estimates_table({ estimates }: SdeBlock): { header: string[]; rows: string[][] } {
  const has_bands = estimates.some(({ q05 }) => q05 !== undefined);
  const has_networks = estimates.some(({ by_network }) => by_network !== undefined);
  const has_truth = estimates.some(({ truth }) => truth !== undefined);
  const cell = (x: number | undefined) => (x === undefined ? '' : number(x));
  return {
    header: [
      ...['learned', 'value'],
      ...(has_bands ? ['q05', 'q95'] : []),
      ...(has_networks ? ['lowest', 'highest'] : []),
      ...(has_truth ? ['truth'] : []),
    ],
    rows: estimates.map(({ name, value, q05, q95, by_network = [value], truth }) => [
      ...[name, cell(value)],
      ...(has_bands ? [cell(q05), cell(q95)] : []),
      ...(has_networks ? [cell(Math.min(...by_network)), cell(Math.max(...by_network))] : []),
      ...(has_truth ? [cell(truth)] : []),
    ]),
  };
}

/** Zeros and ones, and counts, have no bands. */
export function forecast_table(scores: NonNullable<SdeBlock['forecast']>): { header: string[]; rows: string[][] } {
  const has_bands = scores.some(({ covered }) => covered !== undefined);
  return {
    header: ['forecast', 'observations', 'rmse', 'rmse of the mean', ...(has_bands ? ['90 % band holds', 'CRPS'] : [])],
    rows: scores.map(({ channel, observations, rmse, rmse_of_mean, covered = Number.NaN, crps = Number.NaN }) => [
      ...[channel, String(observations), number(rmse), number(rmse_of_mean)],
      ...(has_bands ? [`${(100 * covered).toFixed(0)} %`, number(crps)] : []),
    ]),
  };
}
