// Acceptance: shards that a person drops are merged as the command line merges them, as the page prints it: the same draws to the last digit, from the same kernels on SwiftShader. What is wrong with a file is said with its
// name and its place.

import { describe, expect, it } from 'vitest';
import { normals_at } from '../../src/random/normals.ts';
import { site as purpose } from '../../src/random/threefry.ts';
import { timeout } from '../node/command_line.ts';
import { learn, open_still, refuses, repeat } from './bring.ts';
import { asked_by, finish, numbers, saved, saved_bytes, use_page } from './visit.ts';

const { open } = use_page();

describe('the merge', { timeout }, () => {
  it('merges shards that are dropped together as the printed command does, its own files too', async () => {
    const { page: first } = await open(
      'scene=merge&problem=stations&shards=2&method=consensus&shard_draws=1000&draws=512&seed=4',
    );
    await finish(first);
    const names = ['exact.csv', 'gradients.npy', 'shard_1.csv', 'shard_2.csv'];
    const files: Record<string, Uint8Array> = {};
    for (const name of names) files[name] = await saved_bytes(first, name);
    const { page, problems } = await open_still(open, 'scene=merge&method=consensus&draws=512&seed=4');
    expect(await learn(page, files)).toBe('');
    const printed = await page.textContent('#command');
    expect(printed).toBe(await first.textContent('#command'));
    expect(await numbers(page)).toEqual(await numbers(first));
    expect(await page.locator('path.contour').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('learns draws of three parameters from more shards, without gradients', async () => {
    const query = 'scene=merge&method=diffusion&draws=512&updates=100&networks=1&seed=4';
    const { page, problems } = await open_still(open, query);
    const files = Object.fromEntries([10, 9, 2].map((n) => [`part_${n}.csv`, draws_text(n)]));
    expect(await learn(page, files)).toBe('');
    expect(await page.textContent('#command')).toBe(
      'langevin merge part_2.csv part_9.csv part_10.csv --method diffusion --draws 512 --updates 100 --networks 1 --seed 4',
    );
    const place = await repeat(page, files);
    // The command writes what was learned of the density beside the draws; the page keeps the draws alone.
    expect(await saved(page, 'draws.csv')).toBe(without_column(place.read('run/draws.csv'), 'lp__'));
    expect(asked_by(page).getAll('data')).toEqual(['part_2.csv', 'part_9.csv', 'part_10.csv']);
    expect(problems).toEqual([]);
  });

  it('says which file is wrong, and where', async () => {
    const { page, problems } = await open_still(open, 'scene=merge&method=consensus&draws=512');
    const good = draws_text(1);
    await refuses(page, { 'a.csv': good }, 'A merge needs two shards or more; there is one: a.csv.');
    await refuses(page, { 'a.csv': good, 'b.csv': good.replace(/^(.*\n.*\n)[^,]*/, '$1three') }, 'b.csv, row 3');
    await refuses(page, { 'a.csv': good, 'c.csv': good.replace('z', 'w') }, 'c.csv has no column z, which a.csv has.');
    expect(problems).toEqual([]);
  });
});

function without_column(csv: string, name: string): string {
  const rows = csv.split('\n').map((line) => line.split(','));
  const at = (rows[0] as string[]).indexOf(name);
  expect(at).toBeGreaterThan(0);
  return rows.map((row) => row.filter((_, n) => n !== at).join(',')).join('\n');
}

/** Draws of a shard: independent normals of three parameters. */
function draws_text(shard: number): string {
  const e = normals_at([7, shard], purpose.start, 0, 900);
  const rows = Array.from({ length: 300 }, (_, n) =>
    Array.from(e.subarray(3 * n, 3 * n + 3), (x, j) => (x * (j + 1) + shard / 10).toFixed(4)),
  );
  return `x,y,z\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}
