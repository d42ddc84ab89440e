/** What particles of a population are made of, and what can be asked of them. */

import type { PackedRows } from '../model/pack_rows.ts';
import type { LogDensityModel } from '../model/types.ts';
import type { Words } from '../random/threefry.ts';
import type { Schedule } from './params.ts';

export const methods = ['sgld', 'sghmc', 'mala'] as const;
export type Method = (typeof methods)[number];

export interface ParticlesOptions {
  model: LogDensityModel;
  rows: PackedRows;
  particles: number;
  /** Rows of a gradient, drawn with replacement; 0: all of them, each once. */
  batch: number;
  method: Method;
  /** SGHMC: α, the part of the velocity that a step takes away, and β̂, the known part of the gradient's noise in it. */
  friction?: number;
  known_noise?: number;
  /** Control variates: the parameters they are taken at, and the gradient of the log likelihood of all rows there, by parameter. */
  anchor?: { theta: ArrayLike<number>; score: ArrayLike<number> };
  prior_power?: number;
  /** τ of staleness.ts: a step takes the gradient of τ steps before. */
  delay?: number;
  key: Words;
  /** phi [D][particle] */
  start: Float32Array<ArrayBuffer>;
}

/** Neighbouring particles. */
export interface Range {
  first: number;
  count: number;
}

export interface MoveOptions extends Partial<Range> {
  steps: number;
  /** Steps that these particles have made: random numbers are counted by it. */
  first_step: number;
  schedule: Schedule;
  /** Step at which the schedule began (default 0). */
  schedule_first?: number;
  /** Of so many steps, the last is recorded; absent: none. A divisor of `steps`. */
  thinning?: number;
  /** Mean squares of the gradient are gathered for a metric. */
  learning?: boolean;
}

/** By particle of the range. */
export interface Energies {
  log_prior: Float32Array;
  /** Not tempered. */
  log_likelihood: Float32Array;
  /** Of the noise of `log_likelihood`, where it is of a minibatch. */
  variance: Float32Array;
}

export interface Archive {
  /** phi [D][state] */
  values: Float32Array<ArrayBuffer>;
  /** 2 or more. */
  states: number;
}

export interface Particles {
  readonly dimension: number;
  readonly count: number;
  /** Draws [record][D][moved particle], phi. */
  move(options: MoveOptions): Promise<Float32Array>;
  /** Log density where the particles are, and its gradient to slot `gradient`. @param batch rows; 0 (default): all */
  evaluate(range?: Partial<Range> & { batch?: number; first_step?: number }): Promise<Energies>;
  /** One Metropolis move along a difference of two of the archive's states. */
  evolve(archive: Archive, options: Partial<Range> & { first_step: number }): Promise<void>;
  /** [D][particle of the range] */
  read(which: number, range?: Partial<Range>): Promise<Float32Array<ArrayBuffer>>;
  write(which: number, values: Float32Array<ArrayBuffer>, range?: Partial<Range>): void;
  /** Inverse temperatures, by particle; 1 before. */
  temper(beta: Float32Array<ArrayBuffer>): void;
  /** G, by coordinate; 1 before. */
  set_metric(metric: Float32Array<ArrayBuffer>): void;
  /** Proposals of `mala` and of `evolve` that were accepted, by particle. */
  accepted(): Promise<Uint32Array>;
  destroy(): void;
}
