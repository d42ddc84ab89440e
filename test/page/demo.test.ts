// Acceptance: the built page in the Chromium that npm carries, on its software adapter. Scenes run by the stages of the command line, so for the same settings and seed their draws are those of Node on its SwiftShader, bit for bit
// where the two compile the kernels alike; posteriors that are known are met within 4.5 standard errors (false alarms 7e-6 each, ten of them).

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { as_draws } from '../../src/data/as_draws.ts';
import { write_draws } from '../../src/data/draws.ts';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { pack_rows } from '../../src/model/pack_rows.ts';
import { built_in_model } from '../../src/model/resolve.ts';
import { scenes } from '../../src/page/scenes/index.ts';
import { exact_posterior } from '../../src/page/scenes/smc2/kalman.ts';
import { run_sample } from '../../src/sample/sample.ts';
import { run_smc2 } from '../../src/smc2/smc2.ts';
import { use_device } from '../device.ts';
import { open_browser, type PageBrowser, settled } from './browser.ts';
import { build_and_serve, type Site } from './site.ts';

let browser: PageBrowser;
let site: Site;
beforeAll(async () => {
  [browser, site] = await Promise.all([open_browser(), build_and_serve()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
const device = use_device();

const small_hmc = 'scene=hmc&seed=3&target=banana&sampler=nuts&beside=none&chains=16&draws=60&warmup=100';
const lgssm_y = built_in_data['lgssm-100']?.columns.y as readonly number[];
const small_smc2 = 'scene=smc2&seed=3&model=lgssm&thetas=64&particles=32&iterations=6';

async function open(query: string, options = {}): Promise<{ page: Page; problems: readonly string[] }> {
  const made = await browser.new_page(options);
  await made.page.goto(`${site.address}?${query}`);
  return made;
}
const finish = (page: Page) => page.waitForFunction(settled, null, { timeout: 120_000 });
const state = (page: Page, name: string) => page.evaluate<string>(`document.documentElement.dataset.${name}`);
const numbers = async (page: Page) => JSON.parse(await state(page, 'numbers')) as Record<string, number>;

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-file="${name}"]`)]);
  return readFileSync(await download.path(), 'utf8');
}

describe('HMC', () => {
  it('has the draws of Node for the same seed, says its command line, and repeats by its link', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    expect(problems).toEqual([]);
    expect(await state(page, 'state')).toBe('done');
    const there = await saved(page, 'draws.csv');
    const model = built_in_model('banana');
    const here = await run_sample(device(), {
      ...{ model, data: { rows: pack_rows(model, {}) }, sampler: 'nuts', chains: 16, warm_up: 100, draws: 60, seed: 3 },
      ...{ thinning: 1, keep: 'draws', metric: 'diagonal', target_acceptance: 0.8, jitter: 1, learn: 2000 },
      ...{ length_per_chain: false, most_depth: 10 },
    });
    expect(there).toBe(write_draws(as_draws(here.draws)));
    expect(await page.textContent('#command')).toBe(
      'langevin sample banana --sampler nuts --chains 16 --warmup 100 --draws 60 --metric diagonal --target-acceptance 0.8 --seed 3',
    );
    const again = await browser.new_page();
    await again.page.goto(page.url());
    await finish(again.page);
    expect(await numbers(again.page)).toEqual(await numbers(page));
  });

  it('finds the ring, whose moments are known', async () => {
    const { page, problems } = await open(
      'scene=hmc&seed=5&target=ring&sampler=nuts&beside=none&chains=32&draws=200&warmup=150',
    );
    await finish(page);
    expect(problems).toEqual([]);
    const found = await numbers(page);
    // ρ² = x² + y² has the density of ρ times N(3, 0.4²), up to e⁻²⁸: E ρ² = (m³ + 3 m s²) / m.
    const variance = (3 ** 3 + 3 * 3 * 0.16) / 3 / 2;
    for (const [name, sd] of [
      ['x', Math.sqrt(variance)],
      ['y', Math.sqrt(variance)],
      ['z', 0.4],
    ] as const)
      expect((Math.abs(found[`${name}.mean`] as number) / sd) * Math.sqrt(found[`${name}.ess`] as number)).toBeLessThan(
        4.5,
      );
  });
});

describe('SMC²', () => {
  it('has the posterior of Node for the same seed, and the evidence that Kalman knows', async () => {
    const { page, problems } = await open(small_smc2);
    await finish(page);
    expect(problems).toEqual([]);
    expect(await state(page, 'state')).toBe('done');
    const there = await numbers(page);
    const y = Float64Array.from(lgssm_y);
    const here = await run_smc2(device(), {
      ...{ model: built_in_model('lgssm'), data: { y }, thetas: 64, particles: 32, iterations: 6, seed: 3, blend: 0 },
      ...{ proposal: 'langevin', correction: 'metropolis', l_kernel: 'forward', tempering: true, preconditioned: true },
      ...{ filter_proposal: 'guided', noise: 'fresh' },
    });
    expect(there.log_evidence).toBe(here.log_evidence.value);
    for (const [name, { mean, sd }] of Object.entries(here.parameters))
      expect([there[`${name}.mean`], there[`${name}.sd`]]).toEqual([mean, sd]);
    const exact = exact_posterior(y);
    const off = (there.log_evidence as number) - exact.log_evidence;
    expect(Math.abs(off) / (there['log_evidence.se'] as number)).toBeLessThan(4.5);
  });
});

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
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('s');
    await trail_is(before + 2);
    await settles(points);
    expect(await points()).toBe(before + 2);
    await page.keyboard.press(' ');
    await page.waitForFunction(`document.querySelector('.phase').textContent !== ${JSON.stringify(held)}`);
    await page.keyboard.press('r');
    await page.waitForFunction("document.querySelector('.phase')?.textContent.startsWith('warm-up')");
  });

  it('gets the memory of the GPU back with every run, and while one goes on', async () => {
    const { page, problems } = await open(small_hmc);
    await finish(page);
    const memory = async () => {
      await page.waitForTimeout(600);
      return page.textContent('#memory');
    };
    const first = await memory();
    for (let n = 0; n < 3; n++) {
      await page.click('#reset');
      await finish(page);
    }
    expect(await memory()).toBe(first);
    await page.goto(`${site.address}?${small_hmc.replace('draws=60', 'draws=3000')}`);
    const seen = new Set<string | null>();
    // The pool of buffers to read by has its size by then.
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 1000');
    for (let now = await memory(); (await state(page, 'state')) !== 'done'; now = await memory()) seen.add(now);
    expect([...seen]).toHaveLength(1);
    expect(Number(await state(page, 'done'))).toBe(3000);
    expect(problems).toEqual([]);
  });

  it('loses the GPU, and the run comes to the same numbers', async () => {
    const query = small_hmc.replace('draws=60', 'draws=600');
    const { page } = await open(query);
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 50', null, { timeout: 60_000 });
    browser.lose_gpu();
    await page.waitForFunction("document.querySelector('#notes').textContent.includes('The GPU was lost')");
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
    const calm = await open(query);
    await finish(calm.page);
    expect(await numbers(page)).toEqual(await numbers(calm.page));
  });

  it('is told of an address that cannot be understood, and gets the rest of it', async () => {
    const { page } = await open('scene=hmc&target=bananna&chans=8&sampler=hmc&beside=none&chains=16&draws=8&warmup=50');
    await finish(page);
    expect(await page.textContent('#notes')).toContain('Target cannot be “bananna”; it is banana here.');
    expect(await page.textContent('#notes')).toContain('Did you mean chains?');
    expect(page.url()).toContain('sampler=hmc');
    const wrong = await open('scene=hnc');
    await finish(wrong.page);
    expect(await wrong.page.textContent('.problem')).toContain('Did you mean hmc?');
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
    const { page } = await browser.new_page({ reducedMotion: 'reduce' });
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => sizes.push(response.body().then((body) => gzipSync(body).length)));
    await page.goto(site.address);
    await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    const total = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
    expect(total).toBeGreaterThan(100_000);
    expect(total).toBeLessThan(500_000);
  });

  it('who wants no motion begins by the button', async () => {
    const { page } = await open(small_hmc, { reducedMotion: 'reduce' });
    await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
    await page.focus('#run');
    await page.keyboard.press('Enter');
    await finish(page);
    expect(await state(page, 'state')).toBe('done');
  });
});

/** As a hand would: a file from the desktop over the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, content]) => {
      const held = new DataTransfer();
      held.items.add(new File([content], file, { type: 'text/csv' }));
      return held;
    },
    [name, text] as const,
  );
  await page.dispatchEvent('html', 'drop', { dataTransfer: data });
}

describe('what a person brings', () => {
  it('a CSV with the columns of the model is learned from, and one without them is refused with its place', async () => {
    const { page, problems } = await open(small_smc2);
    await finish(page);
    const before = await numbers(page);
    const y = lgssm_y.slice(0, 60);
    await drop(page, 'mine.csv', `y\n${y.join('\n')}\n`);
    await page.waitForFunction("document.documentElement.dataset.state === 'running'");
    await finish(page);
    expect(await page.textContent('#command')).toContain('--data mine.csv');
    const after = await numbers(page);
    expect(after.log_evidence).not.toBe(before.log_evidence);
    const off = (after.log_evidence as number) - exact_posterior(Float64Array.from(y)).log_evidence;
    expect(Math.abs(off) / (after['log_evidence.se'] as number)).toBeLessThan(4.5);
    await drop(page, 'broken.csv', 'y\n1\n2\nthree\n');
    await page.waitForFunction("document.documentElement.dataset.state === 'failed'");
    expect(await page.textContent('#notes')).toContain('broken.csv, row 4, column y: "three" is not a number.');
    await drop(page, 'other.csv', 'z\n1\n');
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
    expect(problems).toEqual([]);
  });
});

describe.each(scenes.map(({ name }) => name))('scene %s', (name) => {
  it('has nothing serious for axe-core in light and dark, fits 360 pixels and is silent', async () => {
    const { page, problems } = await open(`scene=${name}`, { viewport: { width: 360, height: 740 } });
    await page.waitForFunction('Number(document.documentElement.dataset.done) > 0', null, { timeout: 90_000 });
    await page.click('#run');
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate<AxeResult>('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${colorScheme}, ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
  });
});

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}
