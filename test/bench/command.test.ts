// Acceptance: `npm run bench` lists; wrong names and values end with one message and code 2; a run on the software adapter prints and stores a result that passes the schema. Equality.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { adapter_slug, parse_bench_options, result_path } from '../../bench/options.ts';
import { read_record } from '../../bench/record.ts';
import { subjects } from '../../bench/subjects.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const bench = (...args: string[]) =>
  spawnSync(process.execPath, [path('src/node/launcher.mjs'), '--program', path('bench/main.ts'), ...args], {
    encoding: 'utf8',
  });

const folder = mkdtempSync(join(tmpdir(), 'langevin-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command', () => {
  it('lists what there is', () => {
    const { status, stdout } = bench();
    expect(status).toBe(0);
    for (const { name, what } of subjects) expect(stdout).toMatch(new RegExp(`^  ${name} +${what.slice(0, 20)}`, 'm'));
  });

  it.each([
    [['filtr'], /no benchmark "filtr"\. Did you mean filter\?/],
    [['filter', '--adapter', 'no such'], /No adapter matches "no such"\. Found: .*SwiftShader/],
    [['filter', '--quack'], /Unknown option '--quack'/],
    [['filter', 'scan'], /One benchmark at a time/],
    [['filter', '--out', 'results.csv'], /--out results\.csv does not end in \.json/],
  ])('refuses %j', (args, message) => {
    const { status, stdout, stderr } = bench(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('runs a benchmark, prints its table and stores it', () => {
    const out = join(folder, 'deep', 'read_back.json');
    const { status, stdout, stderr } = bench('read_back', '--quick', '--adapter', 'swiftshader', '--out', out);
    expect(stderr.replace(/^Warning: .*\n/gm, '')).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('SwiftShader Device (Subzero) (software, not a GPU)');
    const record = read_record(readFileSync(out, 'utf8'), out);
    expect(record.rows.map(({ sizes }) => sizes.bytes)).toEqual([4, 64, 1024, 16_384, 262_144]);
    expect(record.node).toBe(process.version);
    for (const limit of Object.values(record.limits)) expect(limit).toBeGreaterThan(0);
  });
});

describe('where results go', () => {
  const options = (...args: string[]) => parse_bench_options(args);
  it('never over a committed result without being told', () => {
    expect(result_path(options('filter'), 'SwiftShader Device (Subzero)', false)).toBe(
      'runs/bench/filter-swiftshader_device_subzero.json',
    );
    expect(result_path(options('filter', '--out', 'a/b.json'), 'X', false)).toBe('a/b.json');
    expect(result_path(options('filter', '--out', 'a/b.json'), 'NVIDIA H200', true)).toBe('a/b-nvidia_h200.json');
  });

  it('under names that any file system takes', () => {
    expect(adapter_slug('llvmpipe (LLVM 15.0.6, 256 bits)')).toBe('llvmpipe_llvm_15_0_6_256_bits');
  });
});
