/** Our rate beside another tool's, where both have the same posterior. */

import type { DrawsFile } from '../../src/data/draws_file.ts';
import { pooled } from '../../src/diagnostics/chains.ts';
import { mean, variance } from '../../src/diagnostics/moments.ts';
import type { SampleAnswer } from '../peers/sample_types.ts';
import type { Peer } from '../record.ts';
import type { Context } from '../subject.ts';
import type { SampledRow } from './row.ts';
import { worse } from './score.ts';

type MeasuredSampler = Exclude<SampleAnswer, { skipped: string }>;

/** Of 25 means one is further apart than so many standard errors in at most one comparison of 600, where both sides are right. */
const most_errors = 4;

/** The largest distance of a posterior mean from theirs, in standard errors of the difference. Every coordinate's ESS is taken as the smallest one, so errors are rather overstated. */
function distance(theirs: MeasuredSampler, draws: DrawsFile, ess_of_theta: number): number {
  const distances = Array.from(draws.parameters.values(), (chains, d) => {
    const all = pooled(chains);
    const error = Math.sqrt(variance(all) / ess_of_theta + (theirs.sd[d] as number) ** 2 / theirs.ess.theta);
    return Math.abs(mean(all) - (theirs.mean[d] as number)) / error;
  });
  return Math.max(...distances);
}

/** The peer's entry beside our row: the time that it would take for the row's gradients, if its answers agree. */
export function peer_entry(answer: SampleAnswer, draws: DrawsFile, { work, wall, sampling }: SampledRow): Peer {
  const { tool } = answer;
  if ('skipped' in answer) return { outcome: 'skipped', tool, reason: answer.skipped };
  const off = distance(answer, draws, sampling.ess.theta);
  const agreement = `posterior means at most ${off.toFixed(1)} standard errors apart`;
  if (!(off <= most_errors)) {
    return {
      outcome: 'skipped',
      tool,
      reason: `its answers differ from ours, so its time does not count: ${agreement}`,
    };
  }
  const { version, device, threads, note } = answer;
  const median = (1000 * answer.seconds * work.count) / answer.gradients;
  return {
    outcome: 'measured',
    tool,
    version,
    device,
    ...(threads === undefined ? {} : { threads }),
    median,
    ratio: median / wall.median,
    agreement,
    note,
  };
}

export interface NamedRow {
  name: string;
  row: SampledRow;
}

/**
 * The ratios that were asked for: the most gradients and the most ESS per second of any row of ours over theirs. A software adapter is divided by the cores that it runs on; a GPU is taken whole.
 * @param rows at least one
 */
export function find_ratios(
  { device, find, quick, cores }: Pick<Context, 'device' | 'find' | 'quick' | 'cores'>,
  rows: readonly NamedRow[],
  theirs: MeasuredSampler,
) {
  const is_software = device.adapter.kind === 'software';
  const least = is_software ? 1 : 10;
  const place = is_software ? `per core of ${cores}` : 'the whole GPU';
  const rates = [
    ['gradients per second', ({ row }: NamedRow) => row.rate, theirs.gradients],
    [
      'worse ESS of θ and θ² per second',
      ({ row: { sampling } }: NamedRow) => worse(sampling.ess) / sampling.seconds.sampling,
      worse(theirs.ess),
    ],
  ] as const;
  for (const [what, rate, count] of rates) {
    const best = rows.reduce((a, b) => (rate(b) > rate(a) ? b : a));
    const value = rate(best) / (is_software ? cores : 1) / (count / theirs.seconds);
    find({
      label: `${what}: ${best.name}, ${place}, over ${theirs.tool} on one core`,
      value,
      ...(quick ? {} : { wanted: `at least ${least}`, met: value >= least }),
    });
  }
}
