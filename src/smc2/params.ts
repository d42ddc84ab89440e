/** The uniform block of one SMC² iteration. Must match `Params` in shaders/smc2/population.wgsl. */
export interface IterationParams {
  /** M, the number of theta-particles. */
  thetas: number;
  /** Counts from 1; 0 is the initial population. Part of every random counter. */
  iteration: number;
  /** Choose the next lambda by bisection? */
  tempering: boolean;
  /** Exponent of the likelihood before this iteration. */
  lambda: number;
  /** Step size of the proposal in units of the frozen Cholesky factor. */
  step: number;
  /** Longest Langevin drift, in the same units. */
  drift_limit: number;
  /** Fraction of the effective sample size that one step of lambda keeps. */
  keep_ess: number;
  /** Resample when ESS falls below this fraction of M. */
  resample_below: number;
  /** Key of this run's random numbers. */
  key: readonly [number, number];
}

export const params_bytes = 48;

export function pack_iteration(p: IterationParams): ArrayBuffer {
  const buffer = new ArrayBuffer(params_bytes);
  const u32 = new Uint32Array(buffer);
  const f32 = new Float32Array(buffer);
  u32.set([p.thetas, p.iteration, Number(p.tempering)]);
  f32.set([p.lambda, p.step, p.drift_limit, p.keep_ess, p.resample_below], 3);
  u32.set(p.key, 8);
  return buffer;
}
