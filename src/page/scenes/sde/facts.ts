/** A training and its end in numbers, and the same numbers in words. */

import { format_significant } from '../../../data/format_number.ts';
import type { SdeExample } from '../../../sde/examples/example.ts';
import type { Bounds } from '../../../sde/learned/bounds.ts';
import { type Estimates, estimates_of } from '../../../sde/learned/estimates.ts';
import type { Gap } from '../../../sde/learned/importance.ts';
import type { LearnedSde } from '../../../sde/learned/learned.ts';
import type { TruthScores } from '../../../sde/learned/truth.ts';
import type { Terms } from '../../../sde/trainer.ts';
import type { Fact } from '../../view/panel_box.ts';

const number = (x: number, digits = 3) => format_significant(x, digits);

/** Steps whose mean is told while it trains: one alone sees a window or a few. */
const recent = 20;

export function bound_row(terms: readonly Terms[]): Fact {
  const last = terms.slice(-recent);
  const mean = (name: keyof Terms) => last.reduce((sum, one) => sum + one[name], 0) / last.length;
  const [likelihood, path, start, prior] = [mean('likelihood'), mean('path'), mean('start'), mean('prior')];
  const bound = likelihood - path - start - prior;
  return [
    'bound',
    `${number(bound)} a number observed: likelihood ${number(likelihood)}, path −${number(path)}, start −${number(start)}, prior −${number(prior)}`,
  ];
}

/** Of the last parameters, over all data. */
export function final_bound_rows({ bounds, shown, bound_sd }: Bounds, passes: number, numbers: number): Fact[] {
  const value = bounds[shown] as number;
  const error = bound_sd / Math.sqrt(passes);
  // As many decimals as the error's two digits have.
  const decimals = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(error))));
  const rows: Fact[] = [
    [
      'bound',
      `${value.toFixed(decimals)} ± ${error.toFixed(decimals)} nats, ${number(value / numbers)} a number observed`,
    ],
  ];
  if (bounds.length > 1) rows.push(['bounds', `${bounds.map((b) => b.toFixed(1)).join(', ')}; the best is shown`]);
  return rows;
}

export function truth_row(truth: TruthScores, step: number): Fact {
  const { drift_error, covered, state_error, prediction_time } = truth;
  const parts = [
    ...(drift_error === undefined ? [] : [`the drift is ${(100 * drift_error).toFixed(1)} % off`]),
    `states are ${number(state_error, 2)} sd off`,
    `90 % bands hold ${(100 * covered).toFixed(0)} % of them`,
    ...(prediction_time === undefined ? [] : [`predictions are good for ${number(prediction_time)}`]),
  ];
  return [`truth, step ${step}`, parts.join(', ')];
}

export function gap_row(gap: Gap): Fact {
  return [
    'importance',
    `log evidence of the first ${gap.observations} observations ${number(gap.log_evidence, 4)} ± ${number(gap.se, 2)}, bound ${number(gap.bound, 4)}, k-hat ${gap.k_hat.toFixed(2)}`,
  ];
}

/** A component of the state by its channel, where it has one. */
const component = (channels: readonly string[], d: number) => channels[d] ?? `z${d + 1}`;

export function estimate_rows(learned: LearnedSde, { channels, truth }: SdeExample): Fact[] {
  const { diffusion, noise, parameters } = estimates_of(learned);
  const true_value = (value: number | undefined) => (value === undefined ? '' : ` (true ${number(value)})`);
  const [first = []] = diffusion;
  return [
    ...Object.entries(parameters).map(
      ([name, value]): Fact => [name, `${number(value, 4)}${true_value(truth?.parameters?.[name])}`],
    ),
    [
      'diffusion D',
      first
        .map(({ median }, d) => `${component(channels, d)} ${number(median)}${true_value(truth?.diffusion?.[d])}`)
        .join(', '),
    ],
    ['noise sd', noise.map((sd, c) => `${channels[c]} ${number(sd)}${true_value(truth?.noise?.[c])}`).join(', ')],
  ];
}

/** By name, for comparisons. */
export function numbers_of(
  { diffusion, noise, parameters }: Estimates,
  { bounds, shown, bound_sd }: Bounds,
  truth: TruthScores | undefined,
  channels: readonly string[],
): Record<string, number> {
  return {
    ...{ bound: bounds[shown] as number, bound_sd },
    ...truth,
    ...parameters,
    ...Object.fromEntries((diffusion[0] ?? []).map(({ median }, d) => [`D of ${component(channels, d)}`, median])),
    ...Object.fromEntries(noise.map((sd, c) => [`noise of ${channels[c]}`, sd])),
  };
}
