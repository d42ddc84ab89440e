// Which leaf of NUTS's tree becomes the draw: multinomial within the half that is new, biased towards it between the halves (Betancourt 2017, A.3.2).
//
// All chains start at one place with one momentum (the shader's normals are replaced by a constant), so chains that grew in the same directions grew the same tree, and the twin gives each leaf's
// probability. Chi-square per tree that at least 200 chains grew; false-alarm rate 1e-4 for all of them together, at a fixed seed.

import { expect, it } from 'vitest';
import { use_device } from '../device.ts';
import { inverse_mass, momentum, quadratic } from '../reference/leapfrog.ts';
import { type NutsTree, nuts_tree } from '../reference/nuts.ts';
import { chi_square_score, z_limit } from '../reference/statistics.ts';
import { numbers } from '../smc2/population.ts';
import { run_chains } from './chains.ts';
import { gaussian, metric_of } from './gaussian.ts';
import { factor_matrix } from './momenta.ts';
import { goes_forward } from './nuts_directions.ts';

const device = use_device();
const chains = 16_384;
const key = [3, 14] as const;
const target = gaussian([1, 0.5], 0.5);
const metric = metric_of(target, 'unit');

const settings = [
  // Steps so long that leaves have very different weights.
  { epsilon: 0.6, momentum: 1.25, start: [0.75, -0.25], deepest: 10 },
  { epsilon: 0.75, momentum: -0.5, start: [1.5, 0.5], deepest: 10 },
  { epsilon: 0.3, momentum: 0.75, start: [-0.5, 0.25], deepest: 4 },
];

it.each(settings)('leaves are drawn by their weights: ε = $epsilon', async (setting) => {
  const { dimension } = target;
  const ran = await run_chains(device(), {
    model: target.model,
    modules: { 'lib/normal': `fn normal_from_bits(bits: u32) -> f32 { return f32(${setting.momentum}); }` },
    chains,
    metric,
    start: Float32Array.from(setting.start.flatMap((x) => numbers(chains, () => x))),
    key,
    transition: { machine: 'nuts', epsilon: setting.epsilon, most_steps: setting.deepest },
    iterations: 1,
  });
  const factor = factor_matrix(metric, dimension);
  const h = { ...quadratic(target.precision), inverse_mass: inverse_mass(factor) };
  const p = momentum(
    factor,
    numbers(dimension, () => setting.momentum),
  );

  const grown = new Map<string, { tree: NutsTree; counts: number[]; chains: number }>();
  const first = new Map<string, NutsTree>();
  for (let c = 0; c < chains; c++) {
    const directions = numbers(setting.deepest, (depth) => goes_forward(key, 0, c, depth));
    const all = directions.map(Number).join('');
    const tree =
      first.get(all) ??
      nuts_tree(h, { q: setting.start, p }, setting.epsilon, (depth) => directions[depth] as boolean, setting.deepest);
    first.set(all, tree);
    // The same up to directions that were never asked for.
    const name = JSON.stringify(tree.leaves.map(({ state }) => state.q));
    const group = grown.get(name) ?? { tree, counts: tree.leaves.map(() => 0), chains: 0 };
    grown.set(name, group);
    const distances = tree.leaves.map(({ state }) =>
      Math.max(...state.q.map((x, d) => Math.abs(x - (ran.draws(0, d)[c] as number)))),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    expect(distances[nearest]).toBeLessThan(1e-3);
    group.counts[nearest] = (group.counts[nearest] as number) + 1;
    group.chains += 1;
  }

  const groups = [...grown.values()].filter((group) => group.chains >= 200 && group.tree.leaves.length > 1);
  expect(groups.length).toBeGreaterThan(1);
  for (const { tree, counts, chains: members } of groups) {
    const expected = tree.leaves.map(({ probability }) => probability * members);
    const possible = (x: readonly number[]) => x.filter((_, i) => (expected[i] as number) > 0);
    expect(possible(counts).reduce((a, b) => a + b, 0)).toBe(members);
    expect(chi_square_score(possible(counts), possible(expected))).toBeLessThan(
      z_limit(1e-4, settings.length * 2 * groups.length),
    );
  }
});
