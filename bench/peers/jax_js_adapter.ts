/** WebGPU for a library that looks for `navigator.gpu`: Dawn, on the adapter that the launcher chose and with what src/node/dawn.ts gives ourselves. */

import { readFileSync } from 'node:fs';
import { adapter_kind } from '../../src/gpu/adapter_kind.mjs';

/** Kept for the life of the process: letting Dawn's instance be collected early races with its callbacks (node-webgpu #18). */
const kept: GPU[] = [];

export async function dawn_gpu(): Promise<{ gpu: GPU; name: string }> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const name = process.env.LANGEVIN_ADAPTER_NAME;
  const toggles = name && adapter_kind(name) === 'software' ? ['enable-dawn-features=disable_robustness'] : [];
  if (name) toggles.push(`adapter=${name}`);
  const gpu = create(toggles);
  kept.push(gpu);
  return { gpu, name: name ?? 'the default adapter' };
}

/** Version of the installed package: the nearest package.json above its entry point. */
export function jax_js_version(): string {
  const url = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
