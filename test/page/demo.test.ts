// Acceptance: what a person does who leads a run: holds it, steps, changes what is set, begins again. Equality.

import { describe, expect, it } from 'vitest';
import { finish, small_hmc, small_smc2, state, use_page } from './visit.ts';

const { browser, site, open } = use_page();

/** Until it has been the same for a second. */
async function settles(value: () => Promise<unknown>): Promise<void> {
  for (let [last, same] = [await value(), 0]; same < 10; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await value();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

describe('a person', () => {
  it('pauses, steps, goes on and begins again, by keys too', async () => {
    const { page } = await open('scene=hmc&beside=none&chains=16&draws=4000&warmup=100');
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 50', null, { timeout: 60_000 });
    await page.click('#run');
    expect(await page.textContent('#run')).toBe('Go on');
    // One step after another until the trail is there: what was under way when it was paused comes to its end first.
    const trail_is = (points: number) =>
      page.waitForFunction(
        `(document.querySelector('path.trail')?.getAttribute('d') ?? '').split('L').length === ${points}`,
      );
    const points = () =>
      page.evaluate<number>("(document.querySelector('path.trail')?.getAttribute('d') ?? '').split('L').length");
    await page.click('#step');
    await page.waitForSelector('path.trail', { state: 'attached' });
    await settles(points);
    const [before, held] = [await points(), await page.textContent('.phase')];
    // A leapfrog step each: a transition has several, and the trail shows all of them.
    await page.click('#step');
    await trail_is(before + 1);
    // The button that was clicked has no use for letters.
    await page.keyboard.press('s');
    await trail_is(before + 2);
    await settles(points);
    expect(await points()).toBe(before + 2);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press(' ');
    await page.waitForFunction(`document.querySelector('.phase').textContent !== ${JSON.stringify(held)}`);
    await page.keyboard.press('r');
    await page.waitForFunction("document.querySelector('.phase')?.textContent.startsWith('warm-up')");
  });

  it('changes a setting of a run that is held, and the next one is held too, at its beginning', async () => {
    const { page, problems } = await open(small_hmc);
    await page.waitForFunction("document.querySelector('.phase')");
    await page.click('#run');
    await page.fill('#setting-chains', '8');
    await page.press('#setting-chains', 'Enter');
    await page.waitForFunction("location.href.includes('chains=8') && document.documentElement.dataset.done === '0'");
    expect(await page.textContent('#run')).toBe('Go on');
    // A run that were not held would tell of what it has done.
    await page.waitForFunction("document.querySelector('#hold').textContent === 'Paused.'");
    expect(await state(page, 'done')).toBe('0');
    await page.click('#run');
    await finish(page);
    // At its end nothing is held any more.
    await page.fill('#setting-chains', '12');
    await page.press('#setting-chains', 'Enter');
    await page.waitForFunction("location.href.includes('chains=12')");
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    expect(problems).toEqual([]);
  });

  it('who pauses while kernels are made sees that it was heard, and the run waits when they are', async () => {
    const { page } = await browser().new_page();
    // Pipelines are made when the test says so.
    await page.addInitScript(`
      const made = new Promise((resolve) => { window.make_kernels = resolve; });
      const create = GPUDevice.prototype.createComputePipelineAsync;
      GPUDevice.prototype.createComputePipelineAsync = async function (...given) {
        await made;
        return create.apply(this, given);
      };
    `);
    await page.goto(`${site().address}#${small_hmc}`);
    await page.waitForFunction("document.querySelector('#run')?.textContent === 'Pause'");
    await page.click('#run');
    expect(await page.textContent('#hold')).toBe('Pauses when the kernels are made.');
    expect(await page.textContent('#run')).toBe('Go on');
    await page.evaluate('window.make_kernels()');
    await page.waitForFunction("document.querySelector('#hold').textContent === 'Paused.'");
    await page.click('#run');
    expect(await page.textContent('#hold')).toBe('');
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
  });

  it('gets the memory of the GPU back with every run, and while one goes on', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    // In kB. One more way back from the device at once is one more small buffer in the pool, for good; what a run would leave behind is all that it had, and three times that.
    const memory = async () => {
      await page.waitForTimeout(600);
      const [, value, unit] = /([\d.]+) ([kM]?)B$/.exec((await page.textContent('#memory')) as string) ?? [];
      return Number(value) * (unit === 'M' ? 1000 : 1);
    };
    const first = await memory();
    for (let n = 0; n < 3; n++) {
      await page.click('#reset');
      await finish(page);
    }
    expect(first).toBeGreaterThan(100);
    expect(await memory()).toBeLessThan(1.5 * first);
    await page.goto(`${site().address}#${small_hmc.replace('draws=60', 'draws=4000')}`);
    const seen: number[] = [];
    // The pool of buffers to read by has its size by then.
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 1000');
    for (let now = await memory(); (await state(page, 'state')) !== 'done'; now = await memory()) seen.push(now);
    expect(seen.length).toBeGreaterThan(1);
    expect(Math.max(...seen)).toBeLessThan(1.1 * Math.min(...seen));
    expect(Number(await state(page, 'done'))).toBe(4000);
    expect(problems).toEqual([]);
  });

  it('who begins again at bad moments loses neither figures nor the device', async () => {
    const { page, problems } = await open(small_smc2);
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
    });
    // While the device is asked for, shaders are compiled, buffers are taken, and populations are read.
    await page.waitForFunction("document.documentElement.dataset.done === '0'");
    for (const pause of [0, 10, 20, 40, 60, 80, 120, 160, 240, 320, 500, 700]) {
      await page.waitForTimeout(pause);
      await page.click('#reset');
    }
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    expect([...problems, ...warnings]).toEqual([]);
  });

  it('who changes three things at once gets the last of them', async () => {
    const { page, problems } = await open(small_hmc);
    await page.waitForFunction("document.querySelector('.phase')");
    for (const chains of [8, 24, 12]) {
      await page.fill('#setting-chains', String(chains));
      await page.press('#setting-chains', 'Enter');
    }
    await finish(page);
    expect(page.url()).toContain('chains=12');
    expect(await page.locator('.panel').count()).toBe(1);
    expect(await page.textContent('#command')).toContain('--chains 12');
    expect(problems).toEqual([]);
  });

  it('who wants no motion begins by the button', async () => {
    const { page } = await open(small_hmc, { reducedMotion: 'reduce' });
    await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    // A step from nowhere is the first one, and no more.
    await page.click('#step');
    await page.waitForSelector('path.trail', { state: 'attached' });
    expect(await page.textContent('#run')).toBe('Go on');
    await page.focus('#run');
    await page.keyboard.press('Enter');
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
  });
});
