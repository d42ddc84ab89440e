/** What is to be said of a learned merge beside what is said of its shards. */

import { format_significant } from '../../data/format_number.ts';
import type { Learned } from '../learned.ts';

/** Sds between the means of networks that differ in their random start alone. */
const MOST_DISAGREEMENT = 0.1;
/** Of the summed log densities: as many sds of a mean. */
const MOST_FIT_ERROR = 0.1;
/** Fractions of draws that weights may leave. */
const LEAST_WEIGHTS = 0.1;
const LEAST_TILT = 0.05;
const LEAST_ACCEPTANCE = 0.5;

/** @param points what the networks learned from */
export function learned_findings(learned: Learned, points = "the shards' own draws"): string[] {
  const { disagreement, fit_error, tilt_ess, acceptance, updates } = learned;
  const findings: string[] = [];
  if (disagreement !== undefined && disagreement > MOST_DISAGREEMENT) {
    findings.push(
      `Networks that differ in their random start alone disagree: their means are ${format_significant(disagreement, 2)} sd apart beyond chance, so the merge is not surer than that. Use more --updates (${updates} were made), a larger --units, or more draws of every shard.`,
    );
  }
  if (fit_error !== undefined && fit_error > MOST_FIT_ERROR) {
    findings.push(
      `Training is not finished: at ${points} the networks miss the log densities by ${format_significant(fit_error, 2)} in all, so means can be off by some ${format_significant(fit_error, 2)} sd, and by more where shards have few draws. Raise --updates (${updates} were made).`,
    );
  }
  if (fit_error === undefined) {
    findings.push(
      `Nothing shows what the networks missed after ${updates} updates: the log densities of the shards' draws are not known. Skewed shards may be off by as much as with --method gaussian. Give log densities and gradients (langevin sample --keep-gradients), or see whether twice the --updates move the means.`,
    );
  }
  findings.push(...path_findings(learned));
  if (tilt_ess !== undefined && tilt_ess < LEAST_TILT) {
    findings.push(
      `Taking the Jacobian to the power 1/S left ${format_significant(100 * tilt_ess, 2)} % of one shard's draws to learn from. Use fewer shards, or more draws.`,
    );
  }
  if (acceptance < LEAST_ACCEPTANCE) {
    findings.push(
      `HMC accepted ${format_significant(100 * acceptance, 2)} % of its moves on the way, so draws may not have come to rest. The energies are rough; use more --updates.`,
    );
  }
  return findings;
}

/** What no later weights mend: modes that hardly a particle was left in. */
export function path_findings({ weights_ess }: Pick<Learned, 'weights_ess'>): string[] {
  if (weights_ess === undefined || weights_ess >= LEAST_WEIGHTS) return [];
  return [
    `The importance weights of the path leave ${format_significant(100 * weights_ess, 2)} % of the draws, so modes may have got wrong weights. Use more --draws, and more --updates.`,
  ];
}
