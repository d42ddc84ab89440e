/** What `langevin merge` writes and prints. */
import type { Draws } from '../../data/draws.ts';
import { draws_text } from '../../data/draws.ts';
import { format_fixed, format_significant } from '../../data/format_number.ts';
import { type TextTable, write_merge_report } from '../../data/merge_report.ts';
import { type MergeBlock, validate_merge_block } from '../../data/merge_summary.ts';
import { largest_posterior, write_posterior } from '../../data/netcdf.ts';
import type { MergePath } from '../../data/report/merge_path.ts';
import { type ParameterStatistics, type Summary, write_summary } from '../../data/summary.ts';
import { align, align_left, facts, parameter_cells, STATISTICS } from '../../data/table.ts';
import { type DistanceName, type DistanceRow, distance_names } from '../../diagnostics/distances/table.ts';
import { ess_mean } from '../../diagnostics/ess.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import { quantile } from '../../diagnostics/quantiles.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import type { Comparison } from '../../merge/compare.ts';
import type { Learned } from '../../merge/learned.ts';
import { is_gaussian_method, type MergeMethod } from '../../merge/methods.ts';
import type { RoundFacts } from '../../merge/rounds/merge_in_rounds.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import type { Judgement } from '../../merge/verdict/judge.ts';
import type { Verdict } from '../../merge/verdict/words.ts';
import type { FileContent } from '../output.ts';
import { version } from '../version.ts';
import { type DrawsDensity, density_block, density_lines } from './merge_density.ts';
import type { MergeOptions } from './merge_options.ts';
import { round_block, round_lines } from './merge_round_output.ts';

export interface MergeResult {
  chosen: MergeOptions;
  set: ShardSet;
  points: Points;
  acceptance: number | undefined;
  /** By method, the one that was asked for first; in the coordinates that people see. */
  merges: ReadonlyMap<MergeMethod, Points>;
  /** Of method diffusion. */
  learned?: Learned;
  path?: MergePath;
  adapter: AdapterDescription | undefined;
  judgement: Judgement;
  found: Verdict;
  comparison: Comparison;
  /** [parameter] error of the mean from the shards' draws, in sds of the merge. */
  relative_error: Float64Array;
  exact: Points | undefined;
  /** Of a merge whose shards were asked. */
  rounds?: RoundFacts;
  /** Where the method knows the density of its draws. */
  density?: DrawsDensity;
}

export function merge_summary(
  result: MergeResult,
  command: string[],
  started: number,
): Summary & { merge: MergeBlock } {
  const { chosen, set, points, acceptance, judgement, found, comparison } = result;
  const [, rows = []] = comparison.methods.entries().next().value ?? [];
  const merge = validate_merge_block({
    method: chosen.method,
    draws: points.count,
    dimension: judgement.dimension,
    verdict: { headline: found.headline, extrapolates: found.extrapolates, contradictory: found.contradictory },
    shards: judgement.shards.map(({ name, draws, ess, distance, radius, beyond, share, chi_squared, p_value }) => ({
      ...{ name, draws, ess, distance, radius, beyond, share, chi_squared, p_value },
    })),
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(result.learned === undefined ? {} : { learned: { ...result.learned } }),
    ...(result.rounds === undefined ? {} : { rounds: round_block(result.rounds) }),
    ...(result.density === undefined ? {} : { best: density_block(result.density, set.names, points) }),
    distances: {
      from: comparison.from,
      floor: record(rows, ({ floor }) => floor),
      methods: Object.fromEntries(
        Array.from(comparison.methods, ([method, of]) => [method, record(of, ({ value }) => value)]),
      ),
      ...spreads(comparison),
    },
  });
  return {
    langevin: version,
    command,
    model: 'merge',
    adapter: result.adapter ? { ...result.adapter } : { kind: 'none', name: 'the CPU alone, in float64' },
    seed: chosen.seed,
    seconds: { total: (performance.now() - started) / 1000 },
    parameters: Object.fromEntries(set.names.map((name, j) => [name, statistics(result, j)])),
    warnings: found.findings,
    merge,
  };
}

/** Of one network's distances, by method, where several were trained. */
function spreads({ methods }: Comparison): Pick<MergeBlock['distances'], 'sd'> {
  const found = Array.from(methods).filter(([, rows]) => rows.every(({ sd }) => sd !== undefined));
  if (found.length === 0) return {};
  return { sd: Object.fromEntries(found.map(([method, rows]) => [method, record(rows, ({ sd = 0 }) => sd)])) };
}

const record = (rows: readonly DistanceRow[], of: (row: DistanceRow) => number) =>
  Object.fromEntries(rows.map((row) => [row.name, of(row)])) as Record<DistanceName, number>;

/** The error counts the shards' draws and the merged ones. */
function statistics({ points, chosen, relative_error, rounds }: MergeResult, j: number): ParameterStatistics {
  const values = column(points, j);
  const center = mean(values);
  const sd = Math.sqrt(variance(values, center));
  const sorted = values.toSorted();
  // Draws of a chain over choices of draws are correlated; those of the other methods are not.
  const worth = rounds?.correction?.used
    ? rounds.correction.ess
    : is_gaussian_method(chosen.method)
      ? points.count
      : ess_mean([values]);
  const mcse = sd * Math.hypot(relative_error[j] as number, 1 / Math.sqrt(worth));
  const q = (p: number) => quantile(sorted, p);
  return { mean: center, sd, mcse, q05: q(0.05), q50: q(0.5), q95: q(0.95), ess: (sd / mcse) ** 2 };
}

export async function merge_files(result: MergeResult, summary: Summary): Promise<Record<string, FileContent>> {
  const { set, points, found, exact, merges, learned, path, density } = result;
  const draws: Draws = {
    ...{ names: set.names, chains: 1, draws: points.count, values: points.values },
    ...(density === undefined ? {} : { sampler: { lp: density.lp } }),
  };
  const fits = 4 * points.values.length <= largest_posterior;
  const attributes = {
    model: summary.model,
    seed: summary.seed,
    sampling_time: summary.seconds.total,
    command: summary.command.join(' '),
  };
  const file = { posterior: draws, created_at: new Date().toISOString(), version, attributes };
  return {
    'summary.json': write_summary(summary),
    'draws.csv': draws_text(draws),
    ...(fits ? { 'posterior.nc': await write_posterior(file) } : {}),
    'report.html': write_merge_report({
      summary,
      headline: found.headline,
      findings: found.findings,
      facts: method_facts(result),
      shards: shard_table(result),
      distances: distances_table(result),
      draws: {
        names: set.names,
        parts: set.shards.map((shard) => shard.points),
        merged: points,
        others: Array.from(merges, ([name, one]) => ({ name, points: one })).slice(1),
        ...(exact === undefined ? {} : { exact }),
      },
      ...(learned === undefined ? {} : { curve: learned.curve }),
      ...(path === undefined ? {} : { path }),
    }),
  };
}

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
    `${SHARD_LEGEND}\n${align(rows_of(shard_table(result)))}`,
    `${distances.caption}\n${align(rows_of(distances))}`,
    align_left([...method_facts(result), ...facts(summary)]),
    `${path}/report.html`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The report says it at length. */
const SHARD_LEGEND =
  'Shards. distance, radius: of the merge’s mean and draws from the shard’s mean, in its sd; beyond: its effective draws as far out as the merge; precision: its part of all; p: of agreeing with the others.';

const rows_of = ({ header, rows }: TextTable) => [header, ...rows].map((row) => [...row]);

function method_facts({ chosen, points, acceptance, learned, set, rounds, density }: MergeResult): [string, string][] {
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
            `${held.join(' and ')} belong to the draws; ${chosen.method} ${['diffusion', 'gradient-gaussian'].includes(chosen.method) ? 'learns from' : 'does not use'} them`,
          ] as [string, string],
        ]),
  ];
}

function learned_lines({
  networks,
  units,
  updates,
  levels,
  acceptance,
  weights_ess,
  disagreement,
}: Learned): [string, string][] {
  const percent = (fraction: number) => `${format_significant(100 * fraction, 2)} %`;
  return [
    ['networks', `${networks} of every shard, ${units} units, ${updates} updates`],
    ['path', `${levels} levels, acceptance ${format_fixed(acceptance, 2)}`],
    ...(weights_ess === undefined
      ? []
      : [['weights', `${percent(weights_ess)} of the draws effective`] as [string, string]]),
    ...(disagreement === undefined
      ? []
      : [['networks apart', `${format_significant(disagreement, 2)} sd beyond chance`] as [string, string]]),
  ];
}

function shard_table({ judgement }: MergeResult): TextTable {
  return {
    header: ['shard', 'draws', 'ess', 'distance', 'radius', 'beyond', 'precision', 'p'],
    rows: judgement.shards.map(({ name, draws, ess, distance, radius, beyond, share, p_value }) => [
      name,
      String(draws),
      format_fixed(ess, 0),
      format_fixed(distance, 2),
      format_fixed(radius, 2),
      format_significant(beyond, 2),
      `${format_fixed(100 * share, 1)} %`,
      format_significant(p_value, 2),
    ]),
  };
}

function distances_table({ comparison, chosen }: MergeResult): TextTable & { caption: string } {
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
