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
      /** Mean over the networks and the last twentieth of the updates. */
      loss: number;
    };
