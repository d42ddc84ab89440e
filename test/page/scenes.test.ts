// Acceptance: scenes run by the stages of the command line, so for the same settings and seed their draws are those of Node on its SwiftShader, bit for bit: both compile the kernels alike. Posteriors that are known are met within 4.5
// standard errors (false alarms 7e-6 each, five of them).

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
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
import { finish, numbers, saved, small_hmc, small_smc2, state, use_page } from './visit.ts';

const device = use_device();
const { browser, site, open } = use_page();
const lgssm_y = built_in_data['lgssm-100']?.columns.y as readonly number[];

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
    const again = await browser().new_page();
    await again.page.goto(page.url());
    await finish(again.page);
    expect(await numbers(again.page)).toEqual(await numbers(page));
    // Another that shares the device and the page's time changes no draw.
    const both = await open(small_hmc.replace('beside=none', 'beside=hmc'));
    await finish(both.page);
    expect(await both.page.locator('.panel').count()).toBe(2);
    expect(await saved(both.page, 'draws.csv')).toBe(there);
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
    // Lines of ancestors are drawn by a filter of their own, and only when they are wanted.
    expect(await page.locator('path.ancestors').count()).toBeGreaterThan(0);
    expect(await page.locator('circle.ringed').count()).toBe(1);
    const without = await open(`${small_smc2}&ancestors=0`);
    await finish(without.page);
    expect(await without.page.locator('path.ancestors, circle.ringed').count()).toBe(0);
    expect(await numbers(without.page)).toEqual(there);
    const exact = exact_posterior(y);
    const off = (there.log_evidence as number) - exact.log_evidence;
    expect(Math.abs(off) / (there['log_evidence.se'] as number)).toBeLessThan(4.5);
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

it('draws its curves where the browser’s language is no language tag', async () => {
  const { page, problems } = await browser().new_page();
  await page.addInitScript(
    "Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true })",
  );
  await page.goto(`${site().address}#scene=sde&example=ou&steps=20`);
  await page.waitForFunction("document.querySelector('.curve canvas')");
  expect(problems).toEqual([]);
});

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}
