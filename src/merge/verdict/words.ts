/** The verdict in words: one sentence first, then every finding with what to do. */
import { format_significant } from '../../data/format_number.ts';
import { is_gaussian_method, type MergeMethod } from '../methods.ts';
import type { Judgement, ShardVerdict } from './judge.ts';

export interface Verdict {
  /** The merge lies where shards that carry a good part of its precision have hardly a draw. */
  extrapolates: boolean;
  /** Some shards are not where the others put them. */
  contradictory: boolean;
  headline: string;
  findings: string[];
}

/** Effective draws of a shard at the merge: below the first it extrapolates, below the second it is thin. */
export const BEYOND = { none: 10, thin: 100 };
/** Standard deviations between shard and merge up to which the shard has its draws there, however few they are worth. */
const INSIDE = 1;
/** Precision of shards with hardly a draw at the merge, of all, from which the merge as a whole counts as extrapolated. */
const EXTRAPOLATED_SHARE = 0.1;
/** Effective draws of a shard: at least so many, and so many for every parameter. */
const NEEDED_ESS = { least: 400, per_parameter: 10 };
/** Share of an even share of the precision below which a shard says almost nothing. */
const ALMOST_NOTHING = 0.1;
/** Change of a shard's log-density curvature between its draws and the merge, relative, that Gaussian methods cannot have: |skewness| × distance. */
const BENT = 0.5;
/** Excess kurtosis of a marginal that is no Gaussian's: two modes have about −1, heavy tails 1 and more. */
const PEAKED = 0.8;
/** Shards named in one sentence. */
const NAMED = 4;

/** @param further findings of the method's own */
export function verdict(found: Judgement, method: MergeMethod, further: readonly string[] = []): Verdict {
  const { shards, dimension } = found;
  const outside = shards.filter(({ distance }) => distance > INSIDE);
  const needed = Math.max(NEEDED_ESS.least, NEEDED_ESS.per_parameter * dimension);
  // A chain too short to have draws there says nothing of where the density is: a longer one is what it needs.
  const is_far = ({ beyond, ess }: ShardVerdict) => beyond * Math.max(1, needed / ess) < BEYOND.none;
  const far = outside.filter(is_far);
  const thin = outside.filter((one) => !is_far(one) && one.beyond < BEYOND.thin);
  const short = shards.filter(({ ess }) => ess < needed);
  const bent = shards.filter(
    ({ skewness, skewness_error, distance }) =>
      Math.abs(skewness) * distance > BENT && Math.abs(skewness) > 4 * skewness_error,
  );
  const other = shards.filter(
    (one) => !bent.includes(one) && Math.abs(one.kurtosis) > PEAKED && Math.abs(one.kurtosis) > 4 * one.kurtosis_error,
  );
  const far_share = far.reduce((sum, { share }) => sum + share, 0);
  const extrapolates = far_share >= EXTRAPOLATED_SHARE;
  const findings: string[] = [];
  findings.push(...contradiction_findings(found));
  if (far.length > 0) {
    findings.push(
      `${extrapolates ? 'The merge extrapolates' : 'A small part of the merge is extrapolated'}: ${list(far, ({ beyond, distance }) => `${format_significant(beyond, 2)} effective draws as far out, ${format_significant(distance, 2)} sd`)} ${far.length === 1 ? 'has' : 'have'} hardly a draw where the merge lies (${format_significant(100 * far_share, 2)} % of the precision), so only the assumed shape of ${far.length === 1 ? 'that shard' : 'those shards'} carries it there. With ${dimension} parameters shards and merge are about ${format_significant(Math.sqrt(dimension * (1 - 1 / shards.length)), 2)} sd apart even when all is well. Use fewer and larger shards, and compare the merged means with a short run on all data.`,
    );
  }
  if (thin.length > 0) {
    findings.push(
      `The shards are thin at the merge: ${list(thin, ({ beyond }) => `${format_significant(beyond, 2)} effective draws as far out`)}. More draws of ${thin.length === 1 ? 'it' : 'them'} help.`,
    );
  }
  if (bent.length > 0 && is_gaussian_method(method)) {
    findings.push(
      `${list(bent, ({ skewness }) => `skewness ${format_significant(skewness, 2)} towards the merge`)} ${bent.length === 1 ? 'is' : 'are'} not Gaussian, and ${method} takes every shard for a Gaussian: its mean may be off by a good part of its sd. Use --method diffusion, which is at its best with the gradients of every shard (sample --keep-gradients), or fewer and larger shards.`,
    );
  }
  if (other.length > 0 && is_gaussian_method(method)) {
    findings.push(
      `${list(other, ({ kurtosis }) => `excess kurtosis ${format_significant(kurtosis, 2)}`)} ${other.length === 1 ? 'has' : 'have'} several modes or heavy tails, and ${method} takes every shard for a Gaussian: its spread and its shape are not to be trusted. Use --method diffusion or nonparametric.`,
    );
  }
  if (short.length > 0) {
    findings.push(
      `Too few effective draws: ${list(short, ({ ess, draws, worst_parameter }) => `${format_significant(ess, 3)} of ${draws} for ${worst_parameter}${2 * ess < draws ? ', autocorrelated' : ''}`)}; ${needed} are needed. Run ${short.length === 1 ? 'that shard' : 'those shards'} longer; the standard errors below count it.`,
    );
  }
  findings.push(...silent_findings(found));
  findings.push(...further);
  const contradictory = found.contradictions.odd.length > 0 || found.contradictions.pair;
  return {
    extrapolates,
    contradictory,
    headline: headline(extrapolates, contradictory, findings),
    findings,
  };
}

function headline(extrapolates: boolean, contradictory: boolean, findings: readonly string[]): string {
  if (contradictory) return 'Do not use this merge yet: shards contradict each other.';
  if (extrapolates) return 'The merge extrapolates: it lies where shards have hardly a draw.';
  if (findings.length > 0) return 'The shards agree and reach the merge, with reservations.';
  return 'The shards agree, and all of them have draws where the merge lies.';
}

export function silent_findings({ shards }: Judgement): string[] {
  const silent = shards.filter(({ share }) => share < ALMOST_NOTHING / shards.length);
  if (silent.length === 0) return [];
  return [
    `${list(silent, ({ share }) => `${format_significant(100 * share, 2)} % of the precision`)} ${silent.length === 1 ? 'says' : 'say'} almost nothing (an even share is ${format_significant(100 / shards.length, 2)} %), and ${silent.length === 1 ? 'hardly changes' : 'hardly change'} the merge. Check that ${silent.length === 1 ? 'its' : 'their'} rows and prior^(1/S) are right; with so few rows better cut the data into fewer shards.`,
  ];
}

export function contradiction_findings({ contradictions: { odd, pair }, shards, dimension }: Judgement): string[] {
  const name = (shard: number) => (shards[shard] as ShardVerdict).name;
  const size = ({ chi_squared, p_value }: { chi_squared: number; p_value: number }) =>
    `χ² ${format_significant(chi_squared, 3)} on ${dimension}, p ${p_value < 1e-300 ? '< 1e-300' : `= ${format_significant(p_value, 2)}`}`;
  const findings = odd
    .slice(0, NAMED)
    .map(
      (one) =>
        `${name(one.shard)} contradicts the other shards: it is not where they put it (${size(one)}). Check its rows, its prior^(1/S), and that its chains found the same mode and parameter order; merge without it to see what it changes.`,
    );
  if (odd.length > NAMED) findings.push(`${odd.length - NAMED} more shards contradict the others as well.`);
  if (pair) {
    const left = shards.map((_, shard) => shard).filter((shard) => !odd.some((one) => one.shard === shard));
    findings.push(
      `${left.map(name).join(' and ')} contradict each other, and no shard is left to say which is right. Check their rows, their prior^(1/S), and that all chains found the same mode and parameter order.`,
    );
  }
  return findings;
}

function list(shards: readonly ShardVerdict[], words: (shard: ShardVerdict) => string): string {
  const named = shards.slice(0, NAMED).map((shard) => `${shard.name} (${words(shard)})`);
  return shards.length > NAMED ? `${named.join(', ')} and ${shards.length - NAMED} more` : named.join(', ');
}
