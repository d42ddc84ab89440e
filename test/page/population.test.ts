// Acceptance: ranks in web workers. Exchange that keeps the target finds what is known within 4.5 standard errors (false alarm 7e-6 for each of nine), and `best` misses it by more; a pause holds all ranks; the command that is printed
// gives the same draws where nothing is exchanged. Equality: the same kernels and counters.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { timeout, workplace } from '../node/command_line.ts';
import { finish, numbers, state, use_page } from './visit.ts';

const { open } = use_page();
const quantities = ['mass about the narrow mode', 'mean of x', 'mean of y²'];

describe('populations', { timeout }, () => {
  const far_off = (found: Record<string, number>, name: string) =>
    Math.abs((found[name] as number) - (found[`${name}, exact`] as number)) / (found[`${name}, error`] as number);

  it('permute finds the truth, as ranks that do not exchange do', async () => {
    const { page, problems } = await open('scene=population&seed=2&ranks=3&exchange=permute&beside=none&steps=1000');
    await finish(page);
    expect(problems).toEqual([]);
    const found = await numbers(page);
    for (const name of quantities.flatMap((q) => [q, `beside, ${q}`])) expect(far_off(found, name)).toBeLessThan(4.5);
  });

  it('replica finds the truth, and best is seen to miss it', async () => {
    const { page, problems } = await open('scene=population&seed=2&ranks=3&exchange=replica&beside=best&steps=1500');
    await finish(page);
    expect(problems).toEqual([]);
    expect(await state(page, 'state')).toBe('done');
    const found = await numbers(page);
    for (const name of quantities) {
      expect(far_off(found, name)).toBeLessThan(4.5);
      expect(far_off(found, `beside, ${name}`)).toBeGreaterThan(4.5);
    }
    expect(await page.textContent('#figures')).toContain('exchange best is an optimiser');
    expect(await page.locator('.ring circle').count()).toBe(6);
    expect(await page.locator('.ring .meeting').count()).toBeGreaterThan(0);
  });

  it('without exchange, the command has the draws of the page', async () => {
    const query = 'scene=population&seed=5&ranks=2&exchange=none&beside=nothing&pairs=8&warmup=100&steps=100&every=10';
    const { page, problems } = await open(query);
    await finish(page);
    expect(problems).toEqual([]);
    // Ranks have ended, and their devices with them.
    await page.waitForFunction("/^GPU memory [^ ]+ [kM]?B$/.test(document.querySelector('#memory').textContent)");
    const place = workplace();
    for (const name of ['draws.csv', 'two-modes.mjs']) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-file="${name}"]`)]);
      await download.saveAs(join(place.path, name));
    }
    const words = ((await page.textContent('#command')) as string).split(' ').slice(1);
    const { code, stderr } = await place.run([...words, '--out', 'run'], { seconds: 150 });
    expect(code, stderr).toBe(0);
    expect(place.read('draws.csv')).toBe(place.read('run/draws.csv'));
  });

  it('what is doubted is said in the words of the page', async () => {
    const { page, problems } = await open(
      'scene=population&ranks=1&exchange=replica&beside=permute&pairs=8&warmup=20&steps=40',
    );
    await finish(page);
    expect(problems).toEqual([]);
    const needs = 'needs more than one rank; nothing was exchanged.';
    expect(await page.textContent('#result .warnings')).toContain(`“Exchange: replica” ${needs}`);
    expect(await page.textContent('#figures .warnings')).toContain(`“Exchange: permute” ${needs}`);
  });

  it('a pause holds all ranks, and a step moves them by a segment', async () => {
    const { page } = await open('scene=population&ranks=2&beside=nothing&exchange=permute&pairs=8&warmup=2000');
    const done = () =>
      page.evaluate<string[]>("[...document.querySelectorAll('.ring text:not(.number)')].map((t) => t.textContent)");
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 10');
    // That of the page, and one of each rank.
    await page.waitForFunction("/^GPU memory .*B on 3 devices$/.test(document.querySelector('#memory').textContent)");
    await page.click('#run');
    // Until nothing comes any more for a second: what was under way when it was paused.
    let held = await done();
    for (let same = 0; same < 10; ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = await done();
      same = String(now) === String(held) ? same + 1 : 0;
      held = now;
    }
    await page.click('#step');
    const next = held.map((n) => String(Number(n) + 1));
    await page.waitForFunction(
      `String([...document.querySelectorAll('.ring text:not(.number)')].map((t) => t.textContent)) === '${next}'`,
    );
  });
});
