/**
 * `npm run bench -- NAME [options]`: runs a benchmark on every adapter found here, or on the one asked for, each in a process of its own, because a process can hold one source of
 * Vulkan drivers only. Without a name it lists what there is; `report` makes the README's table and picture from bench/results. Exit codes: 0; 2 wrong input; 1 a run failed.
 */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { UserError } from '../src/model/user_error.ts';
import { type AdapterEntry, list_adapters, vulkan_environment } from '../src/node/adapter_environment.mjs';
import { type BenchOptions, parse_bench_options, result_path, usage } from './options.ts';
import { write_report } from './report.ts';
import { subject_named, subjects } from './subjects.ts';

const launcher = fileURLToPath(new URL('../src/node/launcher.mjs', import.meta.url));
const program = fileURLToPath(new URL('./run.ts', import.meta.url));

async function main(args: readonly string[]): Promise<number> {
  const options = parse_bench_options(args);
  if (options.name === undefined) {
    process.stdout.write(list());
    return 0;
  }
  if (options.name === 'report') {
    process.stdout.write(`${write_report()}\n`);
    return 0;
  }
  const { name } = subject_named(options.name);
  const adapters = await matching_adapters(options.adapter);
  const failed: AdapterEntry[] = [];
  for (const adapter of adapters) {
    if (!(await run_on(name, adapter.name, options, adapters.length > 1))) failed.push(adapter);
  }
  for (const adapter of failed) process.stderr.write(`${name} failed on ${adapter.name}.\n`);
  return failed.length === 0 ? 0 : 1;
}

function list(): string {
  const width = Math.max(...subjects.map((s) => s.name.length));
  const lines = subjects.map((s) => `  ${s.name.padEnd(width)}  ${s.what}\n`);
  return `${usage}\nnpm run bench -- report\n\n${lines.join('')}`;
}

/** Adapters of the system and the bundled one, no name twice. Throws UserError where none is as wanted. */
async function matching_adapters(wanted: string | undefined): Promise<AdapterEntry[]> {
  const found = new Map<string, AdapterEntry>();
  for (const source of ['system', 'bundled'] as const) {
    const environment = await vulkan_environment(source);
    for (const adapter of environment ? list_adapters(environment) : []) found.set(adapter.name, adapter);
  }
  const all = [...found.values()];
  const matching = all.filter(
    ({ name, kind }) => wanted === undefined || wanted === kind || name.toLowerCase().includes(wanted.toLowerCase()),
  );
  if (matching.length > 0) return matching;
  const there = all.map(({ name, kind }) => `${name} (${kind})`).join(', ') || 'none';
  throw new UserError(`No adapter matches "${wanted ?? 'any'}". Found: ${there}.`);
}

/** A signal ends the child too, which would go on for minutes, and then us. */
function run_on(name: string, adapter: string, options: BenchOptions, several: boolean): Promise<boolean> {
  const args = ['--program', program, name, '--adapter', adapter, '--out', result_path(options, adapter, several)];
  if (options.quick) args.push('--quick');
  if (!options.peers) args.push('--no-peers');
  if (options.peer_limit !== undefined) args.push('--peer-limit', String(options.peer_limit));
  const child = spawn(process.execPath, [launcher, ...args], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let ended_by: (typeof signals)[number] | undefined;
  const pass_on = (signal: NodeJS.Signals) => {
    ended_by = signal as (typeof signals)[number];
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass_on);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (ended_by) process.exit(128 + constants.signals[ended_by]);
      for (const signal of signals) process.off(signal, pass_on);
      resolve(code === 0);
    });
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
