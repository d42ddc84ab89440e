// Particles on the host: resampled by their weights, in waves. Acceptance: equality; systematic resampling takes a particle ⌊n w⌋ or ⌈n w⌉ times.

import { describe, expect, it } from 'vitest';
import { resampled, wave_sizes } from '../../src/merge/particles.ts';
import { type NetworkSizes, work_rows } from '../../src/network/residual.ts';
import { tilings } from '../../src/network/tiles.ts';

describe('resampled particles', () => {
  // Two networks, four particles each, in turn; two coordinates.
  const count = 8;
  const seed = Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1);
  const rows = (scale: number) => Float32Array.from({ length: 2 * count }, (_, at) => scale * at);
  const log_weight = Float32Array.from([2, 1, 1, 1, 1, 0, 1, 0], (w) => Math.log(w) + 5);
  // One network's energies and weights have another constant.
  seed.forEach((network, i) => {
    log_weight[i] = (log_weight[i] as number) + 300 * network;
  });
  const accepted = Float32Array.from({ length: count }, (_, i) => i);
  const energy = Float32Array.from({ length: count }, (_, i) => -i);
  const { population, ess } = resampled({ u: rows(1), force: rows(10), log_weight, energy, accepted }, seed, [1, 2]);
  const from = Array.from({ length: count }, (_, i) => population.u[i] as number);

  it('stay with their network, as often as their weights say', () => {
    from.forEach((source, i) => {
      expect(seed[source]).toBe(seed[i]);
    });
    const taken = (i: number) => from.filter((source) => source === i).length;
    expect([0, 1, 4, 5].map(taken)).toEqual([2, 1, 1, 0]);
    for (const i of [2, 3, 6]) expect([1, 2]).toContain(taken(i));
    expect(taken(7)).toBe(0);
    // (2 + 1 + 1)² / (4 + 1 + 1) and 3² / 3.
    expect(ess).toBeCloseTo(16 / 6 + 3, 5);
  });

  it('keep all that belongs to them, and weigh the same', () => {
    from.forEach((source, i) => {
      expect(population.u[count + i]).toBe(count + source);
      expect([population.force[i], population.force[count + i]]).toEqual([10 * source, 10 * (count + source)]);
      expect(population.energy[i]).toBeCloseTo(-source, 12);
    });
    expect(population.log_weight).toEqual(new Float32Array(count));
    expect(population.accepted).toEqual(accepted);
  });
});

it('makes waves of whole groups, about as large as each other, within the bytes', () => {
  const sizes: NetworkSizes = { inputs: 100, units: 128, batch: 32, tiling: tilings.software };
  const bytes = 2 ** 26;
  for (const [draws, seeds] of [
    [10_400, 2],
    [100, 2],
    [50_000, 5],
  ] as const) {
    const waves = wave_sizes(sizes, draws, seeds, bytes);
    const all = waves.reduce((sum, n) => sum + n, 0);
    expect(all).toBe(32 * seeds * Math.ceil(draws / (32 * seeds)));
    for (const wave of waves) {
      expect(wave % (32 * seeds)).toBe(0);
      expect(4 * work_rows(sizes) * wave).toBeLessThanOrEqual(bytes);
    }
    expect(Math.max(...waves) - Math.min(...waves)).toBeLessThanOrEqual(32 * seeds);
  }
  expect(wave_sizes(sizes, 10_400, 2, bytes).length).toBe(3);
});
