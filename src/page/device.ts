/** Opens a device in a page. */

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
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new UserError(
    'The browser has WebGPU but found no adapter for it.\nchrome://gpu says why, in Chrome and Edge.',
  );
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
  return open_device({ adapter, description: describe_page_adapter(adapter), shaders: bundled_shaders(), on_failure });
}
