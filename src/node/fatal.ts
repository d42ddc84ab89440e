/** The last words of a process that ends early: one message on standard error, no stack trace, and the exit code that says whose mistake it was. */

import { GpuError } from '../gpu/gpu_error.ts';
import { UserError } from '../model/user_error.ts';
import { reason } from './output.ts';
import { exit_open_device } from './run_command.ts';

/** Ends the process: code 2 where the input was wrong, 1 where the run failed inside. */
export function fail(error: unknown): Promise<never> {
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n`);
    return exit_open_device(2);
  }
  process.stderr.write(`langevin failed: ${words_for(error)}\n`);
  return exit_open_device(1);
}

function words_for(error: unknown): string {
  if (error instanceof GpuError) return error.message;
  if (process.env.LANGEVIN_DEBUG && error instanceof Error) return error.stack ?? error.message;
  const what = reason(error).split('\n', 1)[0];
  return `${what}\nThis should not happen. LANGEVIN_DEBUG=1 shows where it did; please report it.`;
}

/** Errors that no call waits for, and a reader of our output that goes away (`| head`). */
export function watch_for_failures(): void {
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody reads on: nothing is left to do, and nothing went wrong.
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`langevin failed: standard output cannot be written: ${reason(error)}.\n`);
    process.exit(1);
  });
  // Progress that nobody reads is no reason to stop.
  process.stderr.on('error', () => {});
}
