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
import { merge } from './commands/merge.ts';
import { models } from './commands/models.ts';
import { sample } from './commands/sample.ts';
import { shard } from './commands/shard.ts';
import { simulate } from './commands/simulate.ts';
import { smc2 } from './commands/smc2.ts';
import { summarize } from './commands/summarize.ts';
import { fail, watch_for_failures } from './fatal.ts';
import { command_help, overview } from './help.ts';
import { exit_open_device, run_command } from './run_command.ts';
import { version } from './version.ts';

const commands: Record<string, Command> = { devices, models, simulate, filter, smc2, sample, shard, merge, summarize };

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const asks = (word: string | undefined) => word === '--help' || word === '-h' || word === 'help';
  if (name === undefined || (asks(name) && rest.length === 0)) {
    process.stdout.write(overview(commands));
    return 0;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (asks(name)) return show_help(rest[0] as string);
  if (rest.includes('--help') || rest.includes('-h')) return show_help(name);
  return run_command(command_named(name), rest);
}

function show_help(name: string): number {
  process.stdout.write(command_help(name, command_named(name)));
  return 0;
}

function command_named(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const near = nearest_name(name, Object.keys(commands));
  throw new UserError(
    `There is no command "${name}".${near ? ` Did you mean ${near}?` : ''}\nThe commands are: ${Object.keys(commands).join(', ')}.`,
  );
}

watch_for_failures();
main(process.argv.slice(2)).then(exit_open_device, fail);
