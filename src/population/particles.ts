/** Particles on one device that move by stochastic gradient Langevin dynamics, each by itself (shaders/population/langevin.wgsl). */

import type { Device } from '../gpu/device.ts';
import type { PackedRows } from '../model/pack_rows.ts';
import type { LogDensityModel } from '../model/types.ts';
import type { Words } from '../random/threefry.ts';
import { pack_params, params_bytes, type Schedule, slot, slot_count } from './params.ts';
import { population_modules } from './target_module.ts';

export interface ParticlesOptions {
  model: LogDensityModel;
  rows: PackedRows;
  particles: number;
  /** Rows of a gradient, drawn with replacement; 0: all of them, each once. */
  batch: number;
  method: 'sgld' | 'sghmc';
  /** SGHMC: α, the part of the velocity that a step takes away, and β̂, the known part of the gradient's noise in it. */
  friction?: number;
  known_noise?: number;
  /** Control variates: the parameters they are taken at, and the gradient of the log likelihood of all rows there, by parameter. */
  anchor?: { theta: ArrayLike<number>; score: ArrayLike<number> };
  prior_power?: number;
  key: Words;
  /** phi [D][particle] */
  start: Float32Array<ArrayBuffer>;
}

export interface RunOptions {
  steps: number;
  schedule: Schedule;
  /** The schedule begins with this run; absent: it goes on. */
  begins?: boolean;
  /** Of so many steps, the last is recorded; absent: none. A divisor of `steps`. */
  thinning?: number;
  /** Mean squares of the gradient are gathered for `learn_metric`. */
  learning?: boolean;
}

export interface Particles {
  readonly dimension: number;
  /** Steps since the population began. */
  readonly steps: number;
  /** Draws [record][D][particle], phi. */
  run(options: RunOptions): Promise<Float32Array>;
  /** phi [D][particle] */
  positions(): Promise<Float32Array>;
  /** G of RMSprop from the gathered mean squares, one for all particles, from here on; its geometric mean is 1, so that step sizes keep their meaning. */
  learn_metric(): Promise<Float32Array>;
  destroy(): void;
}

/** Row evaluations in one dispatch: well below the watchdogs. */
const most_evaluations = 2 ** 24;
/** Of RMSprop, beside the root of a mean square per row. */
const least_root = 1e-5;

export async function create_particles(device: Device, options: ParticlesOptions): Promise<Particles> {
  const { model, rows, particles, batch, method, anchor, key, start, friction = 0.1, known_noise = 0 } = options;
  const { dimension } = model;
  const scalars = model.scalars.length;
  if (start.length !== dimension * particles)
    throw new Error(`${start.length} numbers to start ${particles} particles of ${dimension} coordinates from`);
  if (method === 'sghmc' && !(known_noise >= 0 && known_noise < friction && friction <= 1))
    throw new Error(`SGHMC needs 0 ≤ known noise ${known_noise} < friction ${friction} ≤ 1`);
  if (anchor && (anchor.theta.length !== scalars || anchor.score.length !== scalars))
    throw new Error(`an anchor of ${anchor.theta.length} and ${anchor.score.length} numbers for ${scalars} parameters`);
  if (anchor && (model.entry === 'log_density' || rows.count === 0))
    throw new Error('control variates are for a likelihood by rows');
  const power = options.prior_power === undefined ? {} : { prior_power: options.prior_power };
  const kernel = await device.kernel({
    kernel: 'population/langevin',
    modules: population_modules(model, rows.count, { anchored: anchor !== undefined, ...power }),
    conditions: { momentum: method === 'sghmc' },
  });
  const upload = (role: string, data: Float32Array<ArrayBuffer>) => device.upload(`langevin.population.${role}`, data);
  const states = new Float32Array(slot_count * dimension * particles);
  states.set(start, slot.position * dimension * particles);
  const evaluations = particles * Math.max(1, batch === 0 ? rows.count : batch * (anchor ? 2 : 1));
  const most_steps = Math.max(1, Math.floor(most_evaluations / evaluations));
  const own = {
    params: device.buffers.take(
      'langevin.population.params',
      params_bytes,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    ),
    metric: upload('metric', new Float32Array(dimension).fill(1)),
    states: upload('states', states),
    ...(rows.count > 0 ? { data: upload('data', rows.values) } : {}),
    ...(anchor
      ? { anchor: upload('anchor', Float32Array.from([...Array.from(anchor.theta), ...Array.from(anchor.score)])) }
      : {}),
  };
  let done = 0;
  let schedule_first = 0;
  const read_slot = async (which: number) =>
    new Float32Array(await device.read(own.states, 4 * dimension * particles, 4 * which * dimension * particles));
  return {
    dimension,
    get steps() {
      return done;
    },
    async run({ steps, schedule, begins = false, thinning = 0, learning = false }) {
      if (begins) schedule_first = done;
      if (thinning > 0 && steps % thinning !== 0) throw new Error(`${steps} steps are no multiple of ${thinning}`);
      const chunk = thinning > 0 ? Math.max(thinning, most_steps - (most_steps % thinning)) : most_steps;
      const records = thinning > 0 ? steps / thinning : 0;
      const all = new Float32Array(records * dimension * particles);
      const kept = thinning > 0 ? Math.min(chunk, steps) / thinning : 0;
      const draws = device.buffers.take('langevin.population.draws', Math.max(4, 4 * kept * dimension * particles));
      try {
        const group = kernel.bind({ ...own, draws });
        for (let made = 0; made < steps; ) {
          const now = Math.min(chunk, steps - made);
          const params = { particles, steps: now, first_step: done, batch, thinning, learning, key, schedule };
          const rest = { schedule_first, friction, known_noise, coordinates: dimension };
          device.gpu.queue.writeBuffer(own.params, 0, pack_params({ ...params, ...rest }));
          device.submit('langevin.population.move', (pass) => kernel.dispatch(pass, group, Math.ceil(particles / 64)));
          if (thinning > 0) {
            const numbers = (now / thinning) * dimension * particles;
            const read = new Float32Array(await device.read(draws, 4 * numbers));
            all.set(read, (made / thinning) * dimension * particles);
          }
          made += now;
          done += now;
        }
        await device.finish();
        return all;
      } finally {
        device.buffers.give(draws);
      }
    },
    positions: () => read_slot(slot.position),
    async learn_metric() {
      const squares = await read_slot(slot.square);
      const scale = Float64Array.from({ length: dimension }, (_, d) => {
        const mean = squares.subarray(d * particles, (d + 1) * particles).reduce((sum, v) => sum + v / particles, 0);
        return 1 / (least_root + Math.sqrt(mean));
      });
      const log_mean = scale.reduce((sum, g) => sum + Math.log(g) / dimension, 0);
      const metric = Float32Array.from(scale, (g) => g / Math.exp(log_mean));
      device.gpu.queue.writeBuffer(own.metric, 0, metric);
      return metric;
    },
    destroy() {
      for (const buffer of Object.values(own)) device.buffers.give(buffer);
    },
  };
}
