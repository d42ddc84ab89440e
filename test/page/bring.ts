/** What a person does who brings data, and the command line that is to do the same. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Workplace, workplace } from '../node/command_line.ts';
import { drop, finish, type use_page } from './visit.ts';

type Open = ReturnType<typeof use_page>['open'];
type Brought = Parameters<typeof drop>[1];

/** Opened, and not begun, so that what runs is what was dropped. */
export async function open_still(open: Open, query: string): ReturnType<Open> {
  const { page, problems } = await open(query, { reducedMotion: 'reduce' });
  await page.waitForFunction("document.documentElement.dataset.state === 'ready'");
  return { page, problems };
}

export async function learn(page: Page, files: Brought): Promise<string> {
  await drop(page, files);
  await page.waitForFunction("['running', 'done', 'failed'].includes(document.documentElement.dataset.state)");
  await finish(page);
  return page.evaluate<string>("document.querySelector('#notes').textContent");
}

/** What was said of files before may still be there: waits for these words. */
export async function refuses(page: Page, files: Brought, words: string): Promise<void> {
  await drop(page, files);
  await page.waitForFunction((wanted) => document.querySelector('#notes')?.textContent.includes(wanted), words);
}

/** Files in a folder of their own, and the page's command run there. */
export async function repeat(page: Page, files: Brought): Promise<Workplace> {
  const place = workplace();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place.path, name), content);
  const words = ((await page.textContent('#command')) as string).split(' ').slice(1);
  const { code, stderr } = await place.run([...words, '--out', 'run'], { seconds: 150 });
  expect(code, stderr).toBe(0);
  return place;
}
