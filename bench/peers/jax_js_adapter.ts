/** WebGPU for a library that looks for `navigator.gpu`: Dawn, on the adapter that the launcher chose and with what src/node/dawn.ts gives ourselves. */

import { readFileSync } from 'node:fs';
import { adapter_kind } from '../../src/gpu/adapter_kind.mjs';
import { create_pace } from '../../src/node/paced_wait.ts';

/** Kept for the life of the process: letting Dawn's instance be collected early races with its callbacks (node-webgpu #18). */
const kept: GPU[] = [];

export async function dawn_gpu(): Promise<{ gpu: GPU; name: string }> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const name = process.env.LANGEVIN_ADAPTER_NAME;
  const software = name !== undefined && adapter_kind(name) === 'software';
  const toggles = software ? ['enable-dawn-features=disable_robustness'] : [];
  if (software) pace_waits();
  if (name) toggles.push(`adapter=${name}`);
  const gpu = create(toggles);
  kept.push(gpu);
  return { gpu, name: name ?? 'the default adapter' };
}

/** The library waits through these two; without pacing it would keep one of the adapter's cores busy. */
function pace_waits() {
  const pace = create_pace();
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (...args) {
    const pending = mapAsync.apply(this, args);
    pace.wait(pending);
    return pending;
  };
  const { onSubmittedWorkDone } = GPUQueue.prototype;
  GPUQueue.prototype.onSubmittedWorkDone = function () {
    const pending = onSubmittedWorkDone.call(this);
    pace.wait(pending);
    return pending;
  };
}

/** Version of the installed package: the nearest package.json above its entry point. */
export function jax_js_version(): string {
  const url = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
