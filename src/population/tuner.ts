/** Finds the metric and the step size of a rank while it warms up, and keeps them afterwards. What it found is on the board, so a rank that begins again has it. */

import { get_blob, put_blob } from '../engine/blobs.ts';
import type { Store } from '../engine/types.ts';
import type { Device } from '../gpu/device.ts';
import type { Board, Tuned } from './exchange/board.ts';
import { metric_of_squares } from './metric.ts';
import { constant, type Schedule, slot } from './params.ts';
import { keys, type PopulationSpec } from './spec.ts';
import { adapted_step, learns_metric, measure_steepness, part_of_step, tuning_segments } from './tune.ts';
import type { Particles, ParticlesOptions } from './types.ts';

export interface Tuner {
  /** Before a segment: what is measured there, or what was found before. */
  before(segment: number, board: Board, betas: ArrayLike<number>): Promise<Tuned>;
  /** After it: for the board, where it changed. @param has_evolved whether every particle had a move of differential evolution too */
  after(segment: number, tuned: Tuned, has_evolved: boolean): Promise<Tuned | undefined>;
  /** Of a segment. */
  schedule(segment: number): Schedule;
  /** MALA: part of the proposals after warm-up that were accepted, those of differential evolution among them; of this process. */
  readonly acceptance: number | undefined;
}

interface TunerOptions {
  device: Device;
  options: ParticlesOptions;
  particles: Particles;
  store: Store;
  spec: PopulationSpec;
  rank: number;
  /** Of its lease. */
  epoch: number;
}

export async function create_tuner({
  device,
  options,
  particles,
  store,
  spec,
  rank,
  epoch,
}: TunerOptions): Promise<Tuner> {
  let metric: Float32Array<ArrayBuffer> = new Float32Array(particles.dimension).fill(1);
  let metric_name: string | undefined;
  let tuned: Tuned | undefined;
  let accepted = 0;
  const sampling = { proposals: 0, accepted: 0 };
  const points = tuning_segments(spec.warm_up);
  const use_metric = (values: Float32Array<ArrayBuffer>, name: string) => {
    [metric, metric_name] = [values, name];
    particles.set_metric(values);
  };
  const accepted_now = async () => (await particles.accepted()).reduce((sum, n) => sum + n, 0);
  return {
    async before(segment, board, betas) {
      const known = board.seats[rank]?.tuned;
      if (known?.metric && known.metric !== metric_name) {
        const bytes = await get_blob(store, known.metric);
        if (!bytes) throw new Error(`the metric of rank ${rank}, ${known.metric}, is not in the store`);
        use_metric(new Float32Array(bytes.slice().buffer), known.metric);
      }
      tuned = known ?? tuned;
      if (points.includes(segment)) {
        if (learns_metric(spec, segment)) {
          const found = metric_of_squares(await particles.read(slot.square), spec.particles);
          const name = keys(spec.id).metric(rank, segment, epoch);
          await put_blob(store, name, new Uint8Array(found.buffer));
          use_metric(found, name);
        }
        const { curvature, allowed } = await measure_steepness(device, options, { particles, betas, metric, spec });
        // A proposal may be as long as the stiffest direction allows; its acceptance says then what is best.
        const first = spec.method === 'mala' ? 1 / curvature : allowed;
        const keeps = spec.method === 'mala' && tuned && !learns_metric(spec, segment) ? tuned.step_size : first;
        const step_size = spec.step_size ?? keeps;
        if (!(step_size > 0 && Number.isFinite(step_size)))
          throw new Error(`rank ${rank} found no step size: the curvature is ${curvature} where its particles are`);
        tuned = { step_size, curvature, ...(metric_name ? { metric: metric_name } : {}) };
      }
      return tuned as Tuned;
    },
    async after(segment, now, has_evolved) {
      if (spec.method !== 'mala') return now;
      const all = await accepted_now();
      const moves = spec.segment_steps + Number(has_evolved);
      const [proposals, taken] = [(spec.particles >> 1) * moves, all - accepted];
      accepted = all;
      if (segment >= spec.warm_up) {
        sampling.proposals += proposals;
        sampling.accepted += taken;
        return now;
      }
      if (spec.step_size !== undefined || part_of_step(spec, segment) < 1) return now;
      tuned = { ...now, step_size: adapted_step(now.step_size, taken / proposals, segment) };
      return tuned;
    },
    get acceptance() {
      return sampling.proposals > 0 ? sampling.accepted / sampling.proposals : undefined;
    },
    schedule(segment) {
      const { step_size } = tuned as Tuned;
      if (segment < spec.warm_up || spec.decay === 0) return constant(step_size * part_of_step(spec, segment));
      return { size: step_size, scale: spec.decay_scale, decay: spec.decay };
    },
  };
}
