/** The uniform block of a population's kernels. Must match `Params` in shaders/population/bindings.wgsl. */

/** ε_t = size · (1 + t / scale)^−decay, t in steps since the schedule began; decay 0: constant. Welling & Teh 2011 with a = size · scale^decay, b = scale. */
export interface Schedule {
  size: number;
  scale: number;
  decay: number;
}

export interface PopulationParams {
  particles: number;
  /** In this dispatch. */
  steps: number;
  /** Since the population began. */
  first_step: number;
  /** Rows of a gradient; 0: all. */
  batch: number;
  /** Of so many steps, the last is recorded; 0: none. */
  thinning: number;
  /** Mean squares of the gradient are gathered. */
  learning: boolean;
  key: readonly [number, number];
  schedule: Schedule;
  /** Step at which the schedule began. */
  schedule_first: number;
  /** α and β̂ of SGHMC. */
  friction: number;
  known_noise: number;
  /** D. */
  coordinates: number;
}

export const params_bytes = 64;

export function pack_params(p: PopulationParams): ArrayBuffer {
  const buffer = new ArrayBuffer(params_bytes);
  const words = new Uint32Array(buffer);
  words.set([p.particles, p.steps, p.first_step, p.batch, p.thinning, Number(p.learning), ...p.key]);
  new Float32Array(buffer, 32).set([p.schedule.size, p.schedule.scale, p.schedule.decay, p.friction, p.known_noise]);
  words.set([p.schedule_first, p.coordinates], 13);
  return buffer;
}

/** Slots of `states`, as in the shader. */
export const slot = { position: 0, gradient: 1, velocity: 2, square: 3 } as const;
export const slot_count = 4;
