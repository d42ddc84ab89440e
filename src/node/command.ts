/** What a command of the command line is. */

import type { Device } from '../gpu/device.ts';
import type { Model } from '../model/types.ts';
import type { OptionSpecs, Options } from './options.ts';

export interface CommandContext {
  options: Options;
  /** The arguments after the command's name. */
  args: readonly string[];
  /** Opens the device and lets its compiler check the model, if there is one; `rows` of data where they are known. Once in a run. */
  open_device(model?: Model, rows?: number): Promise<Device>;
  /** Aborted by the first Ctrl-C, where the command is `interruptible`. */
  signal: AbortSignal;
}

export interface Command {
  /** `MODEL --data y.csv …` */
  usage: string;
  summary: string;
  options: OptionSpecs;
  examples: readonly string[];
  /** The first Ctrl-C only asks it to stop, by `signal`, because it has something to keep. Other commands end at once. */
  interruptible?: true;
  /** Returns the exit code. */
  run(context: CommandContext): Promise<number>;
}

/** Every command accepts it; the launcher reads it before the command starts. */
export const adapter_option = {
  adapter: {
    kind: 'text',
    value: 'NAME',
    help: 'hardware, software, or part of an adapter’s name ("langevin devices")',
  },
} as const satisfies OptionSpecs;
