/** Runs another tool's program to its end. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  /** What it printed. */
  output: string;
  /** How it failed, in a line; absent where it did not. */
  failure?: string;
}

export function run_program(command: readonly string[], limit_seconds: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command[0] as string, command.slice(1), {
      cwd: fileURLToPath(new URL('../..', import.meta.url)), // where Node finds tsx
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text: Buffer) => {
      output += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      errors = (errors + text).slice(-10_000);
    });
    const fail = (failure: string) => resolve({ output, failure });
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`stopped after ${limit_seconds} s`);
    }, limit_seconds * 1000);
    child.on('error', (error) => {
      clearTimeout(limit);
      fail(`failed: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const last = errors.trim().split('\n').at(-1);
      if (signal !== null) fail(`failed: ended by ${signal}${signal === 'SIGKILL' ? ' (too little memory?)' : ''}`);
      else if (code !== 0) fail(`failed: ${last || `exit code ${code}`}`);
      else resolve({ output });
    });
  });
}
