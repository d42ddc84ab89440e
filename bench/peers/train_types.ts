/** What a benchmark of training hands to another tool, and what it gets back. Safe for the browser: no node:*. */

export interface TrainProblem {
  /** [network]: rows of [2d + 1] numbers: whitened draw, gradient of the log density there, log density (not learned here). */
  rows: readonly Float32Array[];
  /** d */
  inputs: number;
  units: number;
  /** Draws of one update, with times one from each of as many equal parts of (0, 1). */
  batch: number;
  updates: number;
  /** At the start; it falls to 0 as a cosine. */
  learning_rate: number;
  /** Norm of a network's gradient beyond which it is cut. */
  most_slope: number;
  quick: boolean;
}

/** A latent SDE's training: the tables that our kernels read, and sizes. */
export interface SdeProblem {
  tables: {
    /** [node][encoder inputs] */
    inputs: Float32Array;
    /** [node][component] what is added to the encoder's mean. */
    bases: Float32Array;
    /** [node] time to the next one. */
    spans: Float32Array;
    /** [window] first node, intervals, first observation, observations, 1 where a series begins. */
    windows: Float32Array;
    /** [observation] node where its interval begins, and place in it. */
    places: Float32Array;
    /** [observation][channel] value, and 1 where there is one. */
    values: Float32Array;
  };
  latent: number;
  observed: number;
  /** Widths of hidden layers, all of them tanh. */
  encoder: readonly number[];
  drift: readonly number[];
  /** Absent: the state is what is observed. */
  decoder?: readonly number[];
  pairs: number;
  paths: number;
  /** Samples at every observation, of a decoder. */
  repeats: number;
  /** Single values observed. */
  numbers: number;
  steps: number;
  /** Steps in which the rate rises; in which the divergences come to count whole. */
  warm_up: number;
  ramp: number;
  learning_rate: number;
  most_slope: number;
  quick: boolean;
}

export type TrainAnswer =
  | { tool: string; skipped: string }
  | {
      tool: string;
      version: string;
      device: string;
      threads?: number;
      /** Of all updates, once compiled. */
      seconds: number;
      preparation_seconds: number;
      /** Mean over the networks and the last twentieth of the updates; of a latent SDE the bound per number observed, with its sign changed. */
      loss: number;
    };
