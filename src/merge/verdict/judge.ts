/** What is measured of a merge: of every shard, and of the merge as a whole. The words are in words.ts. */
import { mean, variance } from '../../diagnostics/moments.ts';
import { column, type Points, points_mean } from '../../diagnostics/points.ts';
import { gaussian_product, type ShardMoments, shard_moments } from '../baselines/shards.ts';
import { effective_draws, type Shard, type ShardSet } from '../shards/shard.ts';
import { type Contradictions, find_contradictions } from './contradictions.ts';
import { mean_error } from './mean_error.ts';
import { type Overlap, overlap } from './overlap.ts';

export interface ShardVerdict extends Overlap {
  name: string;
  draws: number;
  /** Effective draws for the mean of the parameter that is estimated worst, and which that is. */
  ess: number;
  worst_parameter: string;
  /** Excess kurtosis of the marginal where it is largest, and its standard error. */
  kurtosis: number;
  kurtosis_error: number;
  /** Of the precision that the shards have together, the mean over directions: all shares add up to 1. */
  share: number;
  /** Squared distance from where the other shards put it, and how rarely it is as large by chance. */
  chi_squared: number;
  p_value: number;
}

export interface Judgement {
  dimension: number;
  shards: ShardVerdict[];
  contradictions: Contradictions;
  /** [parameter] standard error of the mean from the shards' draws alone, in the coordinates of the merge. */
  mean_error: Float64Array;
}

/** @param merged draws in the coordinates of the shards */
export function judge({ names, shards }: ShardSet, merged: Points): Judgement {
  const moments = shard_moments(shards.map(({ points }) => points));
  const { covariance } = gaussian_product(moments);
  const center = points_mean(merged);
  const contradictions = find_contradictions(moments);
  const labels = short_names(shards.map(({ name }) => name));
  return {
    dimension: merged.dimension,
    shards: shards.map((shard, b) => {
      const of_shard = moments[b] as ShardMoments;
      const { chi_squared, p_value } = contradictions.shards[b] as Contradictions['shards'][number];
      return {
        name: labels[b] as string,
        draws: shard.points.count,
        ...fewest(shard, names),
        ...largest_kurtosis(shard),
        share: trace_of_product(covariance, of_shard.precision) / center.length,
        chi_squared,
        p_value,
        ...overlap(shard, of_shard, merged, center),
      };
    }),
    contradictions,
    mean_error: mean_error(shards, moments),
  };
}

function fewest(shard: Shard, names: readonly string[]): { ess: number; worst_parameter: string } {
  const found = Array.from({ length: shard.points.dimension }, (_, j) =>
    effective_draws(shard, column(shard.points, j)),
  );
  const at = found.indexOf(Math.min(...found));
  return { ess: found[at] as number, worst_parameter: names[at] ?? `coordinate ${at + 1}` };
}

function largest_kurtosis(shard: Shard): { kurtosis: number; kurtosis_error: number } {
  const found = Array.from({ length: shard.points.dimension }, (_, j) => {
    const values = column(shard.points, j);
    const center = mean(values);
    const fourth = mean(values.map((x) => (x - center) ** 4));
    return {
      kurtosis: fourth / variance(values, center) ** 2 - 3,
      kurtosis_error: Math.sqrt(24 / effective_draws(shard, values)),
    };
  });
  return found.reduce((a, b) => (Math.abs(b.kurtosis) > Math.abs(a.kurtosis) ? b : a));
}

/** Shards of one .npy file need not repeat its path. */
function short_names(names: readonly string[]): string[] {
  const parts = names.map((name) => /^(.*), (shard \d+)$/s.exec(name));
  const [first] = parts;
  const one_file = parts.every((part) => part !== null && part[1] === first?.[1]);
  return names.map((name, s) => (one_file ? (parts[s]?.[2] as string) : name));
}

/** tr(a·b), b symmetric. */
const trace_of_product = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, at) => sum + x * (b[at] as number), 0);
