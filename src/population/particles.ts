/** Particles on one device that move by stochastic gradient Langevin dynamics, each by itself (shaders/population). */

import type { Device } from '../gpu/device.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { check_particles } from './check_particles.ts';
import { constant, type PopulationParams, pack_params, params_bytes, slot, slot_count } from './params.ts';
import { population_modules } from './target_module.ts';
import type { Particles, ParticlesOptions, Range } from './types.ts';

/** Row evaluations in one dispatch: well below the watchdogs. */
const most_evaluations = 2 ** 24;
const lanes = 64;

export async function create_particles(device: Device, options: ParticlesOptions): Promise<Particles> {
  check_particles(options);
  const { model, rows, particles, batch, method, anchor, key, start, friction = 0.1, known_noise = 0 } = options;
  const { delay = 0, prior_power = 1 } = options;
  const { dimension } = model;
  const modules = population_modules(model, rows.count, { anchored: anchor !== undefined, prior_power });
  const kernel_of = (name: string, conditions = {}) =>
    device.kernel({ kernel: `population/${name}`, modules, conditions });
  const langevin = await kernel_of('langevin', { momentum: method === 'sghmc', adjusted: method === 'mala' });
  const states = new Float32Array(slot_count(delay) * dimension * particles);
  states.set(start, slot.position * dimension * particles);
  const upload = (role: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
    device.upload(`langevin.population.${role}`, data);
  const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  /** Of every kernel. */
  const target = {
    params: device.buffers.take('langevin.population.params', params_bytes, uniform),
    beta: upload('beta', new Float32Array(particles).fill(1)),
    states: upload('states', states),
    ...(rows.count > 0 ? { data: upload('data', rows.values) } : {}),
    ...(anchor
      ? { anchor: upload('anchor', Float32Array.from([...Array.from(anchor.theta), ...Array.from(anchor.score)])) }
      : {}),
  };
  const metric = upload('metric', new Float32Array(dimension).fill(1));
  const tally = upload('tally', new Uint32Array(particles));
  const rest = { particles, key, friction, known_noise, coordinates: dimension, delay };
  const range_of = ({ first = 0, count = particles - first }: Partial<Range>) => ({ first, moving: count });
  const dispatch = (
    kernel: Kernel,
    group: GPUBindGroup,
    stage: string,
    params: Omit<PopulationParams, keyof typeof rest>,
  ) => {
    device.gpu.queue.writeBuffer(target.params, 0, pack_params({ ...rest, ...params }));
    device.submit(`langevin.population.${stage}`, (pass) =>
      kernel.dispatch(pass, group, Math.ceil(params.moving / lanes)),
    );
  };
  /** Of a dispatch that makes one step and records nothing. */
  const single = { steps: 1, thinning: 0, learning: false, schedule: constant(0), schedule_first: 0, archived: 0 };
  const with_buffer = async <T>(role: string, bytes: number, use: (buffer: GPUBuffer) => Promise<T>): Promise<T> => {
    const buffer = device.buffers.take(`langevin.population.${role}`, Math.max(4, bytes));
    try {
      return await use(buffer);
    } finally {
      device.buffers.give(buffer);
    }
  };
  const at = (which: number, d: number, first: number) => 4 * ((which * dimension + d) * particles + first);
  return {
    dimension,
    count: particles,
    async move({ steps, first_step, schedule, schedule_first = 0, thinning = 0, learning = false, ...range }) {
      if (thinning > 0 && steps % thinning !== 0) throw new Error(`${steps} steps are no multiple of ${thinning}`);
      const { first, moving } = range_of(range);
      const per_step = moving * Math.max(1, batch === 0 ? rows.count : batch * (anchor ? 2 : 1));
      const most_steps = Math.max(1, Math.floor(most_evaluations / per_step));
      const chunk = thinning > 0 ? Math.max(thinning, most_steps - (most_steps % thinning)) : most_steps;
      const numbers = (made: number) => (thinning > 0 ? (made / thinning) * dimension * moving : 0);
      const all = new Float32Array(numbers(steps));
      return with_buffer('draws', 4 * numbers(Math.min(chunk, steps)), async (draws) => {
        const group = langevin.bind({ ...target, metric, draws, ...(method === 'mala' ? { tally } : {}) });
        for (let made = 0; made < steps; made += chunk) {
          const now = Math.min(chunk, steps - made);
          const counted = { first, moving, steps: now, first_step: first_step + made, archived: 0 };
          dispatch(langevin, group, 'move', { ...counted, batch, thinning, learning, schedule, schedule_first });
          if (thinning > 0) all.set(new Float32Array(await device.read(draws, 4 * numbers(now))), numbers(made));
        }
        await device.finish();
        return all;
      });
    },
    async evaluate({ batch: some = 0, first_step = 0, ...range } = {}) {
      const kernel = await kernel_of('evaluate');
      return with_buffer('parts', 12 * particles, async (parts) => {
        const { first, moving } = range_of(range);
        dispatch(kernel, kernel.bind({ ...target, parts }), 'evaluate', {
          ...single,
          first,
          moving,
          first_step,
          batch: some,
        });
        const found = new Float32Array(await device.read(parts, 12 * particles));
        const part = (n: number) => found.slice(n * particles + first, n * particles + first + moving);
        return { log_prior: part(0), log_likelihood: part(1), variance: part(2) };
      });
    },
    async evolve({ values, states: archived }, { first_step, ...range }) {
      const kernel = await kernel_of('evolve');
      const archive = upload('archive', values);
      try {
        dispatch(kernel, kernel.bind({ ...target, tally, archive }), 'evolve', {
          ...{ ...single, ...range_of(range) },
          ...{ first_step, archived, batch: 0 },
        });
        await device.finish();
      } finally {
        device.buffers.give(archive);
      }
    },
    async read(which, range = {}) {
      const { first, moving } = range_of(range);
      const slot_of = new Float32Array(await device.read(target.states, 4 * dimension * particles, at(which, 0, 0)));
      const values = new Float32Array(dimension * moving);
      for (let d = 0; d < dimension; d++) {
        values.set(slot_of.subarray(d * particles + first, d * particles + first + moving), d * moving);
      }
      return values;
    },
    write(which, values, range = {}) {
      const { first, moving } = range_of(range);
      for (let d = 0; d < dimension; d++) {
        device.gpu.queue.writeBuffer(target.states, at(which, d, first), values, d * moving, moving);
      }
    },
    temper: (beta) => device.gpu.queue.writeBuffer(target.beta, 0, beta),
    set_metric: (values) => device.gpu.queue.writeBuffer(metric, 0, values),
    accepted: async () => new Uint32Array(await device.read(tally, 4 * particles)),
    destroy() {
      for (const buffer of [...Object.values(target), metric, tally]) device.buffers.give(buffer);
    },
  };
}
