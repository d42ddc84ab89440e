// Acceptance: one seed, one text, byte for byte; numbers as 32-bit floats read back; what `simulate` writes, `filter` reads.

import { describe, expect, it } from 'vitest';
import { parse_table } from '../../src/data/csv.ts';
import { parse_summary } from '../../src/data/summary.ts';
import { lgssm_at, timeout, workplace } from './command_line.ts';
import { walk } from './models.ts';

const lgssm = ['simulate', 'lgssm', ...lgssm_at, '--steps', '20'];

describe.concurrent('simulate', { timeout }, () => {
  it('repeats itself with the same seed, on standard output and in a file, and not with another', async () => {
    const place = workplace();
    const shown = await place.run([...lgssm, '--seed', '5']);
    const written = await place.run([...lgssm, '--seed', '5', '--out', 'y.csv']);
    const other = await place.run([...lgssm, '--seed', '6']);
    expect([shown.code, written.code, other.code]).toEqual([0, 0, 0]);
    expect(parse_table(shown.stdout, { path: 'stdout', columns: ['y'] }).rows).toBe(20);
    expect(place.read('y.csv')).toBe(shown.stdout);
    expect(written).toMatchObject({ stdout: '', stderr: '20 rows in y.csv\n' });
    expect(other.stdout).not.toBe(shown.stdout);
  });

  it('draws whole numbers for counts, and states on request', async () => {
    const at = ['--set', 'beta=1.7', '--set', 'gamma=0.5', '--set', 'phi_inverse=0.1'];
    const { code, stdout } = await workplace().run(['simulate', 'sir', ...at, '--steps', '14', '--states']);
    expect(code).toBe(0);
    const header = (stdout.split('\n', 1)[0] as string).split(',');
    expect(header[0]).toBe('in_bed');
    expect(header.slice(1).every((name) => name.startsWith('state.'))).toBe(true);
    const { columns } = parse_table(stdout, { path: 'stdout', columns: header });
    const in_bed = Array.from(columns.in_bed as Float64Array);
    expect(in_bed.every((y) => Number.isInteger(y) && y >= 0)).toBe(true);
    expect(Math.max(...in_bed)).toBeGreaterThan(0);
  });

  it('makes data that filter reads', async () => {
    const place = workplace();
    await place.run([...lgssm, '--out', 'y.csv']);
    const filter = ['filter', 'lgssm', ...lgssm_at, '--data', 'y.csv', '--particles', '64', '--filters', '4'];
    expect((await place.run([...filter, '--out', 'run'])).code).toBe(0);
    expect(parse_summary(place.read('run/summary.json'), 'run').filter?.steps).toBe(20);
  });

  it('says at which step a model leaves the numbers', async () => {
    const growing =
      'fn transition(x: State, theta: Theta, noise: Noise, t: f32) -> State { return State(1e20 * (1.0 + x.x * x.x)); }';
    const { code, stdout, stderr } = await workplace().run(['simulate', 'foo.mjs', '--set', 'sd=1'], {
      files: { 'foo.mjs': walk({ transition: growing }) },
    });
    expect(stderr).toMatch(/^The model gives state\.x = Infinity at step 2\.\nLook at its transition/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('cannot write below a file', async () => {
    const place = workplace();
    const { code, stderr } = await place.run([...lgssm, '--out', 'a/y.csv'], { files: { a: '' } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: '--out a/y.csv cannot be written: part of the path is not a folder.\nGive another path.\n',
    });
  });
});
