/** What is to be said of a merge in rounds beside what is said of its shards. */
import { format_significant } from '../../data/format_number.ts';
import { largest_k_hat } from '../../diagnostics/pareto.ts';
import type { MergeMethod } from '../methods.ts';
import type { Correction } from '../rounds/correction.ts';
import type { RoundFacts } from '../rounds/merge_in_rounds.ts';
import type { Judgement } from './judge.ts';
import { contradiction_findings, silent_findings, type Verdict } from './words.ts';

/** Sds that the mean may still move in the last round. */
const STILL = 0.1;

export function round_findings(
  { moved, networks, held, correction, gaussian_correction }: RoundFacts,
  method: MergeMethod,
  draws: number,
): string[] {
  const findings: string[] = [];
  const last = moved.at(-1) as number;
  const rounds = moved.length;
  if (last > STILL) {
    findings.push(
      `The merge had not come to rest: in the last of ${rounds} rounds${networks > 0 ? ' of the Gaussian that networks start from' : ''} its mean moved ${format_significant(last, 2)} sd. ${networks > 0 ? 'Look at the marginals in the report for several modes; merged without --rounds, networks start from the draws of the shards instead.' : `Use --rounds ${2 * rounds}.`}`,
    );
  }
  if (networks === 0) findings.push(...held_findings(held));
  if (!correction.used) {
    findings.push(
      `The draws are not corrected: their importance weights against the posterior itself have a heavy tail or leave few of them (${weight_words(correction)}; a k-hat of ${format_significant(largest_k_hat(draws), 2)} and less would do, and a twentieth of the draws), so averages under them would hang on a few draws. The posterior has another shape than ${method === 'gradient-gaussian' ? 'a Gaussian, or the rounds have not reached it: use more --rounds, or --method diffusion' : 'was learned: use more --updates or --rounds'}.`,
    );
  }
  if (gaussian_correction) {
    findings.push(
      `A Gaussian would have done better: draws of the one that the networks began with can be corrected to the posterior itself (${weight_words(gaussian_correction)}). Use --method gradient-gaussian with --rounds ${rounds}.`,
    );
  }
  return findings;
}

/** @param held directions of the merged Gaussian (baselines/gradient_regression.ts) */
export function held_findings(held: number): string[] {
  if (held === 0) return [];
  return [
    `In ${held} ${held === 1 ? 'direction' : 'directions'} the shards' gradients are not those of a Gaussian: the log density curves upwards there or hardly at all (a tail, a dip between modes), so the merge was held to four times the width it was expected to have. Use --method diffusion.`,
  ];
}

/**
 * Shards that were asked where the merge lies need no draws there, nor more draws; whether they contradict each other their draws still tell.
 */
export function verdict_of_rounds(
  found: Judgement,
  { correction, moved }: RoundFacts,
  further: readonly string[],
): Verdict {
  const findings = [...contradiction_findings(found), ...silent_findings(found), ...further];
  const contradictory = found.contradictions.odd.length > 0 || found.contradictions.pair;
  return {
    extrapolates: false,
    contradictory,
    headline: headline(contradictory, findings, correction, (moved.at(-1) as number) <= STILL),
    findings,
  };
}

const weight_words = ({ k_hat, ess }: Correction) =>
  `${k_hat === Number.NEGATIVE_INFINITY ? 'all large weights equal' : `k-hat ${format_significant(k_hat, 2)}`}, ${Math.round(ess)} effective draws`;

function headline(
  contradictory: boolean,
  findings: readonly string[],
  correction: Correction,
  is_still: boolean,
): string {
  if (contradictory) return 'Do not use this merge yet: shards contradict each other.';
  // Weights tell nothing of what lies where no draw is.
  if (!is_still) return 'Do not use this merge yet: it has not come to rest.';
  const asked = 'The shards were asked where the merge lies';
  if (correction.used) {
    const words = `${asked}, and the draws are corrected to the posterior itself (${weight_words(correction)})`;
    return findings.length > 0 ? `${words}, with reservations.` : `${words}.`;
  }
  return findings.length > 0 ? `${asked}, with reservations.` : `${asked}.`;
}
