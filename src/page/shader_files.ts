/// <reference types="vite/client" />
/** The shader table of the page: Vite puts every `.wgsl` under `shaders/` into the bundle as text. The same as src/node/shader_files.ts reads; a test says so. */

import type { ShaderTable } from '../gpu/shader_table.ts';

const files = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

export function bundled_shaders(): ShaderTable {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice('/shaders/'.length), text]));
}
