/**
 * `npm run bench -- NAME [--adapter NAME] [--quick]`: runs a benchmark on every adapter found here, each in a process of its own, because a process can hold one source of
 * Vulkan drivers only. Without a name it lists what there is.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { list_adapters, vulkan_environment } from '../src/node/adapter_environment.mjs';

const benchmarks: Record<string, string> = {
  filter:
    'particle-steps per second of the filter bank, both shapes, LGSSM with three tangents; GPU memory after ten runs',
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { adapter: { type: 'string' }, quick: { type: 'boolean' }, out: { type: 'string' } },
});
const [name] = positionals;
if (name === undefined || !benchmarks[name]) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  console.log('npm run bench -- NAME [--adapter NAME] [--quick] [--out FILE.json]\n');
  for (const [benchmark, what] of Object.entries(benchmarks)) console.log(`  ${benchmark.padEnd(10)} ${what}`);
  process.exit(name === undefined ? 0 : 2);
}

const adapters = new Set<string>();
for (const source of ['system', 'bundled'] as const) {
  const environment = await vulkan_environment(source);
  for (const adapter of environment ? list_adapters(environment) : []) adapters.add(adapter.name);
}
const wanted = [...adapters].filter((a) => !values.adapter || a.toLowerCase().includes(values.adapter.toLowerCase()));
if (wanted.length === 0) {
  console.error(`No adapter matches. Found: ${[...adapters].join(', ') || 'none'}.`);
  process.exit(2);
}
const launcher = fileURLToPath(new URL('../src/node/launcher.mjs', import.meta.url));
const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
if (!existsSync(program)) throw new Error(`bench/${name}.ts is missing`);
let failed = 0;
for (const adapter of wanted) {
  const args = [launcher, '--program', program, '--adapter', adapter];
  if (values.quick) args.push('--quick');
  if (values.out)
    args.push(
      '--out',
      wanted.length === 1 ? values.out : values.out.replace(/\.json$/, `-${adapter.replace(/\W+/g, '_')}.json`),
    );
  failed += spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0 ? 0 : 1;
}
process.exit(failed === 0 ? 0 : 1);
