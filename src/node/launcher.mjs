#!/usr/bin/env node
// Starts a program of ours with an adapter: chooses where Vulkan comes from (adapter_environment.mjs), then runs the command
// line, or the program named by --program, in a child process that has the right environment and, on a Node that cannot strip types
// itself, tsx as its loader. Plain JavaScript on purpose: Node 20 must be able to start it.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { choose_adapter } from './adapter_environment.mjs';

const args = process.argv.slice(2);
let program = fileURLToPath(new URL('./main.ts', import.meta.url));
const is_command = args[0] !== '--program';
if (!is_command) {
  program = args[1] ?? program;
  args.splice(0, 2);
}

/** @param {string} name */
function option(name) {
  for (const [i, arg] of args.entries()) {
    if (arg === name) return args[i + 1];
    if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
  }
  return undefined;
}

/** Help, lists and what only reads files open no device, so nothing is looked for; and `devices` looks itself, at the environment as it was. */
const opens_no_device = [undefined, 'help', '--help', '-h', '--version', '-V', 'models', 'devices', 'summarize'];

function resolve_loader() {
  try {
    return import.meta.resolve('tsx');
  } catch {
    process.stderr.write('The packages langevin needs are not installed.\nRun "npm ci" in its folder.\n');
    process.exit(1);
  }
}

/** @returns {Promise<Record<string, string>>} */
async function adapter_variables() {
  if (is_command && (opens_no_device.includes(args[0]) || args.includes('--help') || args.includes('-h'))) return {};
  const chosen = await choose_adapter(option('--adapter') ?? process.env.LANGEVIN_ADAPTER);
  if ('adapter' in chosen) return { ...chosen.environment, LANGEVIN_ADAPTER_NAME: chosen.adapter.name };
  // Commands that need no device still work; the others say what was found.
  const names = chosen.seen.map((a) => `${a.name} (${a.kind})`);
  return { LANGEVIN_ADAPTER_MISSING: JSON.stringify({ wanted: chosen.missing, seen: names }) };
}

const strips_types = 'typescript' in process.features && Boolean(process.features.typescript);
const loader = strips_types ? [] : ['--import', resolve_loader()];
const child = spawn(process.execPath, [...loader, '--no-warnings', program, ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...(await adapter_variables()) },
});

// The child decides what an interruption means; we only pass it on and wait.
/** @type {Set<NodeJS.Signals>} */
const passed_on = new Set();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    passed_on.add(signal);
    child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(`langevin failed: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  if (passed_on.has(signal)) process.exit(128 + constants.signals[signal]);
  const cause = `The adapter's driver or too little memory may be the cause; "langevin devices" lists the adapters.`;
  process.stderr.write(`langevin failed: its process was ended by ${signal}. ${cause}\n`);
  process.exit(1);
});
