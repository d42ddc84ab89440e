// Acceptance: the built page, in the Chromium that npm carries, runs a benchmark on its software adapter: no exception, a row for each size, and a result file that passes the schema. A page that cannot
// run says why. Equality throughout; times are not judged.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { read_record } from '../../bench/record.ts';
import { subjects } from '../../bench/subjects.ts';
import { type Browser, open_browser } from './browser.ts';
import { build_and_serve, type Site } from './site.ts';

let browser: Browser;
let site: Site;
beforeAll(async () => {
  [browser, site] = await Promise.all([open_browser(), build_and_serve()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const settled = "['done', 'failed'].includes(document.documentElement.dataset.state)";

it('?bench=read_back&quick shows the table and offers the result', async () => {
  const page = await browser.new_page();
  await page.open(`${site.address}?bench=read_back&quick`);
  await page.until(settled, 60_000);
  expect(page.problems).toEqual([]);
  const problem = await page.evaluate<string | null>("document.querySelector('.problem')?.textContent ?? null");
  expect(problem).toBeNull();
  const cells = await page.evaluate<string[][]>(
    "[...document.querySelectorAll('#result tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
  );
  expect(cells.map(([, , size]) => size)).toEqual(['bytes 4', 'bytes 64', 'bytes 1024', 'bytes 16384', 'bytes 262144']);
  // The link's file, read where it lies.
  await page.evaluate(
    "fetch(document.querySelector('a[download]').href).then((r) => r.text()).then((text) => { globalThis.saved = text; }); 0",
  );
  await page.until('globalThis.saved', 10_000);
  const record = read_record(await page.evaluate<string>('globalThis.saved'), 'the saved file');
  expect(record.subject).toBe('read_back');
  expect(record.rows).toHaveLength(cells.length);
  expect(record.adapter.kind).toBe('software');
  expect(record.implementation).toMatch(/Chrome\/\d/);
  const log = await page.evaluate<string>("document.querySelector('pre').textContent");
  expect(log).toContain('software, not a GPU');
});

it('the start page names the adapter and links every benchmark', async () => {
  const page = await browser.new_page();
  await page.open(site.address);
  await page.until(settled, 20_000);
  expect(page.problems).toEqual([]);
  expect(await page.evaluate('document.querySelector("#adapter").textContent')).toMatch(/software, not a GPU/);
  const links = await page.evaluate<string[]>("[...document.querySelectorAll('dl a')].map((a) => a.href)");
  expect(links).toEqual(subjects.map(({ name }) => `${site.address}?bench=${name}&quick`));
});

it('says so where there is no WebGPU, no adapter, or no such benchmark', async () => {
  const page = await browser.new_page();
  const problem = async (query: string) => {
    await page.open(`${site.address}${query}`);
    await page.until("document.documentElement.dataset.state === 'failed'", 20_000);
    return page.evaluate<string>("document.querySelector('.problem').textContent");
  };
  expect(await problem('?bench=reed_back')).toMatch(/no benchmark "reed_back"\. Did you mean read_back/);
  await page.before_each_page('navigator.gpu.requestAdapter = async () => null;');
  expect(await problem('?bench=read_back')).toMatch(/found no adapter/);
  await page.before_each_page("Object.defineProperty(navigator, 'gpu', { value: undefined });");
  expect(await problem('')).toMatch(/does not offer WebGPU/);
});
