/** Opens a device in a page. */

import { sleep } from '../engine/sleep.ts';
import { adapter_kind } from '../gpu/adapter_kind.mjs';
import { type AdapterDescription, type Device, open_device } from '../gpu/device.ts';
import type { GpuError } from '../gpu/gpu_error.ts';
import { UserError } from '../model/user_error.ts';
import { bundled_shaders } from './shader_files.ts';

/** Throws UserError that says what to do where the browser has no WebGPU or no adapter. */
export async function find_adapter(): Promise<GPUAdapter> {
  // The type says that it is always there.
  const gpu: GPU | undefined = navigator.gpu;
  if (gpu === undefined) {
    const where = isSecureContext
      ? 'Use a recent Chrome, Edge, Safari or Firefox; on Linux, Chrome may need --enable-unsafe-webgpu --enable-features=Vulkan.'
      : 'Browsers offer it only to pages from https:// or from localhost.';
    throw new UserError(`This browser does not offer WebGPU to this page.\n${where}`);
  }
  // A browser whose GPU process has just begun, or begins again after a loss, may say for a moment that it has none.
  for (const pause of [100, 500, 2000, 0]) {
    const adapter = await answer_of(gpu.requestAdapter({ powerPreference: 'high-performance' }));
    if (adapter) return adapter;
    await sleep(pause);
  }
  throw new UserError(
    'The browser has WebGPU but found no adapter for it.\nchrome://gpu says why, in Chrome and Edge.',
  );
}

/** Browsers start their GPU process within a second or two. One that has lost it too often may never answer, and a person would wait with it. */
const longest_answer = 60_000;

async function answer_of<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const seconds = longest_answer / 1000;
      reject(
        new UserError(
          `The browser was asked for a GPU ${seconds} seconds ago and has not answered.\nEnd it, with all its windows, and start it again.`,
        ),
      );
    }, longest_answer);
  });
  try {
    return await Promise.race([asked, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Browsers may tell no more than the vendor. */
export function describe_page_adapter({ info }: GPUAdapter): AdapterDescription {
  const { vendor, architecture, device, description } = info;
  const name = description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';
  const software = info.isFallbackAdapter || adapter_kind(`${name} ${architecture}`) === 'software';
  return { kind: software ? 'software' : 'hardware', name, vendor, architecture, driver: description };
}

export async function open_page_device(on_failure: (error: GpuError) => void): Promise<Device> {
  const adapter = await find_adapter();
  const description = describe_page_adapter(adapter);
  const device = await answer_of(open_device({ adapter, description, shaders: bundled_shaders(), on_failure }));
  // One that opens and then does nothing is no device.
  await answer_of(device.finish());
  return device;
}
