/** Reads the shader table from disk: every `.wgsl` under `shaders/`, by its path there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShaderTable } from '../gpu/shader_table.ts';

export function read_shader_files(): ShaderTable {
  const root = fileURLToPath(new URL('../../shaders/', import.meta.url));
  const table: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!entry.endsWith('.wgsl')) continue;
    table[entry.replaceAll('\\', '/')] = readFileSync(join(root, entry), 'utf8');
  }
  return table;
}
