/** The table of `langevin summarize` and `langevin sample`, for a terminal and for the report. */
import type { DrawsStatistics, DrawsSummary, WorstEss } from './draws_summary.ts';
import { decimals_for, format_fixed, format_significant } from './format_number.ts';
import type { Summary } from './summary.ts';
import { align, align_left, facts, STATISTICS } from './table.ts';

type EssColumn = 'ess_bulk' | 'ess_tail' | 'ess_mean' | 'ess_square';

/** Chains of which only the moments were kept have no ranks, and so neither bulk nor tail. */
function ess_columns({ parameters }: DrawsSummary): readonly EssColumn[] {
  const ranked = Array.from(parameters.values()).some((p) => p.ess_bulk !== undefined);
  return ranked ? ['ess_bulk', 'ess_tail', 'ess_square'] : ['ess_mean', 'ess_square'];
}

/** Table, what is known of the run, warnings; lines end with a newline, no colour. `run`: what made the draws, where it is known. */
export function format_draws_table(summary: DrawsSummary, run?: Summary): string {
  const rows = [draws_header(summary), ...draws_rows(summary)];
  const blocks = [align(rows), align_left(draws_facts(summary, run))];
  if (summary.warnings.length > 0) blocks.push(summary.warnings.map((warning) => `warning: ${warning}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

export function draws_header(summary: DrawsSummary): string[] {
  return ['', ...STATISTICS, ...(summary.weighted === undefined ? [...ess_columns(summary), 'rhat'] : ['ess'])];
}

/** One row per parameter, in the order of the header. */
export function draws_rows(summary: DrawsSummary): string[][] {
  const { parameters, weighted } = summary;
  return Array.from(parameters, ([name, p]) => [
    name,
    ...statistic_cells(p),
    ...(weighted === undefined
      ? [
          ...ess_columns(summary).map((column) => format_fixed(p[column] ?? Number.NaN, 0)),
          format_fixed(p.rhat ?? Number.NaN, 3),
        ]
      : [format_fixed(p.ess, 0)]),
  ]);
}

function statistic_cells(p: DrawsStatistics): string[] {
  const decimals = decimals_for(p.mcse) ?? decimals_for(p.sd, 3);
  // A constant has no error to round by.
  return STATISTICS.map((key) =>
    decimals === undefined ? format_significant(p[key], 6) : format_fixed(p[key], decimals),
  );
}

/** Label and text of what is not in the table. */
export function draws_facts(summary: DrawsSummary, run?: Summary): [label: string, text: string][] {
  const { chains, draws, weighted, sampler, cost, worst } = summary;
  const lines: [string, string][] = [];
  lines.push([
    'draws',
    weighted === undefined ? `${count(chains, 'chain')} × ${draws}` : `${chains * draws}, weighted`,
  ]);
  if (sampler?.divergences !== undefined) lines.push(['divergences', String(sampler.divergences)]);
  if (sampler?.energy_fraction !== undefined) {
    const smallest = Math.min(...sampler.energy_fraction);
    lines.push(['E-FMI', `${format_significant(smallest, 3)}${chains > 1 ? ' in the worst chain' : ''}`]);
  }
  const { gradients, seconds } = cost;
  if (gradients !== undefined) lines.push(['gradients', `${gradients.value} (${gradients.source})`]);
  if (seconds !== undefined) lines.push(['seconds', `${format_significant(seconds.value, 3)} (${seconds.source})`]);
  if (worst !== undefined) {
    const one = ({ ess, parameter }: WorstEss) => `${format_fixed(ess, 0)} (${parameter})`;
    lines.push(['worst ESS', `${one(worst.theta)} of θ, ${one(worst.square)} of θ²`]);
    const rates = [
      worst.per_gradient === undefined ? [] : [`${format_significant(worst.per_gradient, 3)} per gradient`],
      worst.per_second === undefined ? [] : [`${format_significant(worst.per_second, 3)} per second`],
    ].flat();
    if (rates.length > 0) lines.push(['the worse of both', rates.join(', ')]);
  }
  if (run !== undefined) lines.push(...facts(run));
  return lines;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
