/** What a run of a population is: everything that all its ranks must agree on, written once by who begins it. */

import { threefry, type Words } from '../random/threefry.ts';
import type { Method } from './types.ts';

export const exchanges = ['none', 'permute', 'differential-evolution', 'replica', 'best'] as const;
export type ExchangeRule = (typeof exchanges)[number];

export interface PopulationSpec {
  /** Of the run: a word of letters, digits, "_" and "-". */
  id: string;
  seed: number;
  ranks: number;
  /** Of a rank; even. */
  particles: number;
  method: Method;
  /** Rows of a gradient; 0: all. */
  batch: number;
  /** Of a segment, after which a rank exchanges and stores where it is. */
  segment_steps: number;
  /** Segments of warm-up, and with those after it; even. A half of the particles moves in each. */
  warm_up: number;
  segments: number;
  /** A divisor of segment_steps. */
  thinning: number;
  exchange: ExchangeRule;
  /** Replica exchange: inverse temperatures, falling from 1, one per rank. */
  betas: number[];
  /** Rows of which an energy of an exchange is estimated; 0: all. */
  energy_rows: number;
  friction: number;
  known_noise: number;
  learn_metric: boolean;
  /** ε; absent: found in warm-up by the budget. */
  step_size?: number;
  /** Of the part by which variances may be too large (staleness.ts). */
  budget: number;
  /** γ of ε_t = ε (1 + t/scale)^−γ after warm-up; 0: constant. */
  decay: number;
  decay_scale: number;
  delay: number;
  anchor?: { theta: number[]; score: number[] };
  prior_power: number;
}

/** Of a run, as 64 random bits. */
export const run_key = (seed: number): Words => threefry([seed, 0], [0x706f7075, 0]);
export const rank_key = (seed: number, rank: number): Words => threefry(run_key(seed), [1, rank]);

/** More than a rank's halves and those who read them can be apart. */
const turns = 8;

/** Where a run keeps what. */
export const keys = (id: string) => ({
  spec: `run.${id}.spec`,
  board: `run.${id}.board`,
  lease: (rank: number) => `run.${id}.lease.${rank}`,
  lead: `run.${id}.lead`,
  /** States of a half after so many segments. A few names by turns: those of before are not asked for any more, and a store does not forget how many keys it had. */
  head: (rank: number, segments: number, epoch: number) => `run.${id}.head.${rank}.${segments % turns}-${epoch}`,
  /** States that `rank` has from an exchange: who came by, and after how many segments of either. */
  given: (rank: number, segments: number, by: { rank: number; segments: number; epoch: number }) =>
    `run.${id}.given.${rank}.${segments % turns}-${by.rank}-${by.segments % turns}-${by.epoch}`,
  /** Metric and draws by the epoch of who made them: one that wakes in the middle of storing must not write over what its successor stored. */
  metric: (rank: number, segments: number, epoch: number) => `run.${id}.metric.${rank}.${segments}-${epoch}`,
  draws: (rank: number, segment: number, epoch: number) => `run.${id}.draws.${rank}.${segment}-${epoch}`,
  failure: (rank: number) => `run.${id}.failure.${rank}`,
  /** How a rank did in the end. */
  final: (rank: number) => `run.${id}.final.${rank}`,
  stop: `run.${id}.control.stop`,
  news: `run.${id}.news`,
});
