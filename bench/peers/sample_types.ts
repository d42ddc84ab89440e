/** What a benchmark of samplers hands to another tool, and what it gets back. Safe for the browser: no node:*. */

export interface SampleProblem {
  /** [count][25]: y, then the attributes, of logistic regression with flat priors. */
  rows: readonly (readonly number[])[];
  quick: boolean;
}

/** NUTS with the diagonal metric and δ 0.8, on one core. */
export type SampleAnswer =
  | { tool: string; skipped: string }
  | {
      tool: string;
      version: string;
      device: string;
      threads?: number;
      /** Leapfrog steps, and the seconds they took, without warm-up and compilation. */
      gradients: number;
      seconds: number;
      /** Smallest of posterior::ess_mean over the coordinates, and over their squares. */
      ess: { theta: number; square: number };
      /** By coordinate. */
      mean: readonly number[];
      sd: readonly number[];
      note: string;
    };
