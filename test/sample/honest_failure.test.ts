// Posteriors that cannot be sampled, or not everywhere: the run ends, and says so.
//
// Acceptance: the warnings named. At a wall, moments within 4.5 MCSE, twelve of them: false alarms 8e-5.

import { describe, expect, it } from 'vitest';
import type { LogDensitySource } from '../../src/model/types.ts';
import { use_device } from '../device.ts';
import { type Settings, sample_model, warnings_of, z_score } from './sampled.ts';

const device = use_device();

const model = (parameters: LogDensitySource['parameters'], wgsl: string): LogDensitySource => ({
  kind: 'log-density',
  name: 'model',
  parameters,
  wgsl,
});

const flat = { prior: { flat: true } } as const;
const samplers: Settings[] = [
  { sampler: 'nuts', seed: 1, chains: 16, warm_up: 200, draws: 200, most_depth: 6 },
  { sampler: 'chees', seed: 1, chains: 16, warm_up: 200, draws: 200 },
];

describe.each(samplers)('$sampler, improper posteriors', (settings) => {
  it('x is free, y is not', async () => {
    const source = model(
      { x: flat, y: { prior: { normal: [0, 1] } } },
      'fn log_density(theta: Theta) -> f32 { return 0.0; }',
    );
    const warnings = warnings_of(await sample_model(device(), source, [], settings));
    expect(warnings).toMatch(/R-hat is above 1.01 for x/);
  });

  it('two classes that a line separates, with a flat prior', async () => {
    const source: LogDensitySource = {
      ...model(
        { b: { size: 2, ...flat } },
        `fn log_likelihood(row: Row, theta: Theta) -> f32 {
          let score = theta.b[0] + theta.b[1] * row.x;
          return -log_add_exp(0.0, select(score, -score, row.y > 0.5));
        }`,
      ),
      row: ['x', 'y'],
    };
    const rows = [-2, -1, -0.5, 0.3, 1, 2].map((x) => [x, Number(x > 0)]);
    const warnings = warnings_of(await sample_model(device(), source, rows, settings));
    expect(warnings).toMatch(/R-hat is above 1.01 for .*b\[/);
  });

  it('a scale whose density falls as 1/s only', async () => {
    const source = model(
      { s: { ...flat, lower: 0 } },
      'fn log_density(theta: Theta) -> f32 { return -log1p(theta.s); }',
    );
    const sampled = await sample_model(device(), source, [], settings);
    expect(warnings_of(sampled)).toMatch(/R-hat is above 1.01 for s|diverged/);
    // Not beyond where exp ends, to which every scale would flee for ever.
    for (const chain of sampled.draws.parameters.get('s') as Float64Array[]) {
      expect(Math.max(...chain)).toBeLessThanOrEqual(Math.exp(40) * 1.0001);
    }
  });
});

// exp(−x²/2) for x < 1, and nothing beyond: E x = −φ(1)/Φ(1), E x² = 1 + E x. The others are (1 − x) exp(−x²/2), by quadrature.
const walls = [
  { what: 'a step', term: 'select(0.0, -1e30, theta.x > 1.0)', mean: -0.28759997, square: 0.71240003 },
  { what: 'the logarithm of zero', term: 'log(max(0.0, 1.0 - theta.x))', mean: -0.77663873, square: 1.22336127 },
  { what: 'the logarithm of a negative number', term: 'log(1.0 - theta.x)', mean: -0.77663873, square: 1.22336127 },
];
describe.each(walls)('a wall: $what', ({ term, mean, square }) => {
  it.each(['nuts', 'chees'] as const)('%s', async (sampler) => {
    const source = model(
      { x: flat, y: flat },
      `fn log_density(theta: Theta) -> f32 {
      return -0.5 * (theta.x * theta.x + theta.y * theta.y) + ${term};
    }`,
    );
    const sampled = await sample_model(device(), source, [], { sampler, seed: 2 });
    const x = sampled.quantity(([value = 0]) => value);
    expect(Math.max(...x.map((chain) => Math.max(...chain)))).toBeLessThanOrEqual(1);
    expect(Math.abs(z_score(x, mean))).toBeLessThan(4.5);
    expect(
      Math.abs(
        z_score(
          sampled.quantity(([value = 0]) => value ** 2),
          square,
        ),
      ),
    ).toBeLessThan(4.5);
    expect(sampled.divergences).toBeGreaterThan(0);
    expect(warnings_of(sampled)).toContain('diverged');
  });
});

it('a density that is nowhere defined is not sampled', async () => {
  const source = model({ s: flat }, 'fn log_density(theta: Theta) -> f32 { return log(-1.0 - theta.s * theta.s); }');
  const run = sample_model(device(), source, [], { sampler: 'nuts', seed: 3, chains: 4 });
  await expect(run).rejects.toThrow(/found no start[\s\S]*logarithm or root of a negative number/);
});
