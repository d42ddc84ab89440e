/** What a benchmark's numbers depend on besides the adapter. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The commit of the working tree, with `+` if the code has changes (results that were just written are none); empty outside a checkout. */
export function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';
  const hash = git('rev-parse', '--short', 'HEAD');
  const changed = () => git('status', '--porcelain', '--', 'src', 'shaders', 'bench', ':!bench/results') !== '';
  return hash && changed() ? `${hash}+` : hash;
}

/** Version of the npm package that carries Dawn. */
export function dawn_version(): string {
  const url = new URL('./package.json', import.meta.resolve('webgpu'));
  return `webgpu ${(JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version}`;
}
