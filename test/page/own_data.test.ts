// Acceptance: what is learned from a CSV that a person brings is what the command line, as the page prints it, learns from the same file: equality, since both run the same kernels on SwiftShader. What is wrong with a
// file is said with its name, row and column. Links name the files, and ask for them.

import { describe, expect, it } from 'vitest';
import { normals_at } from '../../src/random/normals.ts';
import { site as purpose } from '../../src/random/threefry.ts';
import { timeout } from '../node/command_line.ts';
import { learn, open_still, refuses, repeat } from './bring.ts';
import { asked_by, finish, numbers, state, use_page } from './visit.ts';

const { open } = use_page();

/** An autoregression with one cell missing, in two groups one after the other if wanted. */
function series_text(groups: readonly string[]): string {
  const rows = groups.flatMap((group, g) => {
    const e = normals_at([5, g], purpose.start, 0, 80);
    let x = 0;
    return Array.from({ length: 80 }, (_, n) => {
      x = 0.9 * x + 0.4 * (e[n] as number);
      return `${group},${n / 2},${n === 30 ? '' : x.toFixed(4)}`;
    });
  });
  return `who,day,level\n${rows.join('\n')}\n`;
}

describe('the latent SDE', { timeout }, () => {
  it('learns from a CSV what the printed command learns from it', async () => {
    const { page, problems } = await open_still(open, 'scene=sde&steps=60&seed=2&time=day&series=who');
    const files = { 'two-people.csv': series_text(['ann', 'bob']) };
    expect(await learn(page, files)).toBe('');
    expect(await state(page, 'state')).toBe('done');
    expect(await page.textContent('#command')).toBe(
      'langevin sde --data two-people.csv --time day --series who --steps 60 --seed 2',
    );
    const place = await repeat(page, files);
    const { sde } = JSON.parse(place.read('run/summary.json'));
    expect((await numbers(page)).bound).toBe(sde.bound.value);
    expect(asked_by(page).getAll('data')).toEqual(['two-people.csv']);
    // Who chooses an example wants that.
    await page.selectOption('#setting-example', 'ou');
    await finish(page);
    expect(await page.textContent('#command')).toContain('--example ou');
    expect(problems).toEqual([]);
  });

  it('says where a CSV is wrong', async () => {
    const { page, problems } = await open_still(open, 'scene=sde&steps=60');
    await refuses(
      page,
      { 'broken.csv': 't,y\n0,1\n1,2\n2,three\n' },
      'broken.csv, row 4, column y: "three" is not a number.',
    );
    await refuses(page, { 'back.csv': 't,y\n0,1\n2,2\n1,3\n' }, 'back.csv: time 1 comes after 2.');
    await refuses(page, { 'a.csv': 't,y\n0,1\n', 'b.csv': 't,y\n0,1\n' }, 'Drop one file: a.csv, b.csv are 2.');
    expect(problems).toEqual([]);
  });
});

describe('a link to a run of somebody’s data', { timeout }, () => {
  it('waits for the file that it names, and gives the same numbers with it', async () => {
    const text = `y\n${Array.from(normals_at([6, 0], purpose.start, 0, 40), (e) => e.toFixed(3)).join('\n')}\n`;
    const query = 'scene=smc2&seed=3&model=lgssm&thetas=64&particles=32&iterations=3';
    const { page } = await open_still(open, query);
    await learn(page, { 'mine & yours.csv': text });
    const before = await numbers(page);
    expect(await page.textContent('#command')).toContain("--data 'mine & yours.csv'");
    const again = await open(new URL(page.url()).hash.slice(1));
    await again.page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    expect(await again.page.textContent('#notes')).toContain('a run on mine & yours.csv. Drop that file');
    expect(again.page.url()).toBe(page.url());
    expect(await learn(again.page, { 'mine & yours.csv': text })).toBe('');
    expect(await numbers(again.page)).toEqual(before);
    // Without its data it is another run, and its link says so.
    await again.page.click('text=Leave out');
    await again.page.waitForFunction("!location.hash.includes('data=')");
    await finish(again.page);
    expect(await again.page.textContent('#command')).toContain('--data lgssm-100');
    expect(again.problems).toEqual([]);
  });
});
