/** `summary.json` of `langevin sde`. */

import { type SdeBlock, validate_sde_block } from '../../data/sde_summary.ts';
import type { Summary } from '../../data/summary.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import { bounds_warnings, gap_warnings } from '../../sde/learned/doubts.ts';
import { is_own } from '../../sde/problem.ts';
import { is_real } from '../../sde/settings.ts';
import { version } from '../version.ts';
import type { SdeInputs } from './sde_inputs.ts';
import type { SdeResult } from './sde_result.ts';

export interface SdeRun {
  command: string[];
  adapter: AdapterDescription;
  /** Milliseconds. */
  started: number;
  /** Seconds, with those of a training that this one went on from. */
  training_seconds: number;
}

export function sde_summary(inputs: SdeInputs, result: SdeResult, run: SdeRun): Summary & { sde: SdeBlock } {
  const sde = validate_sde_block(sde_block(inputs, result, run.training_seconds));
  return {
    langevin: version,
    command: run.command,
    model: inputs.name,
    adapter: { ...run.adapter },
    seed: inputs.seed,
    seconds: { total: (performance.now() - run.started) / 1000 },
    parameters: {},
    warnings: warnings_of(result),
    sde,
  };
}

function sde_block(inputs: SdeInputs, result: SdeResult, training_seconds: number): SdeBlock {
  const { fit, shown, bounds, bound_sd, terms, gap, truth, scores } = result;
  const { settings, tables, layout } = fit;
  const { estimator, schedule } = settings;
  const { channels } = inputs.file;
  return {
    ...{ steps: fit.steps, wanted_steps: schedule.steps, networks: estimator.nets, shown },
    ...{ series: inputs.kept.length, observations: tables.observations.length, numbers: tables.numbers },
    ...{ components: component_names(inputs, result), channels, parameters: layout.parameters, training_seconds },
    drift_evaluations: fit.steps * estimator.windows * 2 * estimator.pairs,
    bound: {
      ...{ value: bounds[shown] as number, se: bound_sd / Math.sqrt(fit.bound.length), sd: bound_sd, ...terms },
      by_network: bounds,
    },
    estimates: estimate_rows(inputs, result),
    ...(gap === undefined ? {} : { gap: gap_block(gap) }),
    ...(scores === undefined ? {} : { forecast: scores_shown(scores, channels, result) }),
    ...test_block(inputs, result),
    ...(truth === undefined ? {} : { truth: { ...truth } }),
    curve: result.curve[shown] as SdeBlock['curve'],
  };
}

/** Without a tail the weights have no k-hat. */
function gap_block({ k_hat, ...others }: NonNullable<SdeResult['gap']>): NonNullable<SdeBlock['gap']> {
  return Number.isFinite(k_hat) ? { ...others, k_hat } : others;
}

/** With more channels one line stands for all. */
const most_lines = 8;

/** Bands of withheld zeros and ones, and of counts, say nothing: their observations are not drawn. */
function scores_shown(
  scores: NonNullable<SdeResult['scores']>,
  channels: readonly string[],
  { learned }: SdeResult,
): NonNullable<SdeBlock['forecast']> {
  const named = scores.map((score, c) => ({ channel: channels[c] as string, ...score }));
  const seen = named.filter(({ observations }) => observations > 0);
  const lines = seen.length > most_lines ? [of_all(seen)] : seen;
  return lines.map(({ covered, crps, ...others }) =>
    is_real(learned.model.likelihood) ? { covered, crps, ...others } : others,
  );
}

function test_block({ test, file }: SdeInputs, result: SdeResult): Pick<SdeBlock, 'test'> {
  const { test_scores } = result;
  if (test === undefined || test_scores === undefined) return {};
  const named = test_scores.map((score, c) => ({ channel: file.channels[c] as string, ...score }));
  return {
    test: {
      ...{ series: test.given.length, given: test.given[0]?.times.length ?? 0, mse: of_all(named).rmse ** 2 },
      scores: scores_shown(test_scores, file.channels, result),
    },
  };
}

type Score = NonNullable<SdeResult['scores']>[number] & { channel: string };

function of_all(scores: readonly Score[]): Score {
  const observations = scores.reduce((sum, score) => sum + score.observations, 0);
  const mean = (of: (score: Score) => number) =>
    scores.reduce((sum, score) => sum + (score.observations === 0 ? 0 : score.observations * of(score)), 0) /
    observations;
  return {
    channel: `all ${scores.length} channels`,
    observations,
    rmse: Math.sqrt(mean(({ rmse }) => rmse ** 2)),
    rmse_of_mean: Math.sqrt(mean(({ rmse_of_mean }) => rmse_of_mean ** 2)),
    covered: mean(({ covered }) => covered),
    crps: mean(({ crps }) => crps),
  };
}

export function component_names({ file }: SdeInputs, { learned }: SdeResult): string[] {
  const { drift, latent, decoder, observed } = learned.model;
  if (is_own(drift)) return [...drift.states];
  return Array.from({ length: latent }, (_, d) =>
    decoder === 'identity' && d < observed ? (file.channels[d] as string) : `z${d + 1}`,
  );
}

/** 5 % of a standard normal. */
const z05 = -1.6448536269514722;

function estimate_rows(inputs: SdeInputs, result: SdeResult): SdeBlock['estimates'] {
  const { estimates, shown, learned } = result;
  const own = estimates[shown] as (typeof estimates)[number];
  const { decoder, latent, observed } = learned.model;
  const truth = decoder === 'identity' && latent === observed ? inputs.example?.known.truth : undefined;
  const components = component_names(inputs, result);
  const { channels } = inputs.file;
  const several = (of: (one: typeof own) => number) => (estimates.length > 1 ? { by_network: estimates.map(of) } : {});
  const true_value = (value: number | undefined) => (value === undefined ? {} : { truth: value });
  const rows: SdeBlock['estimates'] = Object.keys(own.parameters).map((name) => ({
    ...{ name, value: own.parameters[name] as number, ...several((one) => one.parameters[name] as number) },
    ...true_value(truth?.parameters?.[name]),
  }));
  own.diffusion.forEach((knot, k) => {
    knot.forEach(({ median, log_sd }, d) => {
      const place = own.diffusion.length > 1 ? ` at knot ${k + 1}` : '';
      rows.push({
        name: `D of ${components[d]}${place}`,
        value: median,
        ...(learned.model.learns.diffusion
          ? { q05: median * Math.exp(z05 * log_sd), q95: median * Math.exp(-z05 * log_sd) }
          : {}),
        ...several((one) => one.diffusion[k]?.[d]?.median as number),
        ...true_value(truth?.diffusion?.[d]),
      });
    });
  });
  own.noise.forEach((value, c) => {
    rows.push({
      ...{ name: `noise of ${channels[c]}`, value, ...several((one) => one.noise[c] as number) },
      ...true_value(truth?.noise?.[c]),
    });
  });
  return rows;
}

function warnings_of({ fit, bounds, gap, bound_sd, failures }: SdeResult): string[] {
  const { steps } = fit.settings.schedule;
  const stopped =
    fit.steps < steps
      ? [`The training was stopped after ${fit.steps} of ${steps} steps: what is shown is not what it was to become.`]
      : [];
  return [...failures, ...stopped, ...bounds_warnings({ bounds, bound_sd }), ...gap_warnings(gap)];
}
