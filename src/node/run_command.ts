/** Runs one command with a device that opens when it is needed, interruption by Ctrl-C, and an end of the process that always comes. */

import type { Device } from '../gpu/device.ts';
import type { Command } from './command.ts';
import { close_and_exit, request_device } from './dawn.ts';
import { parse_options } from './options.ts';

let open: Device | undefined;

/** Destroys the device if there is one and ends the process. */
export const exit_open_device = (code: number): Promise<never> => close_and_exit(open, code);

export async function run_command(command: Command, args: readonly string[]): Promise<number> {
  const options = parse_options(args, command.options);
  const interruption = new AbortController();
  let first = 0;
  process.on('SIGINT', () => {
    // A terminal sends the signal to us and to the launcher, which passes it on: two within a moment are one.
    if (first > 0 && performance.now() - first > 500) void exit_open_device(130);
    if (first === 0) {
      first = performance.now();
      process.stderr.write('\nStopping after the step under way; Ctrl-C again stops at once.\n');
      interruption.abort();
    }
  });
  process.on('SIGTERM', () => void exit_open_device(143));
  return command.run({
    options,
    args,
    signal: interruption.signal,
    async device() {
      // A failure outside any awaited call must still end the run, loudly and with its stage.
      open ??= await request_device((error) => {
        process.stderr.write(`langevin failed: ${error.message}\n`);
        void exit_open_device(1);
      });
      return open;
    },
  });
}
