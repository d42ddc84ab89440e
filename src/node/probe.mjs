// Prints, as JSON, the adapters that Dawn sees in this process's environment; with a name as argument, what that adapter can do.
// Run as a child by adapter_environment.mjs and `langevin devices`.
//
// WebGPU has no call that lists adapters. Dawn's binding names them all in the error it throws when it is asked for one that does
// not exist, one line each: " * backend: 'vulkan', name: 'NVIDIA H200'".

import { writeSync } from 'node:fs';
import { create } from 'webgpu';
import { adapter_kind } from '../gpu/adapter_kind.mjs';

async function list() {
  /** @type {import('./adapter_environment.mjs').AdapterEntry[]} */
  const adapters = [];
  try {
    await create(['adapter=list-all-adapters']).requestAdapter();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    for (const [, backend, name] of text.matchAll(/backend: '([^']*)', name: '([^']*)'/g)) {
      if (backend === undefined || name === undefined || /^(null|opengl)/i.test(backend)) continue;
      adapters.push({ name, backend, kind: adapter_kind(name) });
    }
  }
  return adapters;
}

/** @param {string} name */
async function describe(name) {
  const adapter = await create([`adapter=${name}`]).requestAdapter();
  if (!adapter) return null;
  /** @type {Record<string, number>} */
  const limits = {};
  for (const key in adapter.limits) {
    const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (adapter.limits))[key];
    if (typeof value === 'number') limits[key] = value;
  }
  return { driver: adapter.info.description, limits, features: [...adapter.features].sort() };
}

const name = process.argv[2];
writeSync(1, JSON.stringify(name === undefined ? await list() : await describe(name)));
process.exit(0);
