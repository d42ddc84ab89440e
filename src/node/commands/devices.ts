/** `langevin devices`: what Dawn can run on here, with limits and features. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { adapter_kind } from '../../gpu/adapter_kind.mjs';
import { choose_adapter, list_adapters, vulkan_environment } from '../adapter_environment.mjs';
import { adapter_option, type Command } from '../command.ts';

interface Found {
  name: string;
  backend: string;
  kind: 'hardware' | 'software';
  source: 'system' | 'bundled';
  /** What Dawn says of it; absent when it lists the adapter and then refuses it. */
  details?: { driver: string; limits: Record<string, number>; features: string[] };
}

const shown_limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
];

async function find_adapters(): Promise<Found[]> {
  const found: Found[] = [];
  for (const source of ['system', 'bundled'] as const) {
    const environment = await vulkan_environment(source);
    if (!environment) continue;
    for (const adapter of list_adapters(environment)) {
      if (found.some((f) => f.name === adapter.name && f.backend === adapter.backend)) continue;
      const details = describe(environment, adapter.name);
      found.push({ ...adapter, kind: adapter_kind(adapter.name), source, ...(details ? { details } : {}) });
    }
  }
  return found;
}

/** Asked in a child process: one process can hold one source of Vulkan only. */
function describe(environment: Record<string, string>, name: string): Found['details'] {
  const probe = fileURLToPath(new URL('../probe.mjs', import.meta.url));
  const run = spawnSync(process.execPath, [probe, name], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 20_000,
  });
  try {
    return JSON.parse(run.stdout);
  } catch {
    return undefined;
  }
}

export const devices: Command = {
  usage: '[--json]',
  summary: 'lists the adapters found here, with limits and features',
  options: { json: { kind: 'flag', help: 'print JSON' }, ...adapter_option },
  examples: [''],
  async run({ options }) {
    const found = await find_adapters();
    const chosen = await choose_adapter(options.text('adapter') ?? process.env.LANGEVIN_ADAPTER);
    const used = 'adapter' in chosen ? chosen.adapter.name : undefined;
    if (options.flag('json')) {
      process.stdout.write(
        `${JSON.stringify(
          found.map((f) => ({ ...f, default: f.name === used })),
          null,
          2,
        )}\n`,
      );
      return 0;
    }
    if (found.length === 0)
      process.stdout.write(
        'No adapter: no Vulkan driver on this system, and no bundled SwiftShader for this platform.\n',
      );
    for (const f of found) {
      process.stdout.write(
        `${f.name === used ? '*' : ' '} ${f.name}\n    ${f.backend}, ${f.kind === 'software' ? 'software (not a GPU)' : 'hardware'}, ${f.source === 'bundled' ? 'bundled with npm' : 'of this system'}\n`,
      );
      if (!f.details) {
        process.stdout.write('    listed, but Dawn gives no adapter for it\n');
        continue;
      }
      process.stdout.write(`    driver    ${f.details.driver}\n`);
      for (const name of shown_limits) process.stdout.write(`    ${name.padEnd(36)} ${f.details.limits[name]}\n`);
      process.stdout.write(`    features  ${f.details.features.join(', ')}\n`);
    }
    process.stdout.write(
      'adapter' in chosen
        ? '\n* is what a run uses unless --adapter names another.\n'
        : `\nNone of them matches "${chosen.missing}".\n`,
    );
    return 0;
  },
};
