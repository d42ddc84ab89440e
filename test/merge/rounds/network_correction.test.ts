// Acceptance. Quartic shards exp(−x⁴/8), four of them: the product has variance 0.477989 and kurtosis 2.18844 (anchor 7), so that of corrected draws errs by √((kurtosis − 1)/ess) of itself, and 5 of these are allowed, as are 5 binomial sds of the number of
// draws from either network: false alarms one in a million. What the networks learned is given here in closed form, N(0, 0.7), with particles of it: the energy left out of the weights makes the variance 0.69 of that, where 4 % are allowed;
// networks' own constants, 7 apart, would leave one of them without draws. All else is exact or what words must name.
import { expect, it } from 'vitest';
import { variance } from '../../../src/diagnostics/moments.ts';
import type { Points } from '../../../src/diagnostics/points.ts';
import { centred_energies } from '../../../src/merge/by_network.ts';
import { correct_particles, type Particles } from '../../../src/merge/rounds/correction.ts';
import { networks_in_rounds } from '../../../src/merge/rounds/merge_in_rounds.ts';
import { ask_all, type ShardOracle } from '../../../src/merge/rounds/oracle.ts';
import { round_findings, verdict_of_rounds } from '../../../src/merge/verdict/round_words.ts';
import { normals_at } from '../../../src/random/normals.ts';
import { normal_points } from '../../diagnostics/distances/samples.ts';

const key = [5, 6] as const;
const along = (log_density: (x: number) => number, slope: (x: number) => number): ShardOracle => {
  return async ({ values }) => ({ log_densities: values.map(log_density), gradients: values.map(slope) });
};
const quartic = [1, 2, 3, 4].map(() =>
  along(
    (x) => -(x ** 4) / 8,
    (x) => -(x ** 3) / 2,
  ),
);
/** N(0, 1) in all. */
const normal = [1, 2].map(() =>
  along(
    (x) => -(x * x) / 4,
    (x) => -x / 2,
  ),
);

const count = 20_000;
/** Of N(0, 0.7), which the networks learned. */
const draws: Points = {
  count,
  dimension: 1,
  values: Float64Array.from(normals_at([9, 1], 0, 0, count), (z) => Math.sqrt(0.7) * z),
};
const seed = Uint8Array.from({ length: count }, (_, i) => Math.floor(i / 32) % 2);
const particles: Particles = {
  draws,
  seed,
  energy: draws.values.map((x, i) => -(x * x) / 1.4 + 7 * (seed[i] as number)),
};

it('corrects particles of several networks to the posterior, each network its part', async () => {
  const { correction, points, log_density } = correct_particles(await ask_all(quartic, draws), particles, key);
  expect(correction.used).toBe(true);
  const allowed = (relative: number) => 5 * Math.sqrt(relative / correction.ess);
  expect(Math.abs(variance(points.values) / 0.477989 - 1)).toBeLessThan(allowed(1.18844));
  points.values.forEach((x, i) => {
    expect(log_density[i]).toBeCloseTo(-(x ** 4) / 2, 12);
  });
  const network = new Map(Array.from(draws.values, (x, i) => [x, seed[i] as number]));
  const of_second = points.values.reduce((n, x) => n + (network.get(x) as number), 0) / count;
  expect(Math.abs(of_second - 0.5)).toBeLessThan(allowed(0.25));
});

it('counts only particles where all shards have a density', async () => {
  const half = along(
    (x) => (x > -1.5 ? 0 : Number.NEGATIVE_INFINITY),
    () => 0,
  );
  const asked = await ask_all([...quartic, half], draws);
  expect(asked.points.count).toBeLessThan(count);
  const { points } = correct_particles(asked, particles, key);
  expect(Math.min(...points.values)).toBeGreaterThan(-1.5);
  // Of the density above −1.5 next to all is there (0.9985 of it): as far as its variance tells, weights belong to the right draws.
  expect(variance(points.values) / 0.477989).toBeGreaterThan(0.94);
  expect(variance(points.values) / 0.477989).toBeLessThan(1.05);
});

it('says so where the Gaussian that networks began with can be corrected, and they cannot', async () => {
  const narrow = normal_points(3, 2000, 1).values.map((x) => 0.2 * x);
  const points: Points = { count: 2000, dimension: 1, values: narrow };
  const learned: Particles = { draws: points, seed: new Uint8Array(2000), energy: narrow.map((x) => -12.5 * x * x) };
  const start = { mean: Float64Array.of(1), covariance: Float64Array.of(2) };
  const options = { rounds: 2, draws: 2000, key };
  const found = await networks_in_rounds(normal, start, async () => learned, options);
  const { correction, gaussian_correction } = found.facts;
  expect(correction.used).toBe(false);
  expect(gaussian_correction?.used).toBe(true);
  expect(gaussian_correction?.ess).toBeGreaterThan(1900);
  expect(found.points.values).toEqual(narrow);
  const words = round_findings(found.facts, 'diffusion', 2000).join('\n');
  expect(words).toMatch(
    /^The draws are not corrected: .*\nA Gaussian would have done better: .* Use --method gradient-gaussian/s,
  );
  const judgement = {
    dimension: 1,
    shards: [],
    contradictions: { shards: [], odd: [], pair: false },
    mean_error: new Float64Array(1),
  };
  expect(verdict_of_rounds(judgement, found.facts, [words]).headline).toBe(
    'The shards were asked where the merge lies, with reservations.',
  );

  // Where neither can (Student's t with a fifth of a degree of freedom), the Gaussian is not named.
  const heavy = [
    along(
      (x) => -0.6 * Math.log1p(x * x),
      (x) => (-1.2 * x) / (1 + x * x),
    ),
  ];
  const neither = await networks_in_rounds(heavy, start, async () => learned, options);
  expect(neither.facts.correction.used).toBe(false);
  expect(neither.facts.gaussian_correction).toBeUndefined();
});

it('takes the mean out of energies by network', () => {
  const energy = Float64Array.of(1, 2, 3, 10, 20);
  const of = Uint8Array.of(0, 0, 0, 1, 1);
  expect(Array.from(centred_energies(energy, of))).toEqual([-1, 0, 1, -5, 5]);
});
