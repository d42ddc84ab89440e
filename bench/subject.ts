/** What a benchmark is. A subject knows nothing of Node, so that the same one runs in a page. */

import type { Shape } from '../src/filter/bank.ts';
import type { Device } from '../src/gpu/device.ts';
import type { PopulationSpec } from '../src/population/spec.ts';
import type { SampleAnswer, SampleProblem } from './peers/sample_types.ts';
import type { SdeProblem, TrainAnswer, TrainProblem } from './peers/train_types.ts';
import type { FilterProblem, FilterValues } from './peers/types.ts';
import type { Finding, Limits, Peer, Row, Timing } from './record.ts';

export interface FilterComparison {
  /** Where our side runs, for the small problem that agreement is judged by too. */
  device: Device;
  shape: Shape;
  problem: FilterProblem;
  ours: FilterValues;
  /** Our time for the problem. */
  wall: Timing;
  /** Times ours once more. */
  time_again(): Promise<Timing>;
  quick: boolean;
}

/** What goes into our row. */
export interface PeersBeside {
  peers: Peer[];
  /** Ours after the peers; absent where none gave a time. */
  wall_again?: Timing;
}

/** The other tools that were found, each to be skipped with a reason or timed once its answers agree with ours. */
export interface Peers {
  filter(comparison: FilterComparison): Promise<PeersBeside>;
  /** Samplers on the same posterior; the subject judges whether they agree. */
  sample(problem: SampleProblem): Promise<SampleAnswer[]>;
  /** The training of networks on the same draws, with random numbers of their own. */
  train(problem: TrainProblem): Promise<TrainAnswer[]>;
  /** The training of a latent SDE on the same series, with random numbers of their own. */
  sde(problem: SdeProblem): Promise<TrainAnswer[]>;
}

/** What each rank says at its end. */
export type PopulationTimes = { updates: number; seconds: number; computing: number }[];

export type RunPopulation = (run: {
  spec: PopulationSpec;
  /** As plain data. */
  model: { name: string; row: string[] };
  rows: readonly (readonly number[])[];
}) => Promise<PopulationTimes>;

export interface Context {
  device: Device;
  /** Another device of the same kind, on which nothing was compiled yet (the driver may remember what others compiled). The subject destroys it. */
  open_device(): Promise<Device>;
  /** Smaller sizes and fewer repeats. */
  quick: boolean;
  /** Measured on this device a moment ago. */
  limits: Limits;
  /** Of the CPU, which a software adapter runs on. */
  cores: number;
  /** [1000][25], y and the standardised attributes; absent where the data are not at hand. */
  german_credit?: readonly (readonly number[])[];
  /** The other side of comparisons; absent in a page, and where it was not wanted. */
  peers?: Peers;
  /** Runs a population on ranks that are processes; absent in a page. */
  populations?: RunPopulation;
  /** Takes a finished row; it is printed at once and stored at the end. */
  report(row: Row): void;
  find(finding: Finding): void;
  /** Something is left out: said at once, and stored. */
  skip(label: string, reason: string): void;
  /** One line for the person who waits. */
  say(line: string): void;
}

export interface Subject {
  name: string;
  /** One line for the list. */
  what: string;
  run(context: Context): Promise<void>;
}
