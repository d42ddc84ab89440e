/** The uniform block of a population's kernels. Must match `Params` in shaders/population/bindings.wgsl. */

/** ε_t = size · (1 + t / scale)^−decay, t in steps since the schedule began; decay 0: constant. Welling & Teh 2011 with a = size · scale^decay, b = scale. */
export interface Schedule {
  size: number;
  scale: number;
  decay: number;
}

export const constant = (size: number): Schedule => ({ size, scale: 1, decay: 0 });

export interface PopulationParams {
  particles: number;
  /** The particles that are moved: the first of them, and how many. */
  first: number;
  moving: number;
  /** In this dispatch. */
  steps: number;
  /** Since these particles began. */
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
  /** τ: steps between a gradient and the step that takes it. */
  delay: number;
  /** States in the archive. */
  archived: number;
}

export const params_bytes = 80;

export function pack_params(p: PopulationParams): ArrayBuffer {
  const buffer = new ArrayBuffer(params_bytes);
  const words = new Uint32Array(buffer);
  words.set([p.particles, p.first, p.moving, p.steps, p.first_step, p.batch, p.thinning, Number(p.learning), ...p.key]);
  new Float32Array(buffer, 40).set([p.schedule.size, p.schedule.scale, p.schedule.decay, p.friction, p.known_noise]);
  words.set([p.schedule_first, p.coordinates, p.delay, p.archived], 15);
  return buffer;
}

/** Slots of `states`, as in the shader. There are as many more of the gradient as it is delayed. */
export const slot = { position: 0, velocity: 1, square: 2, proposal: 3, proposal_gradient: 4, gradient: 5 } as const;
export const slot_count = (delay: number) => 6 + delay;
