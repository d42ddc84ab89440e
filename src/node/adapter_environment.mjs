// Where Vulkan comes from: the system's loader and drivers, or the SwiftShader that npm brings.
//
// Dawn loads libvulkan when the first instance is created, and the dynamic linker reads LD_LIBRARY_PATH only when a
// process starts. So the choice is made before the process that computes: the launcher looks at what the system
// offers in a short-lived child, then starts the real program with the environment found here. Plain JavaScript, because Node 20 has
// to run this before any TypeScript loader is in place.

import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

/** @typedef {{ name: string, backend: string, kind: 'hardware' | 'software' }} AdapterEntry */
/** @typedef {'system' | 'bundled'} VulkanSource */

const needed_files = ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];

/**
 * Unpacks the Vulkan driver and loader of `@sparticuz/chromium` into a folder of their own, once per version and user.
 * @returns {Promise<string | undefined>} the folder; undefined where the package is absent or is not for this platform
 */
export async function unpack_swiftshader() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const require = createRequire(import.meta.url);
  let entry;
  try {
    entry = require.resolve('@sparticuz/chromium');
  } catch {
    return undefined;
  }
  let root = dirname(entry);
  while (basename(root) !== 'chromium') root = dirname(root);
  const archive = join(root, 'bin', 'swiftshader.tar.br');
  if (!existsSync(archive)) return undefined;
  // Name and owner make the folder ours alone: another version's driver beside our loader gives "no adapter".
  const version = /** @type {{ version: string }} */ (require(join(root, 'package.json'))).version;
  const folder = join(tmpdir(), `langevin-swiftshader-${version}-${userInfo().uid}`);
  if (needed_files.every((file) => existsSync(join(folder, file)))) {
    if (statSync(folder).uid !== userInfo().uid) throw new Error(`${folder} belongs to another user.`);
    return folder;
  }
  const { extract } = await import('tar-fs');
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const ignore = (/** @type {string} */ path) => !needed_files.includes(basename(path));
  await pipeline(createReadStream(archive), createBrotliDecompress(), extract(partial, { ignore }));
  writeFileSync(
    join(partial, 'vk_swiftshader_icd.json'),
    JSON.stringify({
      file_format_version: '1.0.0',
      ICD: { library_path: './libvk_swiftshader.so', api_version: '1.0.5' },
    }),
  );
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another process was first; its copy is as good as ours.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(join(folder, 'libvulkan.so.1'))) throw error;
  }
  return folder;
}

/**
 * The environment variables that make a process see one source of Vulkan.
 * @param {VulkanSource} source
 * @returns {Promise<Record<string, string> | undefined>} undefined: that source does not exist here
 */
export async function vulkan_environment(source) {
  if (source === 'system') return { LANGEVIN_VULKAN: 'system' };
  const folder = await unpack_swiftshader();
  if (folder === undefined) return undefined;
  const manifest = join(folder, 'vk_swiftshader_icd.json');
  const path = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { LANGEVIN_VULKAN: 'bundled', LD_LIBRARY_PATH: path, VK_ICD_FILENAMES: manifest, VK_DRIVER_FILES: manifest };
}

/**
 * The adapters that Dawn sees in a given environment, found in a child process so that no driver stays loaded here.
 * @param {Record<string, string>} environment
 * @returns {AdapterEntry[]}
 */
export function list_adapters(environment) {
  const probe = fileURLToPath(new URL('./probe.mjs', import.meta.url));
  const run = spawnSync(process.execPath, [probe], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    return JSON.parse(run.stdout);
  } catch {
    return []; // a driver that crashes the probe is a driver we cannot use
  }
}

/**
 * Chooses by DESIGN's order: the adapter asked for, hardware, the system's software driver, the bundled SwiftShader.
 * @param {string | undefined} wanted  `hardware`, `software`, part of an adapter's name, or undefined
 * @returns {Promise<{ environment: Record<string, string>, adapter: AdapterEntry } | { missing: string, seen: AdapterEntry[] }>}
 */
export async function choose_adapter(wanted) {
  /** @type {AdapterEntry[]} */
  const seen = [];
  /** @param {AdapterEntry} a */
  const matches = (a) =>
    wanted === undefined ||
    (wanted === 'hardware' || wanted === 'software'
      ? a.kind === wanted
      : a.name.toLowerCase().includes(wanted.toLowerCase()));
  const bundled_only = wanted !== undefined && /^swiftshader/i.test(wanted);
  for (const source of /** @type {VulkanSource[]} */ (bundled_only ? ['bundled'] : ['system', 'bundled'])) {
    if (source === 'bundled' && wanted === 'hardware') continue;
    const environment = await vulkan_environment(source);
    if (environment === undefined) continue;
    // The bundled driver is one known adapter; asking Dawn again would only cost a process.
    const found =
      source === 'bundled'
        ? [{ name: 'SwiftShader Device (Subzero)', backend: 'vulkan', kind: /** @type {const} */ ('software') }]
        : list_adapters(environment);
    seen.push(...found);
    const usable = found.filter(matches);
    const adapter = usable.find((a) => a.kind === 'hardware') ?? usable[0];
    if (adapter) return { environment, adapter };
  }
  return { missing: wanted ?? 'any adapter', seen };
}
