/** Pictures of every scene at its end, for the README: `npm run screenshots`. Made by the page itself on the software adapter, at a desk's width and a telephone's. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open_browser, settled } from './browser.ts';
import { build_and_serve } from './site.ts';

const folder = fileURLToPath(new URL('../../docs/page/', import.meta.url));
mkdirSync(folder, { recursive: true });
const [browser, site] = await Promise.all([open_browser(), build_and_serve()]);
const { page: first } = await browser.new_page({ reducedMotion: 'reduce' });
await first.goto(site.address);
await first.waitForSelector('nav a');
const names = await first.evaluate<string[]>(
  `[...document.querySelectorAll('nav a')].flatMap((a) => new URLSearchParams(new URL(a.href).hash.slice(1)).get('scene') ?? [])`,
);
await first.close();
for (const name of names) {
  const { page } = await browser.new_page({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${site.address}#scene=${name}`);
  await page.waitForFunction(settled, null, { timeout: 300_000 });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    // The figures find their new size, and are drawn again.
    await page.evaluate("document.querySelector('#figures').scrollIntoView()");
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
  }
  process.stdout.write(`docs/page/${name}-1280.png and -390.png\n`);
  await page.close();
}
await browser.close();
await site.close();
process.exit(0);
