/**
 * The command line: `langevin COMMAND …`. Started by launcher.mjs, which chooses the adapter.
 *
 * Exit codes: 0 done; 2 the user's input is wrong; 1 the run failed inside; 130 interrupted by Ctrl-C, 143 ended by SIGTERM.
 */

import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';
import type { Command } from './command.ts';
import { devices } from './commands/devices.ts';
import { filter } from './commands/filter.ts';
import { models } from './commands/models.ts';
import { simulate } from './commands/simulate.ts';
import { smc2 } from './commands/smc2.ts';
import { fail, watch_for_failures } from './fatal.ts';
import { command_help, overview } from './help.ts';
import { exit_open_device, run_command } from './run_command.ts';

const commands: Record<string, Command> = { devices, models, simulate, filter, smc2 };

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview(commands));
    return 0;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${(await import('./version.ts')).version}\n`);
    return 0;
  }
  const command = commands[name];
  if (!command) {
    const near = nearest_name(name, Object.keys(commands));
    throw new UserError(
      `There is no command "${name}".${near ? ` Did you mean ${near}?` : ''}\nThe commands are: ${Object.keys(commands).join(', ')}.`,
    );
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command_help(name, command));
    return 0;
  }
  return run_command(command, rest);
}

watch_for_failures();
main(process.argv.slice(2)).then(exit_open_device, fail);
