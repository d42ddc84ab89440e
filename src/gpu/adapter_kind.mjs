// Hardware or software? Told by name, because Vulkan's own device type is not visible through WebGPU. Plain JavaScript, because the launcher imports it before any
// TypeScript loader is in place.

const software_names = /swiftshader|llvmpipe|lavapipe|softpipe|\bwarp\b|microsoft basic render/i;

/**
 * @param {string} name
 * @returns {'hardware' | 'software'}
 */
export function adapter_kind(name) {
  return software_names.test(name) ? 'software' : 'hardware';
}
