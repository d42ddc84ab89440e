/** The table of `langevin summarize` and `langevin sample`, for a terminal and for the report. */
import type { DrawsStatistics, DrawsSummary, Spent, WorstEss } from './draws_summary.ts';
import { decimals_for, format_fixed, format_significant } from './format_number.ts';
import type { Summary } from './summary.ts';
import { align, align_left, facts, STATISTICS } from './table.ts';

type EssColumn = 'ess_bulk' | 'ess_tail' | 'ess_mean' | 'ess_square';

/** Chains of which only the moments were kept have no ranks, and so neither bulk nor tail. */
function ess_columns({ parameters }: DrawsSummary): readonly EssColumn[] {
  const ranked = Array.from(parameters.values()).some((p) => p.ess_bulk !== undefined);
  return ranked ? ['ess_bulk', 'ess_tail', 'ess_square'] : ['ess_mean', 'ess_square'];
}

/** Of chains that kept their moments and started in groups, only nested R-hat is of use. */
function rhat_columns({ parameters }: DrawsSummary): readonly ('rhat' | 'nested_rhat')[] {
  const all = Array.from(parameters.values());
  return (['rhat', 'nested_rhat'] as const).filter((column) => all.some((p) => p[column] !== undefined));
}

/** Table, what is known of the run, warnings; lines end with a newline, no colour. `run`: what made the draws, where it is known. */
export function format_draws_table(summary: DrawsSummary, run?: Summary): string {
  const rows = [draws_header(summary), ...draws_rows(summary)];
  const blocks = [align(rows), align_left(draws_facts(summary, run))];
  if (summary.warnings.length > 0) blocks.push(summary.warnings.map((warning) => `warning: ${warning}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

export function draws_header(summary: DrawsSummary): string[] {
  const of_chains = () => [...ess_columns(summary), ...rhat_columns(summary)];
  return ['', ...STATISTICS, ...(summary.weighted === undefined ? of_chains() : ['ess'])];
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
          ...rhat_columns(summary).map((column) => format_fixed(p[column] ?? Number.NaN, 3)),
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
  const { chains, draws, superchains, weighted, merged, sampler, cost, worst } = summary;
  const lines: [string, string][] = run === undefined ? [] : sampler_facts(run);
  const groups = superchains === undefined ? '' : `, in ${superchains} superchains`;
  const of_chains = `${count(chains, 'chain')} × ${draws}${groups}`;
  const of_merge = merged && `${chains * draws}, merged of ${count(merged.shards, 'shard')} by ${merged.method}`;
  lines.push(['draws', of_merge ?? (weighted === undefined ? of_chains : `${chains * draws}, weighted`)]);
  if (summary.quantiles !== undefined) lines.push(['quantiles', summary.quantiles]);
  if (sampler?.divergences !== undefined) lines.push(['divergences', String(sampler.divergences)]);
  if (sampler?.energy_fraction !== undefined) {
    const smallest = Math.min(...sampler.energy_fraction);
    lines.push(['E-FMI', `${format_significant(smallest, 3)}${chains > 1 ? ' in the worst chain' : ''}`]);
  }
  const { gradients, seconds } = cost;
  if (gradients !== undefined) lines.push(['gradients', spent_text(gradients, grouped)]);
  if (seconds !== undefined)
    lines.push(['seconds', spent_text(seconds, (x) => (x < 0.01 ? '0' : format_significant(x, 3)))]);
  if (worst !== undefined) {
    const one = ({ ess, parameter }: WorstEss) => `${format_fixed(ess, 0)} (${parameter})`;
    lines.push(['worst ESS', `${one(worst.theta)} of the mean of θ, ${one(worst.square)} of θ²`]);
    const rates = ({ per_gradient, per_second }: { per_gradient?: number; per_second?: number }) =>
      [
        ...(per_gradient === undefined ? [] : [`${format_significant(per_gradient, 3)} per gradient`]),
        ...(per_second === undefined ? [] : [`${format_significant(per_second, 3)} per second`]),
      ].join(', ');
    if (rates(worst) !== '') lines.push(['the worse of both', rates(worst)]);
    if (worst.sampling !== undefined) lines.push(['without warm-up', rates(worst.sampling)]);
  }
  if (run !== undefined) lines.push(...facts(run));
  return lines;
}

/** How the chains moved: nothing in the table means much without it. */
function sampler_facts({ sample }: Summary): [string, string][] {
  if (sample === undefined) return [];
  const { sampler, step_size, metric, mean_steps, longest_batches: lengths, trajectory_time: time } = sample;
  const of_time = time === undefined ? '' : `, mean trajectory time ${format_significant(time, 3)}`;
  const law: [string, string][] =
    lengths === undefined
      ? []
      : [
          [
            'lengths learned',
            `${lengths.q05} to ${lengths.q95} steps, median ${lengths.q50} (90 % of ${lengths.count})`,
          ],
        ];
  const steps = `${format_significant(mean_steps, 3)} ${mean_steps === 1 ? 'step' : 'steps'} per transition`;
  return [
    ['sampler', `${sampler}, step ${format_significant(step_size, 3)}, ${metric} metric, ${steps}${of_time}`],
    ...law,
  ];
}

/** By phases where they are known, since warm-up is paid once and sampling for every draw. */
function spent_text({ value, source, phases }: Spent, text: (x: number) => string): string {
  if (phases === undefined) return `${text(value)} (${source})`;
  const { warm_up, learning, sampling } = phases;
  return `${text(warm_up)} warm-up + ${text(learning)} learning + ${text(sampling)} sampling`;
}

/** 1234567 → 1 234 567 */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ' ');

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
