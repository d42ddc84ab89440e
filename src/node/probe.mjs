// Prints, as JSON, the adapters that Dawn sees in this process's environment. Run as a child by adapter_environment.mjs.
//
// WebGPU has no call that lists adapters. Dawn's binding names them all in the error it throws when it is asked for one that does
// not exist, one line each: " * backend: 'vulkan', name: 'NVIDIA H200'".

import { writeSync } from 'node:fs';
import { adapter_kind } from './adapter_environment.mjs';

/** @type {import('./adapter_environment.mjs').AdapterEntry[]} */
const adapters = [];
try {
  const { create } = await import('webgpu');
  await create(['adapter=list-all-adapters']).requestAdapter();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  for (const [, backend, name] of text.matchAll(/backend: '([^']*)', name: '([^']*)'/g)) {
    if (backend === undefined || name === undefined || /^(null|opengl)/i.test(backend)) continue;
    adapters.push({ name, backend, kind: adapter_kind(name) });
  }
}
writeSync(1, JSON.stringify(adapters));
process.exit(0);
