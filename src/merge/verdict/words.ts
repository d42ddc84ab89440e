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
/** Exchanges taken by kernel methods, below which the same few draws are used over and over. */
const LEAST_ACCEPTANCE = 0.01;
/** Shards named in one sentence. */
const NAMED = 4;

/** @param acceptance of kernel methods @param further findings of the method's own */
export function verdict(
  found: Judgement,
  method: MergeMethod,
  acceptance?: number,
  further: readonly string[] = [],
): Verdict {
  const { shards, dimension } = found;
  const outside = shards.filter(({ distance }) => distance > INSIDE);
  const far = outside.filter(({ beyond }) => beyond < BEYOND.none);
  const thin = outside.filter(({ beyond }) => beyond >= BEYOND.none && beyond < BEYOND.thin);
  const needed = Math.max(NEEDED_ESS.least, NEEDED_ESS.per_parameter * dimension);
  const short = shards.filter(({ ess }) => ess < needed);
  const silent = shards.filter(({ share }) => share < ALMOST_NOTHING / shards.length);
  const bent = shards.filter(
    ({ skewness, skewness_error, distance }) =>
      Math.abs(skewness) * distance > BENT && Math.abs(skewness) > 4 * skewness_error,
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
      `${list(bent, ({ skewness }) => `skewness ${format_significant(skewness, 2)} towards the merge`)} ${bent.length === 1 ? 'is' : 'are'} not Gaussian, and ${method} takes every shard for a Gaussian: its mean may be off by a good part of its sd. Use --method semiparametric, or fewer and larger shards.`,
    );
  }
  if (acceptance !== undefined && acceptance < LEAST_ACCEPTANCE) {
    findings.push(
      `The kernels of the shards hardly overlap: ${format_significant(100 * acceptance, 2)} % of the exchanges were taken, so a few draws stand for the whole merge, and its spread is not to be trusted. Use --method gaussian${dimension > 5 ? ` (kernels do not reach in ${dimension} dimensions)` : ''}, or fewer shards.`,
    );
  }
  if (short.length > 0) {
    findings.push(
      `Autocorrelated draws: ${list(short, ({ ess, draws, worst_parameter }) => `${format_significant(ess, 3)} effective of ${draws} for ${worst_parameter}`)}; ${needed} are needed. Run ${short.length === 1 ? 'that shard' : 'those shards'} longer; the standard errors below count it.`,
    );
  }
  if (silent.length > 0) {
    findings.push(
      `${list(silent, ({ share }) => `${format_significant(100 * share, 2)} % of the precision`)} ${silent.length === 1 ? 'says' : 'say'} almost nothing (an even share is ${format_significant(100 / shards.length, 2)} %). Check that ${silent.length === 1 ? 'its' : 'their'} rows and prior^(1/S) are right; with so few rows better cut the data into fewer shards.`,
    );
  }
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

function contradiction_findings({ contradictions: { odd, pair }, shards, dimension }: Judgement): string[] {
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
