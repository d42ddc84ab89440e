/** Runs one command with a device that opens when it is needed, interruption by Ctrl-C, and an end of the process that always comes. */

import { check_model_wgsl } from '../filter/check_model.ts';
import type { Device } from '../gpu/device.ts';
import type { Command } from './command.ts';
import { close_and_exit, request_device } from './dawn.ts';
import { parse_options } from './options.ts';
import { read_shader_files } from './shader_files.ts';

let open: Device | undefined;

/** Destroys the device if there is one and ends the process. */
export const exit_open_device = (code: number): Promise<never> => close_and_exit(open, code);

export async function run_command(command: Command, args: readonly string[]): Promise<number> {
  const options = parse_options(args, command.options);
  return command.run({
    options,
    args,
    signal: watch_signals(command.interruptible ?? false),
    async open_device(model, rows) {
      // A failure outside any awaited call must still end the run, loudly and with its stage.
      open = await request_device((error) => {
        process.stderr.write(`langevin failed: ${error.message}\n`);
        void exit_open_device(1);
      });
      if (model) await check_model_wgsl(open.gpu, read_shader_files(), model, rows);
      return open;
    },
  });
}

/** A terminal sends Ctrl-C to us and to the launcher, which passes it on: two within so many milliseconds are one. */
const same_interruption = 250;

/** The files of a run that is ended here are removed as the process exits (output.ts). */
function watch_signals(interruptible: boolean): AbortSignal {
  const interruption = new AbortController();
  let first: number | undefined;
  process.on('SIGINT', () => {
    const now = performance.now();
    if (!interruptible) {
      process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}Interrupted: nothing is kept.\n`);
      process.exit(130);
    }
    if (first !== undefined && now - first > same_interruption) process.exit(130);
    if (first !== undefined) return;
    first = now;
    const below = process.stderr.isTTY ? '\n' : '';
    process.stderr.write(`${below}Stopping after the step under way; Ctrl-C again stops at once.\n`);
    interruption.abort();
  });
  process.on('SIGTERM', () => process.exit(143));
  process.on('SIGHUP', () => process.exit(129));
  return interruption.signal;
}
