/** What a benchmark's numbers depend on besides the adapter. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The commit of the working tree, with `+` if it has changes; empty outside a checkout. */
export function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';
  const hash = git('rev-parse', '--short', 'HEAD');
  return hash && git('status', '--porcelain', 'src', 'shaders', 'bench') ? `${hash}+` : hash;
}

/** Version of the npm package that carries Dawn. */
export function dawn_version(): string {
  const url = new URL('./package.json', import.meta.resolve('webgpu'));
  return `webgpu ${(JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version}`;
}
