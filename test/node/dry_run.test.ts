// Acceptance: a dry run prints exact numbers, which follow from the sizes, runs nothing and writes nothing.

import { describe, expect, it } from 'vitest';
import { portable_lgssm } from '../../src/model/catalog/data/portable_lgssm.ts';
import { csv, lgssm_at, timeout, workplace } from './command_line.ts';

const y = portable_lgssm(6);
const files = { 'y.csv': csv(...y) };
const filter = ['filter', 'lgssm', '--data', 'y.csv', ...lgssm_at];

describe.concurrent('--dry-run', { timeout }, () => {
  it('of a filter prints shape, formulas, totals and work, and leaves nothing behind', async () => {
    const place = workplace();
    const { code, stdout } = await place.run([...filter, '--particles', '1e6', '--dry-run', '--out', 'run'], { files });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lgssm on SwiftShader.* \(software\); nothing is run$/m);
    expect(stdout).toMatch(/^ {2}shape +grid$/m);
    expect(stdout).toMatch(/^ {2}particle-steps +24 000 000$/m);
    // A normal for each of 4 filters, 10⁶ particles and 7 steps, the initial one included.
    expect(stdout).toMatch(/^ {2}random normals +28 000 000$/m);
    expect(stdout).toMatch(
      /^ {2}particles +2 halves × 7 components × 1000000 particles × 4 bytes × 4 filters at once +224 000 000 +\d/m,
    );
    expect(stdout).toMatch(
      /^on the device in all: [\d ]+ bytes\nlargest buffer that this adapter allows: [\d ]+ bytes$/m,
    );
    expect(place.list()).toEqual(['y.csv']);
  });

  it('with --json is JSON of the same', async () => {
    const place = workplace();
    const run = [...filter, '--particles', '500', '--noise', 'shared', '--forecast', '3', '--dry-run', '--json'];
    const { code, stdout } = await place.run(run, { files });
    expect(code).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ model: 'lgssm', adapter: { kind: 'software' }, command: ['langevin', ...run] });
    expect(found.phases.map((p: { name: string }) => p.name)).toEqual(['filters', 'predictions', 'forecast']);
    const [filters] = found.phases;
    expect(filters.work).toMatchObject({
      shape: 'lane',
      filters: 32,
      particles: 500,
      steps: 6,
      'particle-steps': 96_000,
    });
    // All filters read the same numbers.
    expect(filters.work['random normals']).toBe(500 * 7);
    const noise = filters.buffers.find((b: { name: string }) => b.name === 'shared_noise');
    expect(noise).toMatchObject({ formula: '7 steps × 500 particles × 1 normals × 4 bytes', bytes: 14_000 });
    const total = filters.buffers.reduce((sum: number, b: { allocated: number }) => sum + b.allocated, 0);
    expect(filters.allocated).toBe(total);
    // The pool serves later phases from what the first gave back, where classes match; here the small buffers do.
    const phases: number[] = found.phases.map((p: { allocated: number }) => p.allocated);
    expect(found.allocated).toBeGreaterThan(total);
    expect(found.allocated).toBeLessThan(phases.reduce((a, b) => a + b));
    expect(place.list()).toEqual(['y.csv']);
  });

  it('of SMC² plans the population, then the states under the posterior', async () => {
    const place = workplace();
    const run = ['smc2', 'lgssm', '--data', 'y.csv', '--thetas', '100', '--particles', '50', '--dry-run', '--json'];
    const { code, stdout } = await place.run(run, { files });
    expect(code).toBe(0);
    const { phases } = JSON.parse(stdout);
    expect(phases[0].work).toMatchObject({ filters: 100, particles: 50, 'evaluations, at least': 17 });
    const history = phases[0].buffers.find((b: { name: string }) => b.name === 'smc2.history');
    expect(history).toMatchObject({ formula: '16 moves × 6 rows × 100 thetas × 4 bytes', bytes: 16 * 6 * 100 * 4 });
    expect(phases[1]).toMatchObject({ name: 'states under the posterior', work: { filters: 100 } });
    expect(place.list()).toEqual(['y.csv']);
  });

  it('says when a buffer of another kind would not fit', async () => {
    const place = workplace();
    const run = [...filter, '--particles', '10', '--filters', '65536', '--forecast', '100000', '--dry-run'];
    const { code, stdout, stderr } = await place.run(run, { files });
    expect(stderr).toMatch(/^forecast: predictions needs a buffer of \d+ bytes; this adapter's limit is \d+\.$/m);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^ {2}predictions .* too large$/m);
    expect(stdout.match(/too large/g)).toHaveLength(1);
  });

  it('says when the particles would not fit the adapter', async () => {
    const place = workplace();
    const sir = ['--set', 'beta=1.7', '--set', 'gamma=0.5', '--set', 'phi_inverse=0.1'];
    const run = ['filter', 'sir', '--data', 'influenza-1978', ...sir, '--particles', String(2 ** 24), '--dry-run'];
    const { code, stdout, stderr } = await place.run(run);
    // 2 halves of 11 components of 2²⁴ particles.
    expect(stderr).toContain(`One filter needs ${2 * 11 * 2 ** 24 * 4} bytes for its particles; this adapter allows `);
    expect(stderr).toContain('Use fewer particles.');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
