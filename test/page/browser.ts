/**
 * The Chromium that `@sparticuz/chromium` carries, driven by playwright-core: nothing of the system's.
 */

import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { extract } from 'tar-fs';

/** WebGPU on SwiftShader, as DESIGN.md (Adapters) found them; and Vulkan for the compositor too, or the first frame of a WebGPU canvas ends the GPU's process. */
const flags = [
  '--no-sandbox',
  '--no-zygote',
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  // A test ends the GPU's process: a browser that has seen this gives pages no more GPU for a while, or for good.
  '--disable-gpu-process-crash-limit',
  '--disable-domain-blocking-for-3d-apis',
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
function browser_environment(folder: string): Record<string, string> {
  const { VK_ICD_FILENAMES: _, VK_DRIVER_FILES: __, ...rest } = process.env as Record<string, string>;
  return { ...rest, LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
}

export interface PageBrowser {
  /** @returns the page, and what went wrong in it: exceptions, and errors on its console */
  new_page(options?: BrowserContextOptions): Promise<{ page: Page; problems: readonly string[] }>;
  /** What still runs in them would keep the machine from the next ones. */
  close_pages(): Promise<void>;
  /** Kills the process that drives the GPU: every device is lost. */
  lose_gpu(): void;
  close(): Promise<void>;
}

export async function open_browser(): Promise<PageBrowser> {
  const folder = await unpack_chromium();
  const own = randomUUID();
  const browser = await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: flags,
    env: { ...browser_environment(folder), [mark]: own },
  });
  return {
    async new_page(options = {}) {
      // Without a locale the browser takes the system's, and en-US@posix is no language tag.
      const context = await browser.newContext({ locale: 'en-US', ...options });
      const page = await context.newPage();
      // Compilers and a full machine take their time.
      page.setDefaultTimeout(90_000);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      return { page, problems };
    },
    async close_pages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    lose_gpu() {
      for (const pid of gpu_processes(own)) process.kill(pid, 'SIGKILL');
    },
    close: () => browser.close(),
  };
}

/** In the environment of a browser, by which it is told from others. */
const mark = 'LANGEVIN_BROWSER';

function gpu_processes(own: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=gpu-process')) return false;
        // It writes its title over its own environment.
        const [, parent] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        return readFileSync(`/proc/${parent}/environ`, 'utf8').includes(`${mark}=${own}`);
      } catch {
        // It has ended meanwhile, or is another user's.
        return false;
      }
    });
}

/** The page has come to an end of what it was asked for, or says why not. */
export const settled = "['done', 'failed'].includes(document.documentElement.dataset.state)";
