/**
 * The command line: `langevin COMMAND …`. Started by launcher.mjs, which chooses the adapter.
 *
 * Exit codes: 0 done; 2 the user's input is wrong; 1 the run failed inside; 130 interrupted by Ctrl-C, 143 ended by SIGTERM.
 */

import { nearest_name } from '../model/nearest_name.ts';
import { UserError } from '../model/user_error.ts';
import type { Command } from './command.ts';
import { fail, watch_for_failures } from './fatal.ts';
import { command_help, overview } from './help.ts';
import { exit_open_device, run_command } from './run_command.ts';
import { version } from './version.ts';

/** Each loaded when it is needed: all of them take a second and more. */
const commands: Record<string, () => Promise<Command>> = {
  devices: async () => (await import('./commands/devices.ts')).devices,
  models: async () => (await import('./commands/models.ts')).models,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  filter: async () => (await import('./commands/filter.ts')).filter,
  smc2: async () => (await import('./commands/smc2.ts')).smc2,
  sample: async () => (await import('./commands/sample.ts')).sample,
  shard: async () => (await import('./commands/shard.ts')).shard,
  merge: async () => (await import('./commands/merge.ts')).merge,
  sde: async () => (await import('./commands/sde.ts')).sde,
  population: async () => (await import('./commands/population.ts')).population,
  worker: async () => (await import('./commands/worker.ts')).worker,
  network: async () => (await import('./commands/network.ts')).network,
  summarize: async () => (await import('./commands/summarize.ts')).summarize,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const asks = (word: string | undefined) => word === '--help' || word === '-h' || word === 'help';
  if (name === undefined || (asks(name) && rest.length === 0)) {
    process.stdout.write(overview(await all_commands()));
    return 0;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (asks(name)) return show_help(rest[0] as string);
  if (rest.includes('--help') || rest.includes('-h')) return show_help(name);
  return run_command(await command_named(name), rest);
}

async function all_commands(): Promise<Record<string, Command>> {
  const loaded = await Promise.all(Object.entries(commands).map(async ([name, load]) => [name, await load()] as const));
  return Object.fromEntries(loaded);
}

async function show_help(name: string): Promise<number> {
  process.stdout.write(command_help(name, await command_named(name)));
  return 0;
}

function command_named(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return load();
  const near = nearest_name(name, Object.keys(commands));
  throw new UserError(
    `There is no command "${name}".${near ? ` Did you mean ${near}?` : ''}\nThe commands are: ${Object.keys(commands).join(', ')}.`,
  );
}

watch_for_failures();
main(process.argv.slice(2)).then(exit_open_device, fail);
