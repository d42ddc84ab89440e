/** What is said of a population's draws: how good they are, and what is to be doubted. */

import type { DrawsFile } from '../data/draws_file.ts';
import { type DrawsSummary, spent, summarize_draws } from '../data/draws_summary.ts';
import { draws_warnings } from '../data/draws_warnings.ts';
import { from_bytes } from '../engine/text.ts';
import type { Store } from '../engine/types.ts';
import type { LogDensityModel } from '../model/types.ts';
import type { GatheredDraws } from './gather.ts';
import type { Watched } from './lead.ts';
import { keys, type PopulationSpec } from './spec.ts';
import { inflation } from './staleness.ts';
import type { FinalNews } from './worker.ts';

export interface PopulationResult {
  spec: PopulationSpec;
  model: LogDensityModel;
  gathered: GatheredDraws;
  watched: Watched;
  /** Of ranks that came to their end. */
  finals: FinalNews[];
  command: string[];
  /** Of langevin. */
  version: string;
}

export async function finals_of(store: Store, spec: PopulationSpec, { news }: Watched): Promise<FinalNews[]> {
  const finals: FinalNews[] = [];
  for (let rank = 0; rank < spec.ranks; rank++) {
    const entry = await store.get(keys(spec.id).final(rank));
    const told = news[rank];
    if (entry) finals.push(from_bytes<FinalNews>(entry.value));
    else if (told) finals.push({ ...told, adapter: 'unknown' });
  }
  return finals;
}

export function population_judgement(result: PopulationResult, interrupted: boolean): DrawsSummary {
  const { spec, gathered, finals, command, version } = result;
  const seconds = finals.reduce((most, told) => Math.max(most, told.seconds), 0);
  const part = spec.warm_up / spec.segments;
  const gradients = (segments: number) => (spec.ranks * spec.particles * segments * spec.segment_steps) / 2;
  const found = summarize_draws(draws_of(gathered), {
    ...{ langevin: version, command, files: [] },
    cost: {
      gradients: spent(
        { warm_up: gradients(spec.warm_up), learning: 0, sampling: gradients(spec.segments - spec.warm_up) },
        spec.batch > 0 ? `of ${spec.batch} rows, warm-up included` : 'warm-up included',
      ),
      seconds: spent(
        { warm_up: part * seconds, learning: 0, sampling: (1 - part) * seconds },
        'of the slowest rank, warm-up included',
      ),
    },
    ...(gathered.chains_per_rank !== undefined && spec.ranks > 1 ? { superchains: spec.ranks } : {}),
  });
  return {
    ...found,
    warnings: [...draws_warnings(found, draws_of(gathered), 'sample'), ...run_warnings(result, interrupted)],
  };
}

export const draws_of = ({ parameters, chains, draws }: GatheredDraws): DrawsFile => ({
  ...{ parameters, chains, draws, sampler: {}, warmup: 0 },
});

/** By which the stiffest variance is too large, of the rank where it is most. */
export function worst_inflation({ spec, watched }: Pick<PopulationResult, 'spec' | 'watched'>): number | undefined {
  if (spec.method === 'mala') return undefined;
  const found = watched.board.seats.flatMap(({ tuned }) =>
    tuned ? [inflation({ curvature: tuned.curvature, noise: 0, delay: spec.delay }, tuned.step_size)] : [],
  );
  return found.length > 0 ? Math.max(...found) : undefined;
}

function run_warnings(result: PopulationResult, interrupted: boolean): string[] {
  const { spec, watched } = result;
  const list: string[] = [];
  if (spec.exchange === 'best') {
    list.push(
      'exchange best is an optimiser: copies of the best particle take the place of others, which is not what the posterior says. On a standard normal of 10 coordinates it makes E x² 0.90 instead of 1, and on a mixture whose narrow mode has 0.32 of the mass it gives that 0.96. Use permute, replica or differential-evolution for a posterior.',
    );
  }
  const inflated = worst_inflation(result);
  if (inflated !== undefined && inflated > spec.budget * 1.000001) {
    list.push(
      `the step size ${watched.board.seats[0]?.tuned?.step_size.toPrecision(3)} makes the variance of the stiffest direction about ${(100 * inflated).toFixed(0)} % too large, a(τ + ½) = ${inflated.toPrecision(2)} where ${spec.budget} is the budget. Leave --step out.`,
    );
  }
  const { met, exchanged } = watched.board;
  const [tried, done] = [met.reduce((a, b) => a + b, 0), exchanged.reduce((a, b) => a + b, 0)];
  if (spec.exchange === 'replica' && spec.ranks > 1) {
    const weakest = met.map((n, k) => (n > 0 ? (exchanged[k] as number) / n : 0));
    const least = Math.min(...weakest);
    if (tried > 0 && least < 0.05)
      list.push(
        `neighbouring temperatures swap at a rate of ${least.toPrecision(2)} at the least: too rarely to carry anything. More ranks, or --hottest nearer to 1.`,
      );
    if (tried === 0)
      list.push(
        'no ranks ever met to swap temperatures: segments may be too short for a run of so different speeds (--every).',
      );
  }
  if (spec.exchange === 'permute' && spec.ranks > 1 && done === 0)
    list.push('no ranks ever met to exchange particles.');
  if (spec.ranks === 1 && spec.exchange !== 'none')
    list.push(`--exchange ${spec.exchange} needs more than one rank; nothing was exchanged.`);
  if (interrupted) list.push('interrupted: ranks have done less than was asked for.');
  return list;
}
