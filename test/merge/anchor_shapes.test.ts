// Learned merges of one parameter against quadrature (anchors 6 and 7 of the reference page's §6), and kernel estimates of the second.
//
// Acceptance of a learned merge, from its own figures. `fit_variance` is the variance of (energy − log density) over the shards' draws, summed over the B shards, whose networks and draws are their own: their energies have a sum that is wrong by about
// e = √(r · fit_variance) in standard deviation over the product, r the most that the product's density is above a shard's. By Cauchy and Schwarz a moment moves by at most e times the standard deviation of its influence function (bench/merge/line_shards.ts), and chance adds 4.5
// standard errors at the effective number of the merge's draws: seven moments, false alarms 5e-5. A merge whose e is above its bound has learned too little for the test to mean anything, and fails.
//
// Kernel estimates: their products are those of smoothed shards, whose moments quadrature gives at every width the chain had; chance is 4.5 standard errors at the chains' own ESS, and kernels of n draws leave a noise of √(B R / (n h)) in the log density,
// R = 1/(2√π) over the density at its middle, smooth on the scale h, so that it moves a moment by at most that times the influence function.

import { expect, it } from 'vitest';
import {
  exact_shape,
  type LineDensity,
  line_draws,
  mixture_of,
  quartic,
  type Shape,
  sensitivity,
  shape_of,
} from '../../bench/merge/line_shards.ts';
import { ess_mean } from '../../src/diagnostics/ess.ts';
import { column } from '../../src/diagnostics/points.ts';
import { nonparametric } from '../../src/merge/baselines/nonparametric.ts';
import { semiparametric } from '../../src/merge/baselines/semiparametric.ts';
import { diffusion_merge } from '../../src/merge/diffusion.ts';
import { learned_facts } from '../../src/merge/learned.ts';
import { use_device } from '../device.ts';

const device = use_device();
const shards = 4;
const key = [6, 7] as const;

/** Times that a product is as dense as its shard, at most. */
const peak = (shard: LineDensity, whole: LineDensity) => {
  const steps = Array.from({ length: 4001 }, (_, i) => whole.range[0] + ((whole.range[1] - whole.range[0]) * i) / 4000);
  const total = (d: LineDensity) => steps.reduce((sum, x) => sum + Math.exp(d.log_density(x)), 0);
  const shift = Math.log(total(shard)) - Math.log(total(whole));
  return Math.exp(Math.max(...steps.map((x) => whole.log_density(x) - shard.log_density(x) + shift)));
};

async function learned(shard: LineDensity, whole: LineDensity, updates: number) {
  const merge = await diffusion_merge(
    device(),
    Array.from({ length: shards }, (_, b) => line_draws(shard, 10 + b, 5000)),
    { updates, seeds: 1, draws: 4096, units: 16, key },
  );
  const { draws } = merge;
  const { weights_ess = 0 } = learned_facts(merge);
  return {
    shape: shape_of(column(draws, 0)),
    error: Math.sqrt(peak(shard, whole) * (merge.fit_variance as number)),
    ess: weights_ess * 4096,
  };
}

function expect_shape(
  found: Shape,
  exact: Shape,
  names: readonly (keyof Shape)[],
  within: (name: keyof Shape) => number,
) {
  for (const name of names) expect(Math.abs(found[name] - exact[name]), name).toBeLessThan(within(name));
}

const product = quartic(1);
const exact = exact_shape(product);

it('the learned product of tempered mixtures is the mixture (anchor 6)', async () => {
  const parts = [
    { weight: 0.5, mean: -5, sd: 1 },
    { weight: 0.2, mean: 6, sd: 2 },
    { weight: 0.3, mean: 12, sd: 1.5 },
  ];
  const full = mixture_of(parts);
  const exact = exact_shape(full);
  expect(exact.mean).toBeCloseTo(2.3, 6);
  expect(exact.sd ** 2).toBeCloseTo(59.585, 4);
  expect(exact.skewness).toBeCloseTo(0.23263, 5);
  const shard = mixture_of(parts, 1 / shards);
  expect(exact_shape(shard).mean).toBeCloseTo(4.30612, 4);
  expect(exact_shape(shard).sd).toBeCloseTo(7.68581, 4);
  const { shape, error, ess } = await learned(shard, full, 4000);
  expect(error).toBeLessThan(0.4);
  const moved = sensitivity(full);
  expect_shape(shape, exact, ['mean', 'sd', 'skewness'], (name) => moved[name] * (error + 4.5 / Math.sqrt(ess)));
});

it('the learned product of quartics is the quartic (anchor 7)', async () => {
  expect(exact.sd ** 2).toBeCloseTo(0.477989, 6);
  expect(exact.kurtosis).toBeCloseTo(2.18844, 6);
  expect(exact_shape(quartic(shards)).sd ** 2).toBeCloseTo(0.955978, 6);
  const { shape, error, ess } = await learned(quartic(shards), product, 1500);
  expect(error).toBeLessThan(0.1);
  const moved = sensitivity(product);
  expect_shape(
    shape,
    exact,
    ['mean', 'sd', 'skewness', 'kurtosis'],
    (name) => moved[name] * (error + 4.5 / Math.sqrt(ess)),
  );
});

const count = 4000;

/** ∫ f(y) N(y; x, width²) dy for all places at once, on the grid they are on. */
function smoothed(places: Float64Array, f: Float64Array, width: number): Float64Array {
  const apart = (places[1] as number) - (places[0] as number);
  const reach = Math.ceil((6 * width) / apart);
  return places.map((_, i) => {
    let sum = 0;
    for (let k = Math.max(0, i - reach); k <= Math.min(places.length - 1, i + reach); k++) {
      sum += (f[k] as number) * Math.exp(-0.5 * ((apart * (i - k)) / width) ** 2);
    }
    return (sum * apart) / (width * Math.sqrt(2 * Math.PI));
  });
}

it.each([
  ['nonparametric', nonparametric],
  ['semiparametric', semiparametric],
] as const)('the %s product of quartics is that of smoothed quartics (anchor 7)', (name, merge) => {
  const shard = quartic(shards);
  const { sd } = exact_shape(shard);
  const drawn = Array.from({ length: shards }, (_, b) => line_draws(shard, 20 + b, count).draws);
  const chains = Array.from({ length: 8 }, (_, run) => column(merge(drawn, { draws: count, key: [6, run] }), 0));
  const x = Float64Array.from(chains.flatMap((chain) => Array.from(chain)));
  // Moments of draws with widths h_i, at twelve widths of even shares of i.
  const places = Float64Array.from({ length: 1201 }, (_, i) => -6 + i / 100);
  const gaussian = places.map((v) => Math.exp(-0.5 * (v / sd) ** 2));
  const density = places.map((v) => Math.exp(shard.log_density(v)));
  let [second, fourth] = [0, 0];
  for (let k = 0; k < 12; k++) {
    const h = (((k + 0.5) / 12) * count) ** -0.2;
    const estimate =
      name === 'nonparametric'
        ? smoothed(places, density, h * sd)
        : smoothed(
            places,
            density.map((p, i) => p / (gaussian[i] as number)),
            h * sd,
          ).map((p, i) => p * (gaussian[i] as number));
    const powers = estimate.map((p) => p ** shards);
    const total = powers.reduce((sum, p) => sum + p, 0);
    second += powers.reduce((sum, p, i) => sum + (p * (places[i] as number) ** 2) / total, 0) / 12;
    fourth += powers.reduce((sum, p, i) => sum + (p * (places[i] as number) ** 4) / total, 0) / 12;
  }
  const expected: Shape = { mean: 0, sd: Math.sqrt(second), skewness: 0, kurtosis: fourth / second ** 2 };
  const h = count ** -0.2 * sd;
  const at_middle = 1 / density.reduce((sum, p) => sum + p / 100, 0);
  const noise = Math.sqrt(shards / (2 * Math.sqrt(Math.PI)) / (count * h * at_middle));
  const ess = Math.min(ess_mean(chains), ess_mean(chains.map((chain) => chain.map((v) => v * v))));
  const moved = sensitivity(product);
  expect_shape(shape_of(x), expected, ['mean', 'sd', 'kurtosis'], (of) => moved[of] * (noise + 4.5 / Math.sqrt(ess)));
  // And smoothing itself is no more than a tenth of the spread.
  expect(Math.abs(expected.sd / exact.sd - 1)).toBeLessThan(0.1);
});
