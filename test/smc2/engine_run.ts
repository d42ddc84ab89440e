/** Runs the engine of SMC² on a population that the test chooses, and reads the whole population after every iteration. */

import { create_filter_bank } from '../../src/filter/bank.ts';
import type { Columns } from '../../src/filter/observations.ts';
import type { Device } from '../../src/gpu/device.ts';
import type { StateSpaceModel } from '../../src/model/types.ts';
import { create_engine, type EngineOptions } from '../../src/smc2/engine.ts';
import type { IterationParams } from '../../src/smc2/params.ts';
import { normalised } from '../../src/smc2/recycle.ts';
import type { IterationStats } from '../../src/smc2/stats.ts';
import { default_params } from './stage.ts';

export type Kind = Pick<EngineOptions, 'langevin' | 'metropolis' | 'gaussian'>;

/** Every correction with every proposal. */
export const kinds: readonly Kind[] = [true, false].flatMap((langevin) => [
  { langevin, metropolis: true, gaussian: false },
  { langevin, metropolis: false, gaussian: false },
  { langevin, metropolis: false, gaussian: true },
]);

export interface Snapshot {
  stats: IterationStats;
  /** [particle][D] */
  phi: number[][];
  weights: Float64Array;
  families: Uint32Array;
  log_likelihood: Float32Array;
}

/** Iterates at lambda = 1, without tempering and without resampling unless `params` says otherwise. */
export async function run_engine(
  device: Device,
  problem: { model: StateSpaceModel; data: Columns },
  kind: Kind,
  phi: readonly (readonly number[])[],
  iterations: number,
  params: Partial<IterationParams> = {},
): Promise<Snapshot[]> {
  const { model, data } = problem;
  const thetas = phi.length;
  const dimension = model.scalars.length;
  const bank = await create_filter_bank(device, {
    model,
    data,
    particles: 1,
    filters: thetas,
    gradient: kind.langevin,
  });
  const engine = await create_engine(device, { ...kind, model, bank, thetas, preconditioned: true, shared: false });
  const record = device.buffers.take('langevin.test.record', engine.record_bytes);
  const settings = { ...default_params(thetas), resample_below: 0, ...params };
  const packed = new Float32Array(dimension * thetas);
  phi.forEach((x, m) => {
    x.forEach((v, i) => {
      packed[i * thetas + m] = v;
    });
  });
  await engine.start(packed, { ...settings, iteration: 0 });
  const snapshots: Snapshot[] = [];
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const stats = await engine.iterate({ ...settings, iteration });
    engine.record(record, 0);
    const words = await device.read(record, engine.record_bytes);
    const row = (i: number) => new Float32Array(words, 4 * i * thetas, thetas);
    snapshots.push({
      stats,
      phi: phi.map((x, m) => x.map((_, i) => row(i)[m] as number)),
      weights: normalised(row(dimension)),
      families: Uint32Array.from(row(dimension + 1)),
      log_likelihood: row(dimension + 2),
    });
  }
  engine.destroy();
  bank.destroy();
  device.buffers.give(record);
  return snapshots;
}
