// Acceptance: what people read has no gap left to be filled in.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { timeout, workplace } from './command_line.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

it.each(pages)('%s has no placeholder', (page) => {
  const lines = readFileSync(`${root}${page}`, 'utf8').split('\n');
  const gaps = lines.flatMap((line, i) => (/@@|\b(TODO|FIXME|XXX)\b/.test(line) ? [`${page}:${i + 1}: ${line}`] : []));
  expect(gaps).toEqual([]);
});

it('looks at the guide to models', () => {
  expect(pages).toContain('docs/models.md');
});

it('the README’s program runs', { timeout }, async () => {
  const [, program = ''] = /As a library.*?```js\n(.*?)```/s.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
  const here = (path: string) => `'${new URL(`../../src/${path}`, import.meta.url)}'`;
  const text = program.replace("'langevin'", here('index.ts')).replace("'langevin/node'", here('node/index.ts'));
  const ended = await workplace().run(['--program', 'lib.mjs'], { files: { 'lib.mjs': text } });
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stdout).toMatch(/^0\.\d+ \d+ \{\n +mean: \d/);
});
