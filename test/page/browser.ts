/**
 * The Chromium that `@sparticuz/chromium` carries, driven over the DevTools protocol through its pipe (file descriptors 3 and 4, messages ended by a zero byte): no port, no
 * package, nothing of the system's.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';

/** WebGPU on SwiftShader, as DESIGN.md (Adapters) found them. */
const flags = [
  '--headless=shell',
  '--no-sandbox',
  '--no-zygote',
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--disable-dev-shm-usage',
];

/** Unpacks the browser, its drivers, libraries and fonts into a folder of their own, once per version and user: 65 MB of Brotli take seconds. */
async function unpack_chromium(): Promise<string> {
  const require = createRequire(import.meta.url);
  let root = dirname(require.resolve('@sparticuz/chromium'));
  while (basename(root) !== 'chromium') root = dirname(root);
  const { version } = require(join(root, 'package.json')) as { version: string };
  const folder = join(tmpdir(), `langevin-chromium-${version}-${userInfo().uid}`);
  if (existsSync(join(folder, 'chromium'))) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const packed = (name: string) => createReadStream(join(root, 'bin', `${name}.br`));
  const unpacked = (name: string, to = partial) => pipeline(packed(name), createBrotliDecompress(), extract(to));
  await Promise.all([
    pipeline(
      packed('chromium'),
      createBrotliDecompress(),
      createWriteStream(join(partial, 'chromium'), { mode: 0o700 }),
    ),
    ...['swiftshader.tar', 'al2023.tar', 'fonts.tar'].map((name) => unpacked(name)),
  ]);
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another process was first; its copy is as good as ours.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(folder, 'chromium'))) throw error;
  }
  return folder;
}

/** The environment as it is without vitest.config.ts, whose driver is not this browser's. */
function browser_environment(folder: string): NodeJS.ProcessEnv {
  const { VK_ICD_FILENAMES: _, VK_DRIVER_FILES: __, ...rest } = process.env;
  return { ...rest, LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
}

type Parameters_ = Readonly<Record<string, unknown>>;

interface Message {
  id?: number;
  method?: string;
  sessionId?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

export interface Page {
  /** Opens an address; resolves when what it names is loaded. */
  open(address: string): Promise<void>;
  /** Runs a script before any of the page's own. */
  before_each_page(script: string): Promise<void>;
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true. */
  until(expression: string, milliseconds: number): Promise<void>;
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly problems: readonly string[];
}

export interface Browser {
  new_page(): Promise<Page>;
  close(): Promise<void>;
}

export async function open_browser(): Promise<Browser> {
  const folder = await unpack_chromium();
  const profile = mkdtempSync(join(tmpdir(), 'langevin-browser-'));
  const child = spawn(join(folder, 'chromium'), [...flags, `--user-data-dir=${profile}`], {
    env: browser_environment(folder),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const { call, on_event } = connect(child);
  return {
    async new_page() {
      const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
      const problems: string[] = [];
      let loading = () => {};
      const here = (method: string, params: Parameters_ = {}) => call(method, params, sessionId as string);
      on_event(({ method, sessionId: session, params }) => {
        if (session !== sessionId) return;
        if (method === 'Page.loadEventFired') loading();
        if (method === 'Runtime.exceptionThrown') problems.push(JSON.stringify(params?.exceptionDetails));
        if (method === 'Runtime.consoleAPICalled' && params?.type === 'error')
          problems.push(JSON.stringify(params.args));
      });
      await here('Page.enable');
      await here('Runtime.enable');
      const evaluate = async <T>(expression: string): Promise<T> => {
        const { result, exceptionDetails } = await here('Runtime.evaluate', { expression, returnByValue: true });
        if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
        return (result as { value: T }).value;
      };
      return {
        problems,
        evaluate,
        async open(url) {
          const loaded = new Promise<void>((resolve) => {
            loading = resolve;
          });
          const { errorText } = await here('Page.navigate', { url });
          if (errorText) throw new Error(`${url}: ${errorText}`);
          await loaded;
        },
        async before_each_page(source) {
          await here('Page.addScriptToEvaluateOnNewDocument', { source });
        },
        async until(expression, milliseconds) {
          const end = performance.now() + milliseconds;
          while (!(await evaluate<boolean>(`Boolean(${expression})`))) {
            if (performance.now() > end) {
              const text = await evaluate<string>('document.body.innerText');
              throw new Error(`not within ${milliseconds} ms: ${expression}\n${problems.join('\n')}\n${text}`);
            }
            await new Promise((later) => setTimeout(later, 50));
          }
        },
      };
    },
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      // It may end before it answers.
      void call('Browser.close').catch(() => {});
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Requests and their answers, and events, over the pipe. A browser that ends fails every request that waits, with its last words. */
function connect(child: ChildProcess) {
  const [, , errors, to_browser, from_browser] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  const waiting = new Map<number, { resolve: (message: Message) => void; reject: (error: Error) => void }>();
  const listeners: ((message: Message) => void)[] = [];
  let last_words = '';
  let ended = false;
  let id = 0;
  errors.on('data', (text: Buffer) => {
    last_words = (last_words + text).slice(-4000);
  });
  const end = () => {
    ended = true;
    for (const { reject } of waiting.values()) reject(new Error(`the browser ended.\n${last_words}`));
    waiting.clear();
  };
  child.on('exit', end);
  child.on('error', end);
  to_browser.on('error', end);

  let pieces: Buffer[] = [];
  from_browser.on('data', (data: Buffer) => {
    let start = 0;
    for (let zero = data.indexOf(0); zero >= 0; zero = data.indexOf(0, start)) {
      const text = Buffer.concat([...pieces, data.subarray(start, zero)]).toString('utf8');
      pieces = [];
      start = zero + 1;
      receive(JSON.parse(text) as Message);
    }
    pieces.push(data.subarray(start));
  });
  function receive(message: Message) {
    if (message.id === undefined) {
      for (const listener of listeners) listener(message);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) asked?.reject(new Error(message.error.message));
    else asked?.resolve(message);
  }

  return {
    on_event: (listener: (message: Message) => void) => void listeners.push(listener),
    async call(method: string, params: Parameters_ = {}, sessionId?: string): Promise<Record<string, unknown>> {
      if (ended) throw new Error(`the browser ended.\n${last_words}`);
      const message = { id: ++id, method, params, ...(sessionId ? { sessionId } : {}) };
      const answer = await new Promise<Message>((resolve, reject) => {
        waiting.set(message.id, { resolve, reject });
        to_browser.write(`${JSON.stringify(message)}\0`);
      });
      return answer.result ?? {};
    },
  };
}
