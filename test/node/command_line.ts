/** Runs the real command line as a child process, in a folder of its own, and ends it when it takes too long. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const launcher = fileURLToPath(new URL('../../src/node/launcher.mjs', import.meta.url));

export interface Ended {
  /** Null where the process was still alive after `seconds` and had to be killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Files to write first, by name. */
  files?: Readonly<Record<string, string>>;
  /** Bound on the time until the process ends. Default 60. */
  seconds?: number;
  environment?: Readonly<Record<string, string>>;
  /** Closes the pipe from standard output at the first byte, as `| head` does. */
  stop_reading?: boolean;
  /** Called on every piece of standard error, with all that came so far: to send signals. */
  on_stderr?: (text: string, child: ChildProcess) => void;
}

/** For tests, in ms: beyond what their processes may take, so that a process's own bound speaks first. */
export const timeout = 180_000;

/** Two processes at a time, because CI has two cores; the bound counts from a process's own start. */
const places = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function take_place() {
  if (running >= places) await new Promise<void>((go) => waiting.push(go));
  else running++;
}

function give_place() {
  const next = waiting.shift();
  if (next) next();
  else running--;
}

export interface Workplace {
  path: string;
  /** Runs `langevin ARGS` there. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Names in the folder, files of ours and of theirs, hidden ones too. */
  list(folder?: string): string[];
  read(file: string): string;
}

const created: string[] = [];
afterAll(() => {
  for (const path of created.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A new empty folder; removed after the file's tests. */
export function workplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), 'langevin-cli-'));
  created.push(path);
  return {
    path,
    async run(args, options = {}) {
      await take_place();
      try {
        for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(path, name), text);
        return await start(path, args, options);
      } finally {
        give_place();
      }
    },
    list: (folder = '.') => readdirSync(join(path, folder)).sort(),
    read: (file) => readFileSync(join(path, file), 'utf8'),
  };
}

/** The environment as it was before vitest.config.ts prepared it for tests that open a device themselves. */
function plain_environment(): NodeJS.ProcessEnv {
  const { VK_ICD_FILENAMES: _, VK_DRIVER_FILES: __, LD_LIBRARY_PATH: libraries = '', ...rest } = process.env;
  const others = libraries.split(':').filter((folder) => folder !== '' && !folder.includes('langevin-swiftshader'));
  const ours = Object.keys(rest).filter((name) => name.startsWith('LANGEVIN_'));
  for (const name of ours) delete rest[name];
  return others.length > 0 ? { ...rest, LD_LIBRARY_PATH: others.join(':') } : rest;
}

function start(cwd: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd,
      env: { ...plain_environment(), LANGEVIN_ADAPTER: 'swiftshader', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    const bound = setTimeout(
      () => {
        late = true;
        // The launcher's whole group: its child must not outlive the test.
        process.kill(-(child.pid as number), 'SIGKILL');
      },
      1000 * (options.seconds ?? 60),
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (options.stop_reading) child.stdout.destroy();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.on_stderr?.(stderr, child);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(bound);
      done({ code: late ? null : code, stdout, stderr });
    });
  });
}

export const lgssm_at = ['--set', 'mu=0.75', '--set', 'phi=1', '--set', 'sigma=1'] as const;

/** `y` by row, as CSV. */
export const csv = (...values: (number | string)[]) => `y\n${values.join('\n')}\n`;

/** No reference leaves the page: no link, no script or image from elsewhere. Names of XML namespaces are no references. */
export function expect_self_contained(html: string) {
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html.replace(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:|src="(?!data:)|url\((?!#|data:)/);
}
