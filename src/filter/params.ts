/** The uniform block of the filter bank. Must match `Params` in shaders/filter/bindings.wgsl. */
export interface BankParams {
  /** The first filter of this wave. */
  offset: number;
  /** Filters in this wave. */
  filters: number;
  /** Filters that parameters and results have room for. */
  stride: number;
  /** First time step of this chunk, from 1. */
  first: number;
  /** Time steps in this chunk. */
  steps: number;
  /** T, the last time step of all. */
  last: number;
  /** Resample when the effective sample size falls below this fraction of the particles; 1 means at every step. */
  resample_below: number;
  /** Gradient estimator: 1 carried, 0 fixed-ancestor, between them a blend. */
  blend: number;
}

export const params_bytes = 32;

export function pack_params(p: BankParams): ArrayBuffer {
  const buffer = new ArrayBuffer(params_bytes);
  new Uint32Array(buffer, 0, 6).set([p.offset, p.filters, p.stride, p.first, p.steps, p.last]);
  new Float32Array(buffer, 24, 2).set([p.resample_below, p.blend]);
  return buffer;
}

/** Rows of `results`. Must match shaders/filter/bindings.wgsl. */
export const result_row = { log_likelihood: 0, died: 5, faults: 6, resampled: 7, score: 8 } as const;
