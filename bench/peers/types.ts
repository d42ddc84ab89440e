/** What a benchmark hands to another tool, and what it gets back. Safe for the browser: no node:*. */

/** How d log-likelihood / d theta treats resampling: `fixed-ancestor` is the bank's blend 0, `carried` its blend 1. */
export type GradientKind = 'none' | 'fixed-ancestor' | 'carried';

/**
 * One particle filter for each column of `theta`, with every random number given, so that two programs can run the very same filter: the model's guided proposal where it has
 * one, else bootstrap; systematic resampling in integers (shaders/lib/systematic.wgsl) at step t when the coarse ESS after step t − 1 is below `resample_below` · particles.
 */
export interface FilterProblem {
  model: 'lgssm' | 'sir';
  filters: number;
  particles: number;
  /** T; step 0 is the initial state, which is not observed. */
  steps: number;
  gradient: GradientKind;
  /** [D][filters], constrained parameters. */
  theta: Float32Array<ArrayBuffer>;
  /** [T + 1][particles][noise]: standard normals that all filters share. */
  noise: Float32Array<ArrayBuffer>;
  /** [T + 1][filters]: the 32 random bits that place the resampling points of that step; row 0 is not used. */
  uniforms: Uint32Array<ArrayBuffer>;
  /** [filters] pairs: the keys from which a filter bank draws these very `uniforms`. */
  keys: Uint32Array<ArrayBuffer>;
  /** y_1 … y_T, rounded to f32, none missing. */
  observations: number[];
  resample_below: number;
  /** The model's constants by name. */
  constants: Readonly<Record<string, number>>;
}

/** The numbers of one evaluation of a problem. */
export interface FilterValues {
  /** [filters] */
  log_likelihood: Float32Array;
  /** [D][filters]; missing where a tool gives the value only, or the problem asks for no more. */
  gradient?: Float32Array;
}

export interface PeerAnswer extends FilterValues {
  tool: string;
  version: string;
  /** `cpu`, or what the tool says of its accelerator: `cuda`, `webgpu`, … */
  device: string;
  threads?: number;
  /** Seconds of each repeat, from inputs on the tool's device to results ready there; warm-up and compilation are not among them. */
  seconds: number[];
  /** What came before the first repeat: compilation and choosing the fastest variant. */
  preparation_seconds?: number;
  /** How the tool ran: variant, chunk of filters, what it cannot do. */
  note?: string;
  /** The small problem that agreement is judged by, where one was given. */
  check?: FilterValues;
  /** Why there is no time: the tool is missing and how to install it, or how it failed. Then the numbers are empty. */
  skipped?: string;
}
