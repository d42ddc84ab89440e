// Acceptance: the built page, in the Chromium that npm carries, runs a benchmark on its software adapter: no exception, a row for each size, and a result file that passes the schema. A page that cannot
// run says why. Equality throughout; times are not judged.

import { expect, it } from 'vitest';
import { read_record } from '../../bench/record.ts';
import { subjects } from '../../bench/subjects.ts';
import { settled } from './browser.ts';
import { use_page } from './visit.ts';

const { browser, site } = use_page();

it('?bench=read_back&quick shows the table and offers the result', async () => {
  const { page, problems } = await browser().new_page();
  await page.goto(`${site().address}?bench=read_back&quick`);
  await page.waitForFunction(settled, null, { timeout: 60_000 });
  expect(problems).toEqual([]);
  const problem = await page.evaluate<string | null>("document.querySelector('.problem')?.textContent ?? null");
  expect(problem).toBeNull();
  const cells = await page.evaluate<string[][]>(
    "[...document.querySelectorAll('#result tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))",
  );
  expect(cells.map(([, , size]) => size)).toEqual(['bytes 4', 'bytes 64', 'bytes 1024', 'bytes 16384', 'bytes 262144']);
  // The link's file, read where it lies.
  const saved = await page.evaluate<string>("fetch(document.querySelector('a[download]').href).then((r) => r.text())");
  const record = read_record(saved, 'the saved file');
  expect(record.subject).toBe('read_back');
  expect(record.rows).toHaveLength(cells.length);
  expect(record.adapter.kind).toBe('software');
  expect(record.implementation).toMatch(/Chrome\/\d/);
  const log = await page.evaluate<string>("document.querySelector('pre').textContent");
  expect(log).toContain('software, not a GPU');
});

it('the list of benchmarks names the adapter and links every one', async () => {
  const { page, problems } = await browser().new_page();
  await page.goto(`${site().address}?benchmarks`);
  await page.waitForFunction(settled, null, { timeout: 20_000 });
  expect(problems).toEqual([]);
  expect(await page.evaluate('document.querySelector("#adapter").textContent')).toMatch(/software, not a GPU/);
  const links = await page.evaluate<string[]>("[...document.querySelectorAll('dl a')].map((a) => a.href)");
  expect(links).toEqual(subjects.map(({ name }) => `${site().address}?bench=${name}&quick`));
});

it('says so where there is no WebGPU, no adapter, or no such benchmark', async () => {
  const { page } = await browser().new_page();
  const problem = async (query: string) => {
    await page.goto(`${site().address}${query}`);
    await page.waitForFunction("document.documentElement.dataset.state === 'failed'", null, { timeout: 20_000 });
    return page.evaluate<string>("document.querySelector('.problem').textContent");
  };
  expect(await problem('?bench=reed_back')).toMatch(/no benchmark "reed_back"\. Did you mean read_back/);
  await page.addInitScript('navigator.gpu.requestAdapter = async () => null;');
  expect(await problem('?bench=read_back')).toMatch(/found no adapter/);
  await page.addInitScript("Object.defineProperty(navigator, 'gpu', { value: undefined });");
  expect(await problem('')).toMatch(/does not offer WebGPU/);
});
