/** What `langevin merge` writes. */
import type { Draws } from '../../data/draws.ts';
import { draws_text } from '../../data/draws.ts';
import { write_merge_report } from '../../data/merge_report.ts';
import { type MergeBlock, validate_merge_block } from '../../data/merge_summary.ts';
import { largest_posterior, write_posterior } from '../../data/netcdf.ts';
import type { MergePath } from '../../data/report/merge_path.ts';
import { type ParameterStatistics, type Summary, write_summary } from '../../data/summary.ts';
import type { DistanceName, DistanceRow } from '../../diagnostics/distances/table.ts';
import { mean, variance } from '../../diagnostics/moments.ts';
import { column, type Points } from '../../diagnostics/points.ts';
import { quantile } from '../../diagnostics/quantiles.ts';
import type { AdapterDescription } from '../../gpu/device.ts';
import type { Comparison } from '../../merge/compare.ts';
import type { Learned } from '../../merge/learned.ts';
import { type MergeMethod, worth_of_merged } from '../../merge/methods.ts';
import type { RoundFacts } from '../../merge/rounds/merge_in_rounds.ts';
import type { ShardSet } from '../../merge/shards/shard.ts';
import type { Judgement } from '../../merge/verdict/judge.ts';
import type { Verdict } from '../../merge/verdict/words.ts';
import type { FileContent } from '../output.ts';
import { version } from '../version.ts';
import { type DrawsDensity, density_block } from './merge_density.ts';
import type { MergeOptions } from './merge_options.ts';
import { round_block } from './merge_round_output.ts';
import { distances_table, method_facts, shard_table } from './merge_text.ts';

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
  const worth = rounds?.correction.used ? rounds.correction.ess : worth_of_merged(values, chosen.method);
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
