// Acceptance: how a person comes to the page: by a link, right or wrong, with a GPU or without. Equality, and a limit on what is loaded.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scenes } from '../../src/page/scenes/index.ts';
import { finish, small_hmc, use_page } from './visit.ts';

const { browser, site, open } = use_page();

describe('who comes', () => {
  it('without a GPU is told so, and sees how a run ends', async () => {
    // All at once: each waits for a GPU that may still come.
    await Promise.all(
      scenes.map(async ({ name }) => {
        const { page } = await browser().new_page();
        await page.addInitScript('navigator.gpu.requestAdapter = async () => null;');
        await page.goto(`${site().address}?scene=${name}`);
        await page.waitForFunction("document.documentElement.dataset.state === 'failed'");
        expect(await page.textContent('#notes')).toContain('found no adapter');
        await page.waitForFunction("document.querySelector('.recorded img').naturalWidth === 1280");
      }),
    );
  });

  it('is told of an address that cannot be understood, and gets the rest of it', async () => {
    const { page } = await open(
      'scene=hmc&seed=one&target=bananna&chans=8&sampler=hmc&beside=none&chains=16&draws=8&warmup=50&acceptance=2',
    );
    await finish(page);
    expect(await page.textContent('#notes')).toContain('The seed must be a whole number');
    expect(await page.textContent('#notes')).toContain('Target cannot be “bananna”; it is banana here.');
    expect(await page.textContent('#notes')).toContain('“2”, but a number from 0.05 to 0.999; it is 0.8 here.');
    expect(await page.textContent('#notes')).toContain('Did you mean chains?');
    expect(page.url()).toContain('sampler=hmc');
  });

  it('who misspells a scene sees which there are, and is led to the one that was meant with the settings of the address', async () => {
    const { page } = await open('scene=hnc&seed=7');
    await finish(page);
    expect(await page.textContent('.problem')).toBe('There is no scene “hnc”. Did you mean hmc?');
    const links = await page.evaluate<string[]>("[...document.querySelectorAll('nav a')].map((a) => a.textContent)");
    expect(links).toEqual([...scenes.map(({ title }) => title), 'Benchmarks']);
    await page.click('.problem a');
    await page.waitForFunction("document.querySelector('#seed')?.value === '7'");
    expect(await page.textContent('h2')).toBe(scenes.find(({ name }) => name === 'hmc')?.title);
  });

  it('goes to another scene by its link, and back', async () => {
    const { page, problems } = await open(small_hmc, { reducedMotion: 'reduce' });
    const title = (text: string) => page.waitForFunction(`document.querySelector('h2')?.textContent === '${text}'`);
    await title('HMC, NUTS, eHMC');
    await page.click('nav >> text=Diffusion merge');
    await title('Diffusion merge');
    // Nothing of a run is sent to who serves the page.
    expect(new URL(page.url()).search).toBe('');
    await page.goBack();
    await title('HMC, NUTS, eHMC');
    expect(await page.inputValue('#setting-chains')).toBe('16');
    expect(problems).toEqual([]);
  });

  it('loads less than 500 kB, compressed, before the first run', async () => {
    const { page } = await browser().new_page({ reducedMotion: 'reduce' });
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => sizes.push(response.body().then((body) => gzipSync(body).length)));
    await page.goto(site().address);
    await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    const total = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
    expect(total).toBeGreaterThan(100_000);
    expect(total).toBeLessThan(500_000);
  });
});
