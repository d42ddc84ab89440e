// Neal's funnel: no step size suits it, so no sampler with one step size reaches its neck, and what counts is that a run says so.
//
//   P(v < −6) is 0.0228. At the default settings, and at metric unit with acceptance 0.8 or 0.95, no draw was there; at the last P(v < −4.5) comes out as 0.031, less than half of 0.067,
//   and E v² as 7.4, not 9. Sharing one metric makes it worse than it is for chains alone: the sd of x is that of the mouth, where one chain has seen v = 13.
//
// Acceptance: warnings are there; with small steps, P(v < c) away from the neck is within 4.5 MCSE, five of them: false alarms 3e-5.

import { expect, it } from 'vitest';
import { funnel } from '../../src/model/catalog/funnel.ts';
import { use_device } from '../device.ts';
import { sample_model, warnings_of, z_score } from './sampled.ts';

const device = use_device();

it('is not passed off as sampled, at the default settings', async () => {
  const sampled = await sample_model(device(), funnel, [], { sampler: 'nuts', seed: 1, chains: 16 });
  const warnings = warnings_of(sampled);
  for (const sign of ['R-hat is above', 'diverged', 'E-FMI']) expect(warnings).toContain(sign);
});

it('is right away from the neck, with small steps, and still warned of, though nothing diverges', async () => {
  const sampled = await sample_model(device(), funnel, [], {
    sampler: 'nuts',
    seed: 1,
    chains: 32,
    metric: 'unit',
    target_acceptance: 0.95,
  });
  expect(sampled.divergences).toBe(0);
  const warnings = warnings_of(sampled);
  for (const sign of ['R-hat is above', 'E-FMI']) expect(warnings).toContain(sign);
  const cumulative = [
    [-1.5, 0.3085375],
    [0, 0.5],
    [1.5, 0.6914625],
    [3, 0.8413447],
    [4.5, 0.9331928],
  ] as const;
  for (const [bound, probability] of cumulative) {
    const below = sampled.quantity(([v = 0]) => Number(v < bound));
    expect(Math.abs(z_score(below, probability)), `v < ${bound}`).toBeLessThan(4.5);
  }
});
