// Acceptance: what a person does on the page: holds a run and leads it, follows links, brings data and models. Equality, and 4.5 standard errors for the evidence of data that were dropped (false alarm 7e-6).

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { scenes } from '../../src/page/scenes/index.ts';
import { exact_posterior, shown_posterior } from '../../src/page/scenes/smc2/kalman.ts';
import { asked_by, drop, finish, numbers, saved, small_hmc, small_smc2, state, use_page } from './visit.ts';

const { browser, site, open } = use_page();
const lgssm_y = built_in_data['lgssm-100']?.columns.y as readonly number[];

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

  it('leaves with the figures as a picture', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-file="figure.png"]')]);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const width = await page.evaluate<number>("document.querySelector('#figures').getBoundingClientRect().width");
    // IHDR: the first chunk, whose width and height are big-endian words.
    expect(bytes.readUInt32BE(16)).toBe(Math.round(2 * width));
    // Points are lines of no length: without round ends there are none.
    expect(await saved(page, 'figure.svg')).toContain('stroke-linecap: round');
    // Not one colour: a picture of the page's background alone is some kilobytes.
    expect(bytes.length).toBeGreaterThan(40_000);
    expect(problems).toEqual([]);
  });

  it('hears what came of copying and saving, and nothing moves by it', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    const said = () => page.textContent('#said');
    const height = () => page.evaluate<number>('document.documentElement.scrollHeight');
    const before = await height();
    expect(await said()).toBe('');
    expect(await page.getAttribute('#said', 'role')).toBe('status');
    await page.evaluate('navigator.clipboard.writeText = async () => {}');
    await page.click('text=Copy');
    await page.waitForFunction("document.querySelector('#said').textContent === 'The command line was copied.'");
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
    await page.click('text=Copy');
    await page.waitForFunction("document.querySelector('#said').textContent.includes('does not let the page copy')");
    expect(await page.evaluate('String(getSelection())')).toBe(await page.textContent('#command'));
    await saved(page, 'draws.csv');
    await page.waitForFunction("document.querySelector('#said').textContent.startsWith('draws.csv is made')");
    await page.evaluate('HTMLCanvasElement.prototype.toBlob = (give) => give(null)');
    await page.click('[data-file="figure.png"]');
    await page.waitForFunction(
      "document.querySelector('#said').textContent === 'figure.png could not be made: the picture could not be made'",
    );
    expect(await height()).toBe(before);
    expect(problems).toEqual([]);
  });

  it('is told of an address that cannot be understood, and gets the rest of it', async () => {
    const { page } = await open(
      'scene=hmc&seed=one&target=bananna&chans=8&sampler=hmc&beside=none&chains=16&draws=8&warmup=50',
    );
    await finish(page);
    expect(await page.textContent('#notes')).toContain('The seed must be a whole number');
    expect(await page.textContent('#notes')).toContain('Target cannot be “bananna”; it is banana here.');
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

it('the exact posterior is shown where the grid tells it', () => {
  const y = Float64Array.from(lgssm_y);
  expect(shown_posterior(y)).toEqual(exact_posterior(y));
  // Too many, and one whose noise is far below a point of the grid: a walk seen as it is.
  expect(shown_posterior(new Float64Array(401))).toBeUndefined();
  expect(shown_posterior(y.map((_, t) => 1e-3 * Math.sin(t)))).toBeUndefined();
});

describe('what a person brings', () => {
  it('a CSV with the columns of the model is learned from, and one without them is refused with its place', async () => {
    const { page, problems } = await open(small_smc2);
    await finish(page);
    const before = await numbers(page);
    const y = lgssm_y.slice(0, 60);
    await drop(page, { 'mine.csv': `y\n${y.join('\n')}\n` });
    await page.waitForFunction("document.documentElement.dataset.state === 'running'");
    await finish(page);
    expect(await page.textContent('#command')).toContain('--data mine.csv');
    const after = await numbers(page);
    expect(after.log_evidence).not.toBe(before.log_evidence);
    const off = (after.log_evidence as number) - exact_posterior(Float64Array.from(y)).log_evidence;
    expect(Math.abs(off) / (after['log_evidence.se'] as number)).toBeLessThan(4.5);
    await drop(page, { 'broken.csv': 'y\n1\n2\nthree\n' });
    await page.waitForFunction("document.documentElement.dataset.state === 'failed'");
    expect(await page.textContent('#notes')).toContain('broken.csv, row 4, column y: "three" is not a number.');
    await page.evaluate("File.prototype.arrayBuffer = () => Promise.reject(new Error('no such file'))");
    await drop(page, { folder: '' });
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('folder cannot be read')");
    await page.reload();
    await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    await drop(page, { 'other.csv': 'z\n1\n' });
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('other.csv')");
    expect(problems).toEqual([]);
  });

  it('a model with a mistake is told of at its line, and runs when it is mended', async () => {
    const { page, problems } = await open('scene=hmc&target=own&beside=none&chains=16&draws=40&warmup=60');
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    const box = page.locator('#setting-wgsl');
    const text = await box.inputValue();
    await box.fill(text.replace('theta.b * theta.b', 'theta.b * theta.c'));
    await page.waitForFunction("document.documentElement.dataset.state === 'failed'");
    expect(await page.textContent('#notes')).toMatch(/line 2, column \d+: .*\bc\b/);
    await box.fill(text);
    await page.waitForFunction("document.documentElement.dataset.state !== 'failed'");
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    expect(await page.textContent('#notes')).toBe('');
    expect(await saved(page, 'own.mjs')).toContain('log_density');
    // What was written is there again after a look at another target, and an emptied box is empty.
    await page.fill('#setting-parameters', 'u = normal:0,1\nb = normal:0,1');
    await page.waitForFunction("location.hash.includes('parameters=u')");
    await page.selectOption('#setting-target', 'ring');
    await page.selectOption('#setting-target', 'own');
    expect(await page.inputValue('#setting-parameters')).toContain('u = normal:0,1');
    await page.fill('#setting-parameters', '');
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('Parameters: give')");
    expect(asked_by(page).get('parameters')).toBe('');
    expect(problems).toEqual([]);
  });
});
