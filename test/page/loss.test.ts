// Acceptance: the process that drives the GPU ends in the middle of a run. In a browser of its own: what comes after such an end is nobody else's matter. Equality.

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { finish, numbers, small_hmc, state, use_page } from './visit.ts';

const { browser, site, open } = use_page();

/** Whether the browser has a GPU for a page that is not ours, asked as plainly as can be. */
async function browser_has_gpu(page: Page): Promise<boolean> {
  const blank = `${site().address}blank`;
  await page.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(blank);
  return page.evaluate<boolean>(
    `Promise.race([
      navigator.gpu.requestAdapter().then((adapter) => adapter?.requestDevice()).then(Boolean, () => false),
      new Promise((resolve) => setTimeout(resolve, 30000, false)),
    ])`,
  );
}

const from_seed = 'Beginning again from the same seed';
const from_kept = 'Going on from what was kept last';

it.each([
  ['HMC', small_hmc.replace('draws=60', 'draws=600'), 50, 0, from_seed],
  // Checkpoints of a training are two seconds apart.
  ['a latent SDE', 'scene=sde&example=ou&steps=600&seed=2', 50, 3500, from_kept],
  [
    'a population',
    'scene=population&exchange=none&beside=nothing&ranks=2&pairs=8&warmup=300&steps=1000&seed=4',
    100,
    0,
    from_kept,
  ],
])('%s loses the GPU, and the run comes to the same numbers', async (_, query, enough, pause, from) => {
  const { page } = await open(query);
  await page.waitForFunction(`Number(document.documentElement.dataset.done) > ${enough}`, null, { timeout: 60_000 });
  await page.waitForTimeout(pause);
  expect(await state(page, 'state')).toBe('running');
  browser().lose_gpu();
  await page.waitForFunction("document.querySelector('#notes').textContent.includes('The GPU was lost')");
  await finish(page);
  if ((await state(page, 'state')) === 'failed') {
    // Where the browser itself comes to no GPU again, the page has to say so, and no more can be asked of it.
    expect(await page.textContent('#notes')).toMatch(/found no adapter|has not answered/);
    const { page: plain } = await browser().new_page();
    expect(await browser_has_gpu(plain)).toBe(false);
    console.warn('this browser gives no GPU again after its GPU process has ended: nothing more is tested');
    return;
  }
  expect(await state(page, 'state')).toBe('done');
  expect(await page.textContent('#notes')).toContain(from);
  const calm = await open(query);
  await finish(calm.page);
  expect(await numbers(page)).toEqual(await numbers(calm.page));
});
