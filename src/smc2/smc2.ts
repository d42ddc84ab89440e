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
import { create_engine, type Engine } from './engine.ts';
import { draw_from_prior } from './initial.ts';
import { likelihood_noise } from './likelihood_noise.ts';
import { check_options, first_step, type Iteration, type Smc2Options, type Smc2Result } from './options.ts';
import type { IterationParams } from './params.ts';
import { normalised, read_records, recycle } from './recycle.ts';
import { create_step_size_search, fixed_step } from './step_size.ts';

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

/**
 * Before lambda rises again, clones have to move apart: moves are repeated until this part of the population has moved, counting repeats, but at most so often.
 * Where every move is kept one move does it.
 */
const enough_moved = 0.8;
const most_moves = 3;

async function sample(
  device: Device,
  options: Smc2Options,
  engine: Engine,
  bank: FilterBank,
  history: GPUBuffer,
  key: readonly [number, number],
): Promise<Smc2Result> {
  const { model, thetas } = options;
  const search = options.step === undefined ? create_step_size_search(first_step(options)) : fixed_step(options.step);
  const params = (iteration: number, lambda: number, tempering: boolean): IterationParams => ({
    thetas,
    iteration,
    tempering,
    lambda,
    step: search.step,
    // Two population sds; in paper mode the published move, without a limit.
    drift_limit: options.preconditioned ? 2 : 1e30,
    keep_ess: options.tempering ? 0.5 : 0,
    // Accepted and rejected moves leave the weights as they are, so uneven ones would stay uneven for good.
    resample_below: options.correction === 'metropolis' ? 0.95 : 0.5,
    key,
  });
  await engine.start(draw_from_prior(model, thetas, key), params(0, 0, false));
  await refuse_impossible_data(engine, thetas);

  const iterations: Iteration[] = [];
  let lambda = 0;
  let evidence = 0;
  let final_evidence = { value: 0, relative_variance: 0 };
  let records = 0;
  let moves = 0; // at this lambda
  let moved = 0; // in these moves, as a part of the population, added up
  for (let k = 1; records < options.iterations && !options.signal?.aborted; k++) {
    const tempering = lambda < 1 && (k === 1 || moved >= enough_moved || moves >= most_moves);
    const step = search.step;
    const stats = await engine.iterate(params(k, lambda, tempering));
    moves = tempering ? 1 : moves + 1;
    moved = tempering ? stats.accepted : moved + stats.accepted;
    evidence += stats.tempered_evidence;
    lambda = stats.lambda;
    if (tempering && lambda === 1) {
      const { log_weights, families } = await engine.tempered();
      // Before resampling, with the families that have come so far.
      final_evidence = {
        value: evidence,
        // 0: systematic resampling adds next to no noise of its own, so none is taken out (test/smc2/calibration.test.ts).
        relative_variance: evidence_relative_variance({ weights: normalised(log_weights), families }, 0),
      };
    }
    evidence += stats.evidence;
    search.observe(stats);
    if (lambda === 1) engine.record(history, engine.record_bytes * records++);
    const iteration: Iteration = {
      ...stats,
      k,
      phase: lambda === 1 ? 'posterior' : 'tempering',
      step,
      log_evidence: evidence,
    };
    iterations.push(iteration);
    await options.on_iteration?.(iteration, engine.view);
  }
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
    log_evidence: { value: final_evidence.value, se: Math.sqrt(final_evidence.relative_variance) },
    interrupted: options.signal?.aborted ?? false,
  };
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
