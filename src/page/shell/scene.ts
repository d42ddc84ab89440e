/** What a scene of the demo is: settings, figures, and a run by the same stages and shaders as the command line's. */

import type { DrawsFile } from '../../data/draws_file.ts';
import type { DrawsSummary } from '../../data/draws_summary.ts';
import type { Device } from '../../gpu/device.ts';
import type { DeviceUse } from '../device_use.ts';
import type { DroppedFile } from './drop.ts';
import type { Setting, Values } from './settings.ts';
import type { Turns } from './turns.ts';

export interface Scene {
  /** In the address. */
  name: string;
  title: string;
  /** One sentence. */
  what: string;
  /** Of a person's own data; absent: none. */
  takes?: 'a file' | 'files';
  /** The setting in whose place they stand: who changes it wants what it names. */
  replaced?: string;
  /** A software adapter has smaller sizes by itself. */
  settings(kind: 'hardware' | 'software', values: Values): Setting[];
  run(place: ScenePlace): Promise<SceneResult>;
}

export interface ScenePlace {
  device: Device;
  values: Values;
  seed: number;
  /** The person's own data, by their names; none: those of the scene. */
  files: readonly DroppedFile[];
  /** The first of them. */
  data: { name: string; text: string } | undefined;
  /** What the run before kept, where the device was lost and nothing else has changed: to go on from there. Absent: from the seed. */
  checkpoint?: unknown;
  /** Keeps what a run can go on from, in place of what was kept before. */
  keep(checkpoint: unknown): void;
  signal: AbortSignal;
  turns: Turns;
  /** Where figures go; empty when the run begins. */
  figures: HTMLElement;
  /** Draws with every frame in which something has changed; the last one given counts. */
  on_frame(draw: () => void): void;
  /** There is something new to draw. */
  changed(): void;
  /** Frees what is still drawn when the run has ended: called before another begins. */
  when_left(free: () => void): void;
  /** Numbers that the strip shows: done so far, of how many, of what. */
  told(progress: SceneProgress): void;
}

export interface SceneProgress {
  /** As “draws”, “iterations”. */
  unit: string;
  done: number;
  of: number;
  /** Of particles or chains since the run began: steps that the device made. */
  steps: number;
  /** What devices are used beside the page's own, as it is when it is asked. */
  elsewhere?(): readonly DeviceUse[];
}

/** What a person leaves with. */
export interface SceneResult {
  /** Words of the command line that repeats the run, behind `langevin`. */
  command: string[];
  draws?: { file: DrawsFile; judged: DrawsSummary };
  /** What the command needs, by name. */
  files?: Record<string, string | Uint8Array<ArrayBuffer>>;
  /** Of the model, for files. */
  model: string;
  /** In words, what is to be doubted. */
  warnings: string[];
  /** By name, what the tests and a person compare. */
  numbers: Record<string, number>;
}
