/** The built page and a browser for the tests of a file, and what a visitor does there. */

import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { open_browser, type PageBrowser, settled } from './browser.ts';
import { build_and_serve, type Site } from './site.ts';

/** @returns what is there once tests run */
export function use_page() {
  let browser: PageBrowser;
  let site: Site;
  beforeAll(async () => {
    [browser, site] = await Promise.all([open_browser(), build_and_serve()]);
  });
  afterEach(() => browser.close_pages());
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  return {
    browser: () => browser,
    site: () => site,
    async open(
      query: string,
      options: BrowserContextOptions = {},
    ): Promise<{ page: Page; problems: readonly string[] }> {
      const made = await browser.new_page(options);
      await made.page.goto(`${site.address}#${query}`);
      return made;
    },
  };
}

/** Waits for the run's end. Throws what the page shows where that does not come. */
export async function finish(page: Page): Promise<void> {
  try {
    await page.waitForFunction(settled, null, { timeout: 120_000 });
  } catch (error) {
    const shown = await page.evaluate(
      "JSON.stringify(document.documentElement.dataset) + '\\n' + document.querySelector('main')?.innerText.slice(0, 2000)",
    );
    throw new Error(`The run did not end. The page shows:\n${shown}`, { cause: error });
  }
}

/** What the address asks for. */
export const asked_by = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

/** What the document says of its run. */
export const state = (page: Page, name: string) => page.evaluate<string>(`document.documentElement.dataset.${name}`);

export const numbers = async (page: Page) => JSON.parse(await state(page, 'numbers')) as Record<string, number>;

/** As a hand would: files from the desktop over the page, all at once. @param files contents by name */
export async function drop(page: Page, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const packed = Object.entries(files).map(
    ([name, content]) => [name, Buffer.from(content).toString('base64')] as const,
  );
  const data = await page.evaluateHandle((given) => {
    const held = new DataTransfer();
    for (const [name, text] of given) {
      held.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    }
    return held;
  }, packed);
  await page.dispatchEvent('html', 'drop', { dataTransfer: data });
}

/** The text of a file that the page offers. */
export const saved = async (page: Page, name: string): Promise<string> => (await saved_bytes(page, name)).toString();

export async function saved_bytes(page: Page, name: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-file="${name}"]`)]);
  return readFileSync(await download.path());
}

export const small_hmc = 'scene=hmc&seed=3&target=banana&sampler=nuts&beside=none&chains=16&draws=60&warmup=100';
export const small_smc2 = 'scene=smc2&seed=3&model=lgssm&thetas=64&particles=32&iterations=6';
