/** Runs a trainer to the end of its updates, and what its losses say. */

import { UserError } from '../model/user_error.ts';
import type { MergeOnlooker } from './onlooker.ts';
import type { Losses, Trainer, TrainingState } from './train.ts';

/** At some updates. */
export type LossCurve = LossPoint[];

export interface LossPoint {
  update: number;
  /** [seed] means over all shards. */
  losses: Losses[];
}

/** Milliseconds of a dispatch that nobody watches: long enough to cost nothing between them, short enough for the driver of a screen and for progress. */
const wanted_ms = 400;

/** What a merge goes on from: its training as it was a moment ago, and what led to it. */
export interface MergeCheckpoint {
  state: TrainingState;
  curve: LossCurve;
}

export interface TrainingRun {
  shards: number;
  seeds: number;
  updates: number;
  on_progress?(done: number, of: number): void;
  onlooker?: MergeOnlooker;
  /** Of what was made before. */
  before?: LossCurve;
}

/** In dispatches of about the same length. Throws UserError for losses that are no numbers any more. */
export async function run_training(
  trainer: Trainer,
  { shards, seeds, updates, on_progress, onlooker, before = [] }: TrainingRun,
): Promise<LossCurve> {
  const curve: LossCurve = [...before];
  const ms_of_dispatch = onlooker?.wanted_ms ?? wanted_ms;
  let chunk = 8;
  for (let done = curve.at(-1)?.update ?? 0; done < updates; ) {
    const now = Math.min(chunk, updates - done, onlooker?.most_updates() ?? updates);
    const started = performance.now();
    const losses = await trainer.run(now);
    const ms = performance.now() - started;
    chunk = Math.max(1, Math.min(2 * chunk, Math.round((now * ms_of_dispatch) / ms)));
    done += now;
    refuse_divergence(losses, shards, done);
    const means = Array.from({ length: seeds }, (_, seed) => {
      const own = losses.slice(seed * shards, (seed + 1) * shards);
      const mean = (of: (l: Losses) => number) => own.reduce((sum, l) => sum + of(l), 0) / shards;
      return { score: mean((l) => l.score), energy: mean((l) => l.energy) };
    });
    const point = { update: done, losses: means };
    curve.push(point);
    on_progress?.(done, updates);
    await onlooker?.on_losses(point, async () => ({ state: await trainer.keep(), curve: [...curve] }));
  }
  return curve;
}

function refuse_divergence(losses: readonly Losses[], shards: number, done: number): void {
  const net = losses.findIndex(({ score, energy }) => !Number.isFinite(score + energy));
  if (net < 0) return;
  throw new UserError(
    `The network of shard ${(net % shards) + 1}, as they were given, diverged within ${done} updates: its loss is no number.\nSome gradients or log densities of the shard are very large beside the others: look at its draws far out, or merge by --method gaussian.`,
  );
}

/**
 * Variance of a shard's energies less its log densities in the last tenth of the training, mean over shards and seeds: the energy's loss is its weight times the variance over a batch.
 */
export function last_variance(curve: LossCurve, energy_weight: number, batch: number): number {
  const end = curve.at(-1)?.update ?? 0;
  let [sum, updates] = [0, 0];
  curve.forEach(({ update, losses }, n) => {
    if (update <= 0.9 * end) return;
    const made = update - (curve[n - 1]?.update ?? 0);
    sum += (made * losses.reduce((total, { energy }) => total + energy, 0)) / losses.length;
    updates += made;
  });
  return ((sum / updates / energy_weight) * batch) / (batch - 1);
}
