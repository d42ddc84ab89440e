/** Shards that can be asked: models with data, which know their density anywhere. */
import type { Points } from '../../diagnostics/points.ts';
import { UserError } from '../../model/user_error.ts';

/** What a shard says of some points, in the coordinates of the merge. */
export interface ShardAnswer {
  /** [point] up to a constant that is the same in every answer of the shard. */
  log_densities: Float64Array;
  /** [point][dimension] */
  gradients: Float64Array;
}

/**
 * The log density of one shard with its gradient, such that the sum over all shards is that of the posterior in the coordinates of the merge: of bounded parameters with the Jacobian to the power 1/S
 * (shards/space.ts).
 */
export type ShardOracle = (points: Points) => Promise<ShardAnswer>;

/** Points that every shard answered. */
export interface Asked {
  points: Points;
  /** [shard] */
  answers: ShardAnswer[];
  /** [point] which of those that were asked it is. */
  kept: number[];
}

/** Points where some shard's density is 0 or not a number count for none of them, so that a few far out do no harm. */
const MOST_LOST = 0.1;

/** One shard after the other. Throws UserError where many of the points have no density. */
export async function ask_all(oracles: readonly ShardOracle[], points: Points): Promise<Asked> {
  const { count, dimension } = points;
  const answers: ShardAnswer[] = [];
  for (const oracle of oracles) answers.push(await oracle(points));
  const kept: number[] = [];
  for (let i = 0; i < count; i++) if (answers.every((answer) => is_known(answer, i, dimension))) kept.push(i);
  if (kept.length === count) return { points, answers, kept };
  const lost = count - kept.length;
  if (lost > MOST_LOST * count) {
    const worst = answers.findIndex((answer) => !is_known(answer, first_lost(answers, points), dimension));
    throw new UserError(
      `Shard ${worst + 1}, as they were given, has no finite log density or gradient at points where the merge lies: ${lost} of ${count} asked.\nThe likelihood of its model is 0 or overflows inside its parameters' bounds; give the parameters bounds that keep them out of there, or merge without --rounds.`,
    );
  }
  const take = (values: Float64Array, width: number) => {
    const taken = new Float64Array(kept.length * width);
    kept.forEach((from, i) => {
      taken.set(values.subarray(from * width, (from + 1) * width), i * width);
    });
    return taken;
  };
  return {
    points: { count: kept.length, dimension, values: take(points.values, dimension) },
    answers: answers.map(({ log_densities, gradients }) => ({
      log_densities: take(log_densities, 1),
      gradients: take(gradients, dimension),
    })),
    kept,
  };
}

function first_lost(answers: readonly ShardAnswer[], { count, dimension }: Points): number {
  let i = 0;
  while (i < count && answers.every((answer) => is_known(answer, i, dimension))) i++;
  return i;
}

function is_known({ log_densities, gradients }: ShardAnswer, i: number, dimension: number): boolean {
  if (!Number.isFinite(log_densities[i])) return false;
  for (let at = i * dimension; at < (i + 1) * dimension; at++) if (!Number.isFinite(gradients[at])) return false;
  return true;
}
