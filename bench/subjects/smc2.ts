/**
 * SMC² by wall time: to a stated accuracy on LGSSM, and on the problem that smcx publishes times for. Each timed run starts cold, from the prior and on a device that has
 * compiled nothing.
 */

import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { exact_log_evidence, unknown_ar, unknown_ar_data } from '../models/unknown_ar.ts';
import { summarise } from '../quartiles.ts';
import type { Row } from '../record.ts';
import { type Smc2Work, type TimedRun, time_cold, time_smc2, worst_error } from '../smc2_run.ts';
import type { Context, Subject } from '../subject.ts';

export const smc2: Subject = {
  name: 'smc2',
  what: 'SMC² from a cold start: LGSSM to a stated accuracy; unknown AR coefficient, 512 × 512 and 1024 × 1024',
  async run(context) {
    await to_accuracy(context);
    await published_problem(context);
  },
};

function row_of(label: string, work: Smc2Work, runs: readonly TimedRun[], note?: string): Row {
  const wall = summarise(runs.map((run) => run.ms));
  const count = summarise(runs.map((run) => run.particle_steps)).median;
  return {
    label,
    sizes: {
      filters: work.thetas,
      particles: work.particles,
      steps: work.observations.length,
      moves: work.moves,
    },
    work: { count, unit: 'particle-steps' },
    wall,
    gpu_note: 'a run starts on a device of its own, compilation included',
    rate: count / (wall.median / 1000),
    peers: [],
    ...(note ? { note } : {}),
  };
}

/** Moves are doubled until the worst mean is known to `wanted` posterior sds; then that run is timed from a cold start, three times with other seeds. */
async function to_accuracy(context: Context) {
  const { device, quick } = context;
  const hardware = device.adapter.kind === 'hardware';
  // A population that a software adapter gets through in minutes; quick only shows that it runs.
  const wanted = quick && !hardware ? 0.15 : 0.02;
  const thetas = quick && !hardware ? 128 : hardware ? 4096 : 2048;
  const work: Smc2Work = {
    model: built_in_model('lgssm'),
    observations: portable_lgssm(100),
    thetas,
    particles: quick && !hardware ? 64 : 200,
    moves: 8,
    seed: 1,
  };
  const most_moves = 256;
  for (;;) {
    const { result, ms } = await time_smc2(device, work);
    const error = worst_error(result);
    context.say(`${work.moves} moves: error ${error.toFixed(3)} sd, ${(ms / 1000).toFixed(1)} s`);
    if (error < wanted) break;
    if (work.moves >= most_moves) {
      context.find({
        label: `worst Monte Carlo error of a posterior mean after ${work.moves} moves`,
        value: error,
        unit: 'sd',
        wanted: `below ${wanted}`,
        met: false,
      });
      return;
    }
    work.moves *= 2;
  }
  const runs: TimedRun[] = [];
  for (let seed = 1; seed <= (hardware || quick ? 3 : 1); seed++) {
    runs.push(await time_cold(context.open_device, { ...work, seed }));
  }
  const note = `until the Monte Carlo error of every posterior mean is below ${wanted} sd; the number of moves was found beforehand by doubling`;
  context.report(row_of('SMC², LGSSM', work, runs, note));
  const errors = runs.map((run) => worst_error(run.result));
  context.find({
    label: 'SMC², LGSSM: worst Monte Carlo error of a posterior mean, median of the timed runs',
    value: summarise(errors).median,
    unit: 'sd',
    wanted: `below ${wanted}`,
    met: summarise(errors).median < wanted,
  });
}

/** Times of the package smcx on another machine, for the same numbers of particles. Not measured by us and not on this device, so only named. */
const published = [
  { size: 512, seconds: 0.57 },
  { size: 1024, seconds: 2.85 },
] as const;

async function published_problem(context: Context) {
  const hardware = context.device.adapter.kind === 'hardware';
  for (const { size, seconds } of context.quick && !hardware ? [] : published) {
    const work: Smc2Work = {
      model: unknown_ar,
      observations: unknown_ar_data,
      thetas: size,
      particles: size,
      moves: 1,
      seed: 1,
    };
    const runs: TimedRun[] = [];
    for (let seed = 1; seed <= (hardware ? 5 : 3); seed++) {
      runs.push(await time_cold(context.open_device, { ...work, seed }));
    }
    const note = `smcx publishes ${seconds} s for this problem and size, measured on an Apple M3 Pro's GPU: another machine, another day`;
    context.report(row_of(`SMC², unknown AR coefficient`, work, runs, note));
    const evidence = summarise(runs.map((run) => run.result.log_evidence.value));
    const error = summarise(runs.map((run) => run.result.log_evidence.se));
    context.find({
      label: `SMC², unknown AR coefficient, ${size} × ${size}: log-evidence, median of the runs`,
      value: evidence.median,
      standard_error: error.median,
      wanted: `${exact_log_evidence.rounded} ± 0.1`,
      met: Math.abs(evidence.median - exact_log_evidence.rounded) <= 0.1,
    });
  }
}
