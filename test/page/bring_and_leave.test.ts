// Acceptance: what a person brings, data and models, and what a person leaves with. Equality, and 4.5 standard errors for the evidence of data that were dropped (false alarm 7e-6).

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { built_in_data } from '../../src/model/catalog/data/index.ts';
import { exact_posterior, shown_posterior } from '../../src/page/scenes/smc2/kalman.ts';
import { asked_by, drop, finish, numbers, saved, small_hmc, small_smc2, state, use_page } from './visit.ts';

const { open } = use_page();
const lgssm_y = built_in_data['lgssm-100']?.columns.y as readonly number[];

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

describe('what a person leaves with', () => {
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
});
