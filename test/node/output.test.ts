// Acceptance: which names are in the folder, hidden ones too, after each end a run can have.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepare_output } from '../../src/node/output.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'langevin-output-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const files = (path: string) => readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).sort();

describe('a file in pieces', () => {
  it('is written whole, without ever being one string', () => {
    const path = join(root, 'pieces');
    function* pieces() {
      for (let i = 0; i < 1000; i++) yield `${i}\u00b5\n`;
    }
    prepare_output(path).commit({ 'summary.json': '{}', 'draws.csv': pieces() });
    expect(readFileSync(join(path, 'draws.csv'), 'utf8')).toBe(Array.from(pieces()).join(''));
  });

  it('whose making fails leaves nothing', () => {
    const path = join(root, 'pieces');
    function* broken() {
      yield 'a';
      throw new Error('no more');
    }
    const output = prepare_output(path);
    expect(() => output.commit({ 'draws.csv': broken() })).toThrow('no more');
    output.discard();
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('the folder of a run', () => {
  it('appears when it is whole', () => {
    const output = prepare_output(join(root, 'a/b'));
    expect(files('a').every((name) => name.startsWith('.b.'))).toBe(true);
    output.commit({ 'summary.json': '{}', 'draws.csv': 'x' });
    expect(files('a')).toEqual(['b', 'b/draws.csv', 'b/summary.json']);
  });

  it('leaves nothing when nothing comes of it, and takes away no folder that holds something', () => {
    prepare_output(join(root, 'a/b/c')).discard();
    expect(files('.')).toEqual([]);
    const kept = prepare_output(join(root, 'a/b'));
    const other = prepare_output(join(root, 'a/c'));
    other.commit({ 'summary.json': '{}' });
    kept.discard();
    expect(files('.')).toEqual(['a', 'a/c', 'a/c/summary.json']);
  });

  it('holds one run: what a later one does not write goes, what is not ours stays', () => {
    const path = join(root, 'run');
    prepare_output(path).commit({ 'summary.json': '1', 'draws.csv': '1', 'notes.txt': 'mine' });
    prepare_output(path).commit({ 'summary.json': '2', 'states.csv': '2' });
    expect(files('run')).toEqual(['notes.txt', 'states.csv', 'summary.json']);
    expect(readFileSync(join(path, 'summary.json'), 'utf8')).toBe('2');
    expect(files('.').filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('gets a number where another run made the same folder meanwhile', () => {
    const output = prepare_output(join(root, 'run'));
    mkdirSync(join(root, 'run'));
    writeFileSync(join(root, 'run', 'summary.json'), 'theirs');
    output.commit({ 'summary.json': 'ours' });
    expect(output.path).toBe(join(root, 'run-2'));
    expect(files('.')).toEqual(['run', 'run-2', 'run-2/summary.json', 'run/summary.json']);
    expect(readFileSync(join(root, 'run', 'summary.json'), 'utf8')).toBe('theirs');
  });
});
