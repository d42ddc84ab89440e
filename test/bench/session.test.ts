// Acceptance: a subject that fails leaves what it had finished, in a record that passes the schema and says why it ended; before the limits are measured there is nothing. Equality. The command line
// ends with code 1 and one message, without a stack, where the failure is explained.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { read_record, write_record } from '../../bench/record.ts';
import { open_session, timestamps_of } from '../../bench/session.ts';
import { GpuError } from '../../src/gpu/gpu_error.ts';
import { request_device } from '../../src/node/dawn.ts';
import { use_device } from '../device.ts';
import { row } from './fixture.ts';

const device = use_device();

it('a session that fails has so far what it reported', async () => {
  const lines: string[] = [];
  const session = open_session({
    device: device(),
    open_device: request_device,
    subject: {
      name: 'failing',
      what: 'one row, then an error',
      async run({ report, find, skip }) {
        report(row());
        find({ label: 'a number', value: 1 });
        skip('the large size', 'too long');
        throw new GpuError('out of memory');
      },
    },
    quick: true,
    surroundings: { command: 'none', implementation: 'test', cores: 2, timestamps: timestamps_of(device(), 'exact') },
    print: (line) => lines.push(line),
  });
  expect(session.so_far('too early')).toBeUndefined();
  await expect(session.run()).rejects.toThrow('out of memory');
  const record = session.so_far('out of memory');
  expect(record).toMatchObject({
    subject: 'failing',
    rows: [row()],
    findings: [{ label: 'a number', value: 1 }],
    skipped: [{ label: 'the large size', reason: 'too long' }],
    failure: 'out of memory',
  });
  expect(record && read_record(write_record(record), 'x.json')).toEqual(record);
  expect(lines).toContain('not run: the large size: too long');
});

it('a result that cannot be written ends with one message and code 1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-bench-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        path('src/node/launcher.mjs'),
        '--program',
        path('bench/main.ts'),
        'read_back',
        '--quick',
        '--adapter',
        'swiftshader',
      ].concat('--out', join(file, 'x.json')),
      { encoding: 'utf8' },
    );
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: '));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^read_back failed: .*x\.json cannot be written: /);
    expect(lines[1]).toMatch(/^read_back failed on SwiftShader/);
    expect(status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
