/**
 * SMC² over the parameters of a state-space model, on the GPU (arXiv 2407.17296, 2507.07461; tempering as Duan & Fulop 2015).
 *
 * The population starts from the prior. While the likelihood's exponent lambda is below one, each iteration raises it as far as the effective sample size
 * allows, resamples, and moves every particle; then `iterations` moves follow at lambda = 1, and all of them count in the estimates (recycling). A move is corrected by
 * acceptance or by weight (shaders/smc2/reweigh.wgsl); the likelihood estimate that belongs to a particle is kept with it. The host decides the step size and reads a
 * few hundred bytes per iteration.
 */

import { evidence_relative_variance } from '../diagnostics/families.ts';
import { create_filter_bank, type FilterBank } from '../filter/bank.ts';
import { create_shared_noise } from '../filter/shared_noise.ts';
import type { Device } from '../gpu/device.ts';
import { UserError } from '../model/user_error.ts';
import { site, words_at } from '../random/threefry.ts';
import { read_run, type Smc2Checkpoint, write_run } from './checkpoint.ts';
import { create_course } from './course.ts';
import { create_engine, type Engine } from './engine.ts';
import { draw_from_prior } from './initial.ts';
import { likelihood_noise } from './likelihood_noise.ts';
import { check_options, type Iteration, type Smc2Options, type Smc2Result } from './options.ts';
import { normalised, read_records, recycle } from './recycle.ts';

/** Key of a run's random numbers; the second word tells the stages of one seed apart. */
export const smc2_key = (seed: number): readonly [number, number] => [seed >>> 0, 1];

export async function run_smc2(device: Device, options: Smc2Options): Promise<Smc2Result> {
  const { model, data, thetas } = options;
  check_options(options);
  const langevin = options.proposal === 'langevin';
  const key = smc2_key(options.seed);
  const shared = options.noise === 'shared';
  const noise = shared
    ? await create_shared_noise(device, model, data, options.particles, words_at(key, site.filter_key, 0, 0))
    : undefined;
  const bank = await create_filter_bank(device, {
    model,
    data,
    particles: options.particles,
    filters: thetas,
    gradient: langevin,
    blend: options.blend,
    ...(options.filter_proposal ? { proposal: options.filter_proposal } : {}),
    ...(options.shape ? { shape: options.shape } : {}),
    ...(noise ? { shared_noise: noise } : {}),
  });
  const engine = await create_engine(device, {
    model,
    bank,
    thetas,
    langevin,
    metropolis: options.correction === 'metropolis',
    gaussian: options.correction === 'weight' && options.l_kernel === 'gaussian',
    preconditioned: options.preconditioned,
    shared,
  });
  const history = device.buffers.take('langevin.smc2.history', engine.record_bytes * options.iterations);
  try {
    return await sample(device, options, engine, bank, history, key);
  } finally {
    engine.destroy();
    bank.destroy();
    for (const buffer of [history, ...(noise ? [noise] : [])]) device.buffers.give(buffer);
  }
}

async function sample(
  device: Device,
  options: Smc2Options,
  engine: Engine,
  bank: FilterBank,
  history: GPUBuffer,
  key: readonly [number, number],
): Promise<Smc2Result> {
  const { model, thetas, resumed } = options;
  const course = create_course(options, key);
  const iterations: Iteration[] = [...(resumed?.iterations ?? [])];
  let evidence_variance = resumed?.evidence_variance ?? 0;
  if (resumed) {
    for (const iteration of iterations) course.observe(iteration);
    write_run(device, engine.view, history, resumed);
  } else {
    await engine.start(draw_from_prior(model, thetas, key), course.first);
    await refuse_impossible_data(engine, thetas);
  }
  const checkpoint = async (): Promise<Smc2Checkpoint> => ({
    ...{ iterations: [...iterations], evidence_variance },
    ...(await read_run(device, model, engine.view, history, course.records)),
  });
  while (course.records < options.iterations && !options.signal?.aborted) {
    const { next } = course;
    const iteration = course.observe(await engine.iterate(next));
    if (next.tempering && course.lambda === 1) evidence_variance = await variance_of_evidence(engine);
    if (course.lambda === 1) engine.record(history, engine.record_bytes * (course.records - 1));
    iterations.push(iteration);
    await options.on_iteration?.(iteration, engine.view, checkpoint);
  }
  const { records } = course;
  if (records === 0) throw new UserError('Interrupted before the population reached the posterior; nothing to report.');
  const bytes = await device.read(history, engine.record_bytes * records);
  const posterior = read_records(new Float32Array(bytes), records, thetas, model);
  const recycled = recycle(posterior, model);
  return {
    ...recycled,
    likelihood_sd: await likelihood_noise(
      device,
      bank,
      Object.values(recycled.parameters).map((p) => p.mean),
      key,
    ),
    iterations,
    records: posterior,
    log_evidence: { value: course.evidence_at_one, se: Math.sqrt(evidence_variance) },
    interrupted: options.signal?.aborted ?? false,
  };
}

/** Relative variance of the evidence when lambda has come to 1: before resampling, with the families that have come so far. */
async function variance_of_evidence(engine: Engine): Promise<number> {
  const { log_weights, families } = await engine.tempered();
  // 0: systematic resampling adds next to no noise of its own, so none is taken out (test/smc2/calibration.test.ts).
  return evidence_relative_variance({ weights: normalised(log_weights), families }, 0);
}

/** Throws when no parameter drawn from the prior can have produced the data. */
async function refuse_impossible_data(engine: Engine, thetas: number) {
  const deaths = await engine.deaths();
  const steps = Array.from(deaths.subarray(0, thetas));
  if (steps.some((step) => step === 0)) return;
  const last = Math.max(...steps);
  throw new UserError(
    `Every likelihood is zero: none of ${thetas} parameter draws from the prior can explain time step ${last}.\n` +
      'Check that row for a wrong value or unit, the model, and whether the prior reaches parameters that fit.',
  );
}
