/** What a person should know before trusting draws, in words, each with what to do. */

import type { DrawsFile } from './draws_file.ts';
import type { DrawsStatistics, DrawsSummary } from './draws_summary.ts';
import { format_significant } from './format_number.ts';

/** Largest R-hat of chains that agree (Vehtari et al. 2021, arXiv 1903.08008). */
export const LARGEST_RHAT = 1.01;
/** Bulk and tail ESS that each chain should bring, for the diagnostics themselves to be steady (the same paper). */
export const ESS_PER_CHAIN = 100;
/** Of the energy fraction of missing information (Betancourt 2016, arXiv 1604.00695). */
export const SMALLEST_ENERGY_FRACTION = 0.3;

/** What the reader's command calls things. */
interface Words {
  plots: string;
  smaller_steps: string;
}
const words: Readonly<Record<'summarize' | 'sample', Words>> = {
  summarize: { plots: '(--out DIR)', smaller_steps: '(smaller steps)' },
  sample: { plots: 'of report.html', smaller_steps: '(--target-acceptance)' },
};

/** @param command that made the draws or read them, for what it advises */
export function draws_warnings(
  summary: Omit<DrawsSummary, 'warnings'>,
  draws: DrawsFile,
  command: 'summarize' | 'sample' = 'summarize',
): string[] {
  return [
    ...left_out(draws),
    ...unusable(summary, draws),
    ...(summary.weighted === undefined
      ? chain_warnings(summary, words[command])
      : summary.merged === undefined
        ? weighted_warnings(summary.weighted.ess)
        : merged_warnings(summary.merged)),
    ...sampler_warnings(summary, words[command]),
  ];
}

function left_out({ warmup }: DrawsFile): string[] {
  return warmup === 0 ? [] : [`${warmup} draws of the warm-up are in the files and left out here.`];
}

/** Parameters without statistics. */
function unusable(summary: Omit<DrawsSummary, 'warnings'>, draws: DrawsFile): string[] {
  const names = Array.from(summary.parameters.keys());
  const broken = names.filter((name) => draws.parameters.get(name)?.some((chain) => !chain.every(Number.isFinite)));
  const constant = names.filter((name) => summary.parameters.get(name)?.sd === 0);
  const list: string[] = [];
  if (broken.length > 0) {
    list.push(
      `${named(broken)}: some draws are NaN or infinite, so ${broken.length > 1 ? 'they have' : 'it has'} no statistics; look at how the model computes ${broken.length > 1 ? 'them' : 'it'}.`,
    );
  }
  if (constant.length > 0) {
    list.push(
      `${named(constant)}: every draw is the same. Fine for a quantity that is fixed by the model; otherwise the sampler never moved it.`,
    );
  }
  return list;
}

function weighted_warnings(ess: number): string[] {
  const list = [
    'the draws are a weighted population and not chains: ess is that of the weights, and R-hat and the ESS of chains do not apply. ' +
      'Draws that descend from the same parent count in full, so mcse may be too small; a summary.json of the run that made them knows better.',
  ];
  if (ess < ESS_PER_CHAIN) {
    list.push(
      `the weights are worth only ${ess.toFixed(0)} equal draws; a few draws carry the result. Use more of them.`,
    );
  }
  return list;
}

function merged_warnings({ headline }: NonNullable<DrawsSummary['merged']>): string[] {
  return [
    `the draws are a merge of shards and no chain: R-hat and the ESS of chains do not apply. mcse is that of the summary.json beside them, the error of the shards' draws included, and ess is (sd / mcse)². The verdict there: ${headline}`,
  ];
}

function chain_warnings({ parameters, chains, draws }: Omit<DrawsSummary, 'warnings'>, { plots }: Words): string[] {
  const list: string[] = [];
  if (draws < 6) {
    return [`too few draws per chain to judge by (${draws}); the ESS needs six, and trust begins at hundreds.`];
  }
  if (chains === 1) {
    list.push('with one chain R-hat compares only its two halves; run four or more, from different starting points.');
  }
  const rhat = worst_first(parameters, (p) => -(p.rhat ?? Number.NaN), -LARGEST_RHAT);
  if (rhat.length > 0) {
    list.push(
      `R-hat is above ${LARGEST_RHAT} for ${named(rhat)} (worst: ${format_rhat(parameters.get(rhat[0] as string)?.rhat)}): ${chains === 1 ? 'the two halves of the chain' : 'the chains'} do not agree yet. ` +
        `Run longer; if that does not help, the trace and rank plots ${plots} show whether chains sit in different modes or drift.`,
    );
  }
  list.push(...nested_warnings(parameters));
  const needed = ESS_PER_CHAIN * chains;
  const bulk = worst_first(parameters, (p) => p.ess_bulk ?? Number.NaN, needed);
  if (bulk.length > 0) {
    list.push(
      `bulk ESS is below ${needed} (${ESS_PER_CHAIN} per chain) for ${named(bulk)}: means and medians are rough, and R-hat itself is unsteady. Run longer chains.`,
    );
  }
  const tail = worst_first(parameters, (p) => p.ess_tail ?? Number.NaN, needed);
  if (tail.length > 0) {
    list.push(
      `tail ESS is below ${needed} (${ESS_PER_CHAIN} per chain) for ${named(tail)}: the 5 % and 95 % quantiles are rough. Run longer chains.`,
    );
  }
  return list;
}

/** Of chains that started in groups. */
export function nested_warnings(parameters: DrawsSummary['parameters']): string[] {
  const apart = worst_first(parameters, (p) => -(p.nested_rhat ?? Number.NaN), -LARGEST_RHAT);
  if (apart.length === 0) return [];
  return [
    `nested R-hat is above ${LARGEST_RHAT} for ${named(apart)} (worst: ${format_rhat(parameters.get(apart[0] as string)?.nested_rhat)}): superchains still remember where they started, or are too short for the figure to say otherwise (with M chains in a superchain and N effective draws of each it is about √(1 + 1/(M·N))). Run longer.`,
  ];
}

function sampler_warnings({ sampler, chains, draws }: Omit<DrawsSummary, 'warnings'>, words: Words): string[] {
  const list: string[] = [];
  const { divergences = 0, transitions = chains * draws } = sampler ?? {};
  if (divergences > 0) {
    list.push(
      `${divergences} of ${transitions} transitions diverged: near them the posterior is too steep for the step size, and draws there are missing. ` +
        `Ask for a higher acceptance ${words.smaller_steps}; if divergences stay, reparametrise, e.g. non-centred. The pairs plot ${words.plots} shows where they are.`,
    );
  }
  return [...list, ...energy_warnings(sampler?.energy_fraction)];
}

/** @param fractions per chain */
export function energy_warnings(fractions: readonly number[] = []): string[] {
  const low = fractions.filter((value) => value < SMALLEST_ENERGY_FRACTION);
  if (low.length === 0) return [];
  const smallest = low.reduce((least, value) => Math.min(least, value));
  return [
    `the energy fraction (E-FMI) is below ${SMALLEST_ENERGY_FRACTION} in ${low.length} of ${fractions.length} chains (smallest: ${format_significant(smallest, 2)}): ` +
      'one momentum changes the energy too little, so the tails are explored slowly. Warm up longer or reparametrise what has heavy tails.',
  ];
}

/** Names whose value is below the limit, smallest first. NaN is not below anything. */
function worst_first(
  parameters: ReadonlyMap<string, DrawsStatistics>,
  value: (p: DrawsStatistics) => number,
  limit: number,
): string[] {
  return Array.from(parameters, ([name, p]) => ({ name, value: value(p) }))
    .filter((entry) => entry.value < limit)
    .sort((a, b) => a.value - b.value)
    .map(({ name }) => name);
}

/** At most five names. */
function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

const format_rhat = (rhat = Number.NaN) =>
  Number.isFinite(rhat) ? rhat.toFixed(3) : 'infinite, chains that never moved';
