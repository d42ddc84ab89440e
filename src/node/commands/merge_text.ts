/** What `langevin merge` prints, and the tables that its report shows too. */

import { format_fixed, format_significant } from '../../data/format_number.ts';
import type { TextTable } from '../../data/merge_report.ts';
import { type Summary, write_summary } from '../../data/summary.ts';
import { align, align_left, facts, parameter_cells, STATISTICS } from '../../data/table.ts';
import { distance_names } from '../../diagnostics/distances/table.ts';
import type { Learned } from '../../merge/learned.ts';
import { density_lines } from './merge_density.ts';
import type { MergeResult } from './merge_output.ts';
import { round_lines } from './merge_round_output.ts';

/** The text for a terminal: the verdict first. */
export function format_merge(result: MergeResult, summary: Summary, path: string, json: boolean): string {
  if (json) return write_summary(summary);
  const { found } = result;
  const findings = found.findings.map((finding) => `- ${finding}`).join('\n');
  const parameters = Object.entries(summary.parameters).map(([name, p]) => [name, ...parameter_cells(p, false)]);
  const distances = distances_table(result);
  const blocks = [
    findings === '' ? found.headline : `${found.headline}\n${findings}`,
    align([['', ...STATISTICS, 'ess'], ...parameters]),
    `${shard_legend(result)}\n${align(rows_of(shard_table(result)))}`,
    `${distances.caption}\n${align(rows_of(distances))}`,
    align_left([...method_facts(result), ...facts(summary)]),
    `${path}/report.html`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The report says it at length. */
const shard_legend = ({ rounds }: MergeResult) =>
  `Shards. distance, radius: of the merge’s mean and draws from the shard’s mean, in its sd; ${rounds ? '' : 'beyond: its effective draws as far out as the merge; '}precision: its part of all; p: of agreeing with the others.`;

const rows_of = ({ header, rows }: TextTable) => [header, ...rows].map((row) => [...row]);

export function method_facts({
  chosen,
  points,
  acceptance,
  learned,
  set,
  rounds,
  density,
}: MergeResult): [string, string][] {
  const known = (what: 'gradients' | 'log_densities') => set.shards.every((shard) => shard[what] !== undefined);
  const held = [...(known('gradients') ? ['gradients'] : []), ...(known('log_densities') ? ['log densities'] : [])];
  return [
    ['method', `${chosen.method}, ${points.count} draws of ${set.shards.length} shards`],
    ...(acceptance === undefined
      ? []
      : [['exchanges taken', `${format_significant(100 * acceptance, 2)} %`] as [string, string]]),
    ...(learned === undefined ? [] : learned_lines(learned)),
    ...(rounds === undefined ? [] : round_lines(rounds)),
    ...(density === undefined ? [] : density_lines(density, set.names, points)),
    ...(chosen.model === undefined
      ? []
      : [
          ['coordinates', `unconstrained ones of ${chosen.model}, Jacobian to the power 1/${set.shards.length}`] as [
            string,
            string,
          ],
        ]),
    ...(held.length === 0
      ? []
      : [
          [
            'checked',
            `${held.join(' and ')} belong to the draws; ${use_of_densities(chosen, rounds !== undefined)}`,
          ] as [string, string],
        ]),
  ];
}

function use_of_densities({ method }: Pick<MergeResult['chosen'], 'method'>, in_rounds: boolean): string {
  if (in_rounds) return 'the merge learned from those that it asked for';
  return `${method} ${['diffusion', 'gradient-gaussian'].includes(method) ? 'learns from' : 'does not use'} them`;
}

function learned_lines({
  networks,
  units,
  updates,
  levels,
  acceptance,
  weights_ess,
  fit_error,
  disagreement,
}: Learned): [string, string][] {
  const percent = (fraction: number) => `${format_significant(100 * fraction, 2)} %`;
  return [
    ['networks', `${networks} of every shard, ${units} units, ${updates} updates`],
    ['path', `${levels} levels, acceptance ${format_fixed(acceptance, 2)}`],
    ...(weights_ess === undefined
      ? []
      : [['weights', `${percent(weights_ess)} of the draws effective`] as [string, string]]),
    ...(fit_error === undefined
      ? []
      : [['log densities', `learned to ${format_significant(fit_error, 2)} in all`] as [string, string]]),
    ...(disagreement === undefined
      ? []
      : [['networks apart', `${format_significant(disagreement, 2)} sd beyond chance`] as [string, string]]),
  ];
}

/** Shards that were asked where the merge lies need no draws there. */
export function shard_table({ judgement, rounds }: MergeResult): TextTable {
  const reach = (cell: string) => (rounds ? [] : [cell]);
  return {
    header: ['shard', 'draws', 'ess', 'distance', 'radius', ...reach('beyond'), 'precision', 'p'],
    rows: judgement.shards.map(({ name, draws, ess, distance, radius, beyond, share, p_value }) => [
      name,
      String(draws),
      format_fixed(ess, 0),
      format_fixed(distance, 2),
      format_fixed(radius, 2),
      ...reach(format_significant(beyond, 2)),
      `${format_fixed(100 * share, 1)} %`,
      format_significant(p_value, 2),
    ]),
  };
}

export function distances_table({ comparison, chosen }: MergeResult): TextTable & { caption: string } {
  const [first] = comparison.methods.values();
  const cell = (value: number) => format_fixed(value, 3);
  const rows = Array.from(comparison.methods, ([method, of]) => [
    method,
    ...of.map(({ value, sd }) => (sd === undefined ? cell(value) : `${cell(value)} ± ${cell(sd)}`)),
  ]);
  const of_exact = comparison.from === 'exact';
  const caption = of_exact
    ? 'Distances from the exact draws, and the floor: between two halves of them.'
    : `Distances of the other methods from ${chosen.method}, and the floor: between two halves of its draws. Where methods disagree, shapes matter; they say nothing of an error that all share.`;
  const with_spread = Array.from(comparison.methods.values())
    .flat()
    .some(({ sd }) => sd !== undefined);
  return {
    caption: with_spread ? `${caption} ±: the sd between networks of one's own figure.` : caption,
    header: ['', ...distance_names],
    rows: [...rows, ['floor', ...(first ?? []).map(({ floor }) => cell(floor))]],
  };
}
