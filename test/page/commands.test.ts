// Acceptance: the command that a scene prints, run with the files that it saves, gives what the page has: the same stages and shaders, on SwiftShader in a browser and in Node. Equality: both compile the same kernels for the same
// driver, and the counters are the same.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { timeout, type Workplace, workplace } from '../node/command_line.ts';
import { finish, numbers, state, use_page } from './visit.ts';

const { open } = use_page();

/** The scene at its end, and its files in a folder. */
async function run_scene(query: string): Promise<{ page: Page; place: Workplace; numbers: Record<string, number> }> {
  const { page, problems } = await open(query);
  await finish(page);
  expect(await state(page, 'state')).toBe('done');
  expect(problems).toEqual([]);
  return { page, place: workplace(), numbers: await numbers(page) };
}

async function save(page: Page, place: Workplace, pattern: RegExp): Promise<void> {
  for (const name of await page.evaluate<string[]>(
    "[...document.querySelectorAll('[data-file]')].map((b) => b.dataset.file)",
  )) {
    if (!pattern.test(name)) continue;
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-file="${name}"]`)]);
    await download.saveAs(join(place.path, name));
  }
}

async function repeat(page: Page, place: Workplace) {
  const words = ((await page.textContent('#command')) as string).split(' ').slice(1);
  const { code, stderr } = await place.run([...words, '--out', 'run'], { seconds: 150 });
  expect(code, stderr).toBe(0);
  return JSON.parse(place.read('run/summary.json'));
}

describe('the command of a scene', { timeout }, () => {
  it('merge: the same draws', async () => {
    const query = 'scene=merge&problem=stations&shards=2&method=consensus&shard_draws=1000&draws=512&seed=4';
    const { page, place } = await run_scene(query);
    await save(page, place, /^shard_|^exact|^gradients|^draws\.csv$/);
    const { merge } = await repeat(page, place);
    expect(merge.method).toBe('consensus');
    expect(place.read('draws.csv')).toBe(place.read('run/draws.csv'));
  });

  it('SMC² of an own model: the same evidence', async () => {
    const {
      page,
      place,
      numbers: found,
    } = await run_scene('scene=smc2&model=own&thetas=64&particles=32&iterations=4&seed=6');
    await save(page, place, /^own\.mjs$/);
    const { log_evidence } = await repeat(page, place);
    expect(found.log_evidence).toBe(log_evidence.value);
  });

  it('sde: the same bound and the same drift', async () => {
    const { page, place, numbers: found } = await run_scene('scene=sde&example=ou&steps=60&seed=2');
    const { sde } = await repeat(page, place);
    expect(found.bound).toBe(sde.bound.value);
  });
});
