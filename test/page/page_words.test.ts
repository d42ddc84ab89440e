// Acceptance: advice of the stages, as it stands in their sources, in the labels of the settings of a scene. Equality.

import { expect, it } from 'vitest';
import { scenes } from '../../src/page/scenes/index.ts';
import { page_words } from '../../src/page/shell/page_words.ts';
import { fallbacks, type Values } from '../../src/page/shell/settings.ts';

function settings_of(name: string, chosen: Values = {}) {
  const scene = scenes.find((one) => one.name === name);
  if (!scene) throw new Error(`no scene ${name}`);
  return scene.settings('software', { ...fallbacks(scene.settings('software', chosen)), ...chosen });
}

it.each([
  [
    'hmc',
    'Use --sampler nuts, or a higher --target-acceptance.',
    'Use “Sampler: nuts”, or a higher “Wanted acceptance”.',
  ],
  [
    'hmc',
    'Ask for a higher acceptance (--target-acceptance); if divergences stay, reparametrise.',
    'Ask for a higher acceptance (“Wanted acceptance”); if divergences stay, reparametrise.',
  ],
  [
    'hmc',
    'The step size is found in warm-up, and --warmup 0 has none.\nGive one with --step, or use a longer --warmup.',
    'The step size is found in warm-up, and “Warm-up: 0” has none.\nGive one with --step (on the command line), or use a longer “Warm-up”.',
  ],
  ['smc2', 'about 1 is good. Try --particles 128.', 'about 1 is good. Try “Particles of each filter: 128”.'],
  ['smc2', 'Give it one, e.g. --prior x=normal:0,10', 'Give it one, e.g. --prior x=normal:0,10 (on the command line)'],
  ['population', 'More ranks, or --hottest nearer to 1.', 'More ranks, or “Hottest” nearer to 1.'],
  [
    'population',
    '--exchange best needs more than one rank; nothing was exchanged.',
    '“Exchange: best” needs more than one rank; nothing was exchanged.',
  ],
  [
    'population',
    'where 0.05 is the budget. Leave --step out.',
    'where 0.05 is the budget. Leave --step (on the command line) out.',
  ],
  [
    'merge',
    'as with --method gaussian. Give gradients (langevin sample --keep-gradients), or see whether twice the --updates move the means.',
    'as with “Method: gaussian”. Give gradients (langevin sample --keep-gradients), or see whether twice the “Updates of every network” move the means.',
  ],
  [
    'merge',
    'Use more --updates (2000 were made), a larger --units, or --method gradient-gaussian with --rounds 12.',
    'Use more “Updates of every network” (2000 were made), a larger --units (on the command line), or “Method: gradient-gaussian” with --rounds 12 (on the command line).',
  ],
  ['sde', 'Name them so: --channels x,y.', 'Name them so: “Columns to learn from: x,y”.'],
  ['sde', 'Give more --steps to go on.', 'Give more “Steps” to go on.'],
  [
    'sde',
    'a dash - or two -- or an i--; and a-b, are no options',
    'a dash - or two -- or an i--; and a-b, are no options',
  ],
])('%s: %s', (name, said, shown) => {
  expect(page_words(said, settings_of(name))).toBe(shown);
});

it('every option that a setting claims is no other setting’s', () => {
  for (const { name } of scenes) {
    const names = settings_of(name).map((setting) => setting.option ?? setting.name);
    expect(new Set(names).size).toBe(names.length);
  }
});
