/** SMC² on LGSSM until its own error is below what is wanted; then how long that takes with fresh seeds, and how far those runs are from the exact posterior. */

import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import type { Smc2Result } from '../../src/smc2/options.ts';
import { lgssm_posterior } from '../models/lgssm_posterior.ts';
import type { Context } from '../subject.ts';
import { row_of } from './row.ts';
import { type Smc2Work, type TimedRun, time_cold, time_smc2, worst_error } from './run.ts';

/** None is the search's, whose error was small because it was searched for. */
const seeds = [2, 3, 4];
const most_moves = 256;
/** The search asks for a fifth less than is wanted: the error is an estimate itself, and every timed run is to stay below. */
const margin = 0.8;

/**
 * Moves are doubled until the worst mean is known to `wanted` posterior sds, with a margin, by seed 1; then runs with that many are timed from a cold start. A mean whose error is e differs from the
 * exact one by more than 4 e once in 16 000, so at most one series of three runs and three parameters in 1700 is called wrong.
 */
export async function time_to_accuracy(context: Context): Promise<void> {
  const { device, quick } = context;
  // A population that a software adapter gets through in minutes; quick only shows that it runs.
  const only_shown = quick && device.adapter.kind === 'software';
  const wanted = only_shown ? 0.15 : 0.02;
  const thetas = only_shown ? 128 : device.adapter.kind === 'hardware' ? 4096 : 2048;
  const work = await search(context, wanted, {
    model: built_in_model('lgssm'),
    observations: portable_lgssm(lgssm_posterior.steps),
    thetas,
    particles: only_shown ? 64 : 200,
    moves: 8,
    seed: 1,
  });
  if (!work) return;
  const runs: TimedRun[] = [];
  for (const seed of seeds) runs.push(await time_cold(context.open_device, { ...work, seed }));
  const note = `until the Monte Carlo error of every posterior mean is below ${wanted} sd; the number of moves was found beforehand by doubling, with another seed`;
  context.report(row_of('SMC², LGSSM', work, runs, note));
  const worst = (of: (result: Smc2Result) => number) => Math.max(...runs.map(({ result }) => of(result)));
  const error = worst(worst_error);
  context.find({
    label: 'SMC², LGSSM: worst Monte Carlo error of a posterior mean, of all timed runs',
    value: error,
    unit: 'sd',
    wanted: `below ${wanted}`,
    met: error < wanted,
  });
  const distance = worst(distance_from_exact);
  context.find({
    label: 'SMC², LGSSM: worst distance of a posterior mean from the exact one, of all timed runs',
    value: distance,
    unit: 'sd',
    wanted: `below ${4 * wanted}, four Monte Carlo errors`,
    met: distance < 4 * wanted,
  });
  context.find({
    label: `SMC², LGSSM: worst distance of the log-evidence from the exact ${lgssm_posterior.log_evidence}, of all timed runs`,
    value: worst(({ log_evidence }) => Math.abs(log_evidence.value - lgssm_posterior.log_evidence)),
    standard_error: worst(({ log_evidence }) => log_evidence.se),
  });
}

/** The work with enough moves; undefined, and found so, where the most are not enough. */
async function search(context: Context, wanted: number, start: Smc2Work): Promise<Smc2Work | undefined> {
  let error = Number.POSITIVE_INFINITY;
  for (let { moves } = start; moves <= most_moves; moves *= 2) {
    const work = { ...start, moves };
    const { result, ms } = await time_smc2(context.device, work);
    error = worst_error(result);
    context.say(`${moves} moves: error ${error.toFixed(3)} sd, ${(ms / 1000).toFixed(1)} s`);
    if (error < margin * wanted) return work;
  }
  context.find({
    label: `SMC², LGSSM: worst Monte Carlo error of a posterior mean after ${most_moves} moves`,
    value: error,
    unit: 'sd',
    wanted: `below ${margin * wanted}, to time runs below ${wanted}`,
    met: false,
  });
  return undefined;
}

/** In posterior sds, of the parameter that is furthest off. */
function distance_from_exact({ parameters }: Smc2Result): number {
  const { mean, sd } = lgssm_posterior;
  const distances = (['mu', 'phi', 'sigma'] as const).map((name) => {
    const found = parameters[name];
    if (!found) throw new Error(`the posterior has no ${name}`);
    return Math.abs(found.mean - mean[name]) / sd[name];
  });
  return Math.max(...distances);
}
