// Acceptance: the process that drives the GPU ends in the middle of a run. In a browser of its own each time: what comes after such an end is nobody else's matter. Equality.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open_browser, type PageBrowser } from './browser.ts';
import { build_and_serve, type Site } from './site.ts';
import { finish, numbers, small_hmc, small_smc2, state } from './visit.ts';

let site: Site;
beforeAll(async () => {
  site = await build_and_serve();
});
afterAll(() => site?.close());

const from_seed = 'Beginning again from the same seed';
const from_kept = 'Going on from what was kept last';

it.each([
  [
    'SMC²',
    small_smc2.replace('thetas=64&particles=32&iterations=6', 'thetas=128&particles=128&iterations=12'),
    ...([1, from_kept] as const),
  ],
  [
    'a sampler beside another',
    small_hmc.replace('beside=none', 'beside=ehmc').replace('draws=60', 'draws=300'),
    50,
    from_kept,
  ],
  ['HMC in its warm-up', small_hmc.replace('warmup=100', 'warmup=300'), -1, from_seed],
  ['a latent SDE', 'scene=sde&example=ou&steps=600&seed=2', 50, from_kept],
  [
    'a merge',
    'scene=merge&problem=stations&shards=2&shard_draws=500&draws=512&updates=300&networks=1&seed=4',
    ...([50, from_kept] as const),
  ],
  [
    'a population',
    'scene=population&exchange=none&beside=nothing&ranks=2&pairs=8&warmup=200&steps=600&seed=4',
    ...([100, from_kept] as const),
  ],
])('%s loses the GPU, and the run comes to the same numbers', async (_, query, enough, from) => {
  const browser = await open_browser();
  try {
    const { page } = await browser.new_page();
    await page.goto(`${site.address}#${query}`);
    await page.waitForFunction(`Number(document.documentElement.dataset.done) > ${enough}`, null, { timeout: 60_000 });
    await page.waitForFunction(`document.documentElement.dataset.kept === '${from === from_kept ? 1 : 0}'`);
    expect(await state(page, 'state')).toBe('running');
    browser.lose_gpu();
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('The GPU was lost')");
    if (!(await comes_back(browser, page))) return;
    expect(await state(page, 'state')).toBe('done');
    expect(await page.textContent('#notes')).toContain(from);
    const { page: calm } = await browser.new_page();
    await calm.goto(`${site.address}#${query}`);
    await finish(calm);
    expect(await numbers(page)).toEqual(await numbers(calm));
  } finally {
    await browser.close();
  }
});

describe('a device that the page takes for lost', () => {
  let browser: PageBrowser;
  beforeAll(async () => {
    browser = await open_browser();
  });
  afterAll(() => browser?.close());

  /** A page whose devices are lost by `lose()`, and opened when `door` says so. */
  async function open(query: string) {
    const made = await browser.new_page();
    await made.page.addInitScript(`
      window.door = Promise.resolve();
      window.opened = 0;
      const ask = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...given) {
        await window.door;
        const device = await ask.apply(this, given);
        window.opened += 1;
        window.lose = () => device.dispatchEvent(
          new GPUUncapturedErrorEvent('uncapturederror', { error: new GPUInternalError('lost by the test') }),
        );
        return device;
      };
    `);
    await made.page.goto(`${site.address}#${query}`);
    return made;
  }
  const opened = (page: Page, count: number) =>
    page.waitForFunction(`window.opened === ${count} && Number(document.documentElement.dataset.done) > 0`);

  it('three times in a row is left alone, until a person runs again', async () => {
    const { page, problems } = await open(small_hmc.replace('draws=60', 'draws=400'));
    for (const n of [1, 2, 3]) {
      await opened(page, n);
      await page.evaluate('window.lose()');
    }
    await page.waitForFunction("document.documentElement.dataset.state === 'failed'");
    expect(await page.textContent('#notes')).toContain('lost by the test');
    expect(await page.textContent('#run')).toBe('Run');
    await page.fill('#setting-chains', '8');
    await page.press('#setting-chains', 'Enter');
    await opened(page, 4);
    await page.evaluate('window.lose()');
    await opened(page, 5);
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    expect(problems).toEqual([]);
  });

  it('after the end of a run leaves its result', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    const before = await numbers(page);
    await page.evaluate('window.lose()');
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('The result stays')");
    expect(await state(page, 'state')).toBe('done');
    expect(await page.locator('[data-file="draws.csv"]').count()).toBe(1);
    await page.click('#run');
    await opened(page, 2);
    await finish(page);
    expect(await page.textContent('#notes')).toBe('');
    expect(await numbers(page)).toEqual(before);
    expect(problems).toEqual([]);
  });

  it('and a reset while it is opened anew: one run, on the new one', async () => {
    const { page, problems } = await open(small_hmc);
    await opened(page, 1);
    await page.evaluate(`
      window.door = new Promise((open) => { window.open_door = open; });
      window.states = [];
      new MutationObserver(() => window.states.push(document.documentElement.dataset.state))
        .observe(document.documentElement, { attributeFilter: ['data-state'] });
      window.lose();
    `);
    await page.waitForFunction("document.querySelector('#adapter').textContent.startsWith('Looking for')");
    await page.click('#reset');
    await page.click('#reset');
    await page.evaluate('window.open_door()');
    await opened(page, 2);
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    expect(await page.evaluate('window.states')).not.toContain('failed');
    expect(await page.evaluate('window.opened')).toBe(2);
    expect(await page.locator('.panel').count()).toBe(1);
    expect(problems).toEqual([]);
  });
});

/** Where the browser itself comes to no GPU again, which is seen on a page that is not ours, no more can be asked of our page than to say so. */
async function comes_back(browser: PageBrowser, page: Page): Promise<boolean> {
  const ended = await finish(page).catch((error: unknown) => error);
  if (ended === undefined && (await state(page, 'state')) === 'done') return true;
  if (await has_gpu(browser)) throw ended ?? new Error(`the run failed: ${await page.textContent('#notes')}`);
  console.warn('this browser gives no GPU again after its GPU process has ended: nothing more is tested');
  return false;
}

/** As plainly as can be: a device that comes to the end of a dispatch. */
async function has_gpu(browser: PageBrowser): Promise<boolean> {
  const { page } = await browser.new_page();
  const blank = `${site.address}blank`;
  await page.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(blank);
  return page.evaluate<boolean>(`Promise.race([
    (async () => {
      const adapter = await navigator.gpu.requestAdapter();
      const device = await adapter.requestDevice();
      const module = device.createShaderModule({ code: '@compute @workgroup_size(1) fn main() {}' });
      const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(1);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return true;
    })().catch(() => false),
    new Promise((resolve) => setTimeout(resolve, 30000, false)),
  ])`);
}
