// Acceptance: the page hears and draws while numbers are made that take a processor long. How long is measured in the same run, so that a slow machine is slow on both sides: what a web worker does for the page, in Node; what the page does in pieces, by the whole run, of which one look is a quarter when it is one piece.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { compare_merges } from '../../src/merge/compare.ts';
import { normals_at } from '../../src/random/normals.ts';
import { site as purpose } from '../../src/random/threefry.ts';
import { timeout } from '../node/command_line.ts';
import { learn, open_still } from './bring.ts';
import { finish, use_page } from './visit.ts';

const { browser, site, open } = use_page();

/** Milliseconds of the longest task of a page since `watch_tasks`. */
async function longest_task(page: Page): Promise<number> {
  // Tasks are told of a moment after they end.
  await page.waitForTimeout(500);
  return page.evaluate<number>('Math.max(0, ...window.tasks)');
}

/** As a browser does with a tab that is not seen: it says so, and gives no frames. */
const may_hide = `
  {
    let hidden = false;
    const kept = [];
    const frame = requestAnimationFrame.bind(window);
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    window.requestAnimationFrame = (draw) => (hidden ? kept.push(draw) : frame(draw));
    window.hide = (now) => {
      hidden = now;
      document.dispatchEvent(new Event('visibilitychange'));
      if (!hidden) kept.splice(0).forEach((draw) => frame(draw));
    };
  }`;

const watch_tasks = `
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: 'longtask' });`;

describe('the page stays awake', { timeout }, () => {
  it('while merges are compared with exact draws', async () => {
    const draws = 20_000;
    const points = (seed: number) => ({
      ...{ count: draws, dimension: 2 },
      values: Float64Array.from(normals_at([seed, 0], purpose.start, 0, 2 * draws)),
    });
    const [merged, exact] = [points(1), points(2)];
    const began = performance.now();
    compare_merges(new Map([['consensus', merged]]), exact, [], [0, 0]);
    const compared = performance.now() - began;
    const { page, problems } = await browser().new_page();
    await page.addInitScript(watch_tasks);
    await page.goto(`${site().address}#scene=merge&method=consensus&draws=${draws}`);
    await finish(page);
    expect(await longest_task(page)).toBeLessThan(compared / 2);
    expect(problems).toEqual([]);
  });

  it('while the posterior of forty channels is looked at', async () => {
    const channels = Array.from({ length: 40 }, (_, c) => `y${c}`);
    const rows = Array.from({ length: 120 }, (_, n) => {
      const noise = normals_at([3, 0], purpose.start, n, channels.length);
      return [n * 0.05, ...channels.map((_c, c) => Math.sin(n * 0.05 * (1 + c / 20)) + 0.1 * (noise[c] as number))];
    });
    const text = [['t', ...channels], ...rows].map((row) => row.join(',')).join('\n');
    const { page, problems } = await open_still(open, 'scene=sde&steps=20');
    await page.evaluate(watch_tasks);
    const began = performance.now();
    expect(await learn(page, { 'wide.csv': text })).toBe('');
    const took = performance.now() - began;
    expect(await longest_task(page)).toBeLessThan(took / 8);
    expect(problems).toEqual([]);
  });

  it.each([
    ['chains go', 'scene=hmc&beside=none&chains=16&draws=4000&warmup=100'],
    ['a training goes', 'scene=sde&example=ou'],
  ])('in a tab that is hidden: %s on, and the run is led when it is seen again', async (_, query) => {
    const { page, problems } = await browser().new_page();
    await page.addInitScript(may_hide);
    await page.goto(`${site().address}#${query}`);
    const done = () => page.evaluate<number>('Number(document.documentElement.dataset.done)');
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 0', null, { timeout: 90_000 });
    await page.evaluate('hide(true)');
    const before = await done();
    await page.waitForFunction(`Number(document.documentElement.dataset.done) > ${before}`, null, { polling: 100 });
    await page.evaluate('hide(false)');
    const after = await done();
    await page.waitForFunction(`Number(document.documentElement.dataset.done) > ${after}`);
    await page.click('#run');
    expect(await page.textContent('#run')).toBe('Go on');
    expect(problems).toEqual([]);
  });
});
