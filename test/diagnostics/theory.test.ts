// Acceptance: known answers of theory, at fixed seeds, with the bound's derivation at each test.
import { describe, expect, it } from 'vitest';
import { chain_statistics } from '../../src/diagnostics/chain_statistics.ts';
import { energy_fraction } from '../../src/diagnostics/efmi.ts';
import { ess, ess_bulk, ess_mean, ess_quantile, ess_square, ess_tail } from '../../src/diagnostics/ess.ts';
import { mcse_mean } from '../../src/diagnostics/mcse.ts';
import { mean, variance } from '../../src/diagnostics/moments.ts';
import { nested_rhat, nested_rhat_of_moments } from '../../src/diagnostics/nested_rhat.ts';
import { quantile, sorted_draws } from '../../src/diagnostics/quantiles.ts';
import { folded_scores, split_scores } from '../../src/diagnostics/ranks.ts';
import { rhat, rhat_bulk, rhat_folded } from '../../src/diagnostics/rhat.ts';
import { autoregression, independent_normals } from './reference_draws.ts';

function fold_by_hand(chains: readonly Float64Array[]): Float64Array[] {
  const median = quantile(sorted_draws(chains), 0.5);
  return chains.map((chain) => chain.map((x) => Math.abs(x - median)));
}

describe('the effective sample size', () => {
  it('of an autoregression is S (1 − ρ) / (1 + ρ)', () => {
    // τ summed over a window of M lags has relative sd √(2(2M + 1)/S) (Sokal 1997). Geyer's window ends near where
    // ρ^M meets the noise 1/√S, at M = log √S / −log ρ. Bounds: five sds, one in 2e6 each.
    for (const rho of [0.3, 0.5, 0.9]) {
      const chains = autoregression(101, 4, 20_000, rho);
      const window = Math.log(Math.sqrt(80_000)) / -Math.log(rho);
      const bound = 5 * Math.sqrt((2 * (2 * window + 1)) / 80_000);
      expect(Math.abs(ess_mean(chains) / ((80_000 * (1 - rho)) / (1 + rho)) - 1)).toBeLessThan(bound);
    }
  });

  it('of squares of a normal autoregression is that of ρ²', () => {
    // corr(x_t², x_{t+k}²) = ρ^{2k}: an antithetic chain is good for means and not for squares. Bound as above.
    const chains = autoregression(102, 4, 20_000, -0.8);
    const rho = 0.64;
    const window = Math.log(Math.sqrt(80_000)) / -Math.log(rho);
    const bound = 5 * Math.sqrt((2 * (2 * window + 1)) / 80_000);
    expect(Math.abs(ess_square(chains) / ((80_000 * (1 - rho)) / (1 + rho)) - 1)).toBeLessThan(bound);
    expect(ess_mean(chains)).toBeGreaterThan(4 * 80_000);
  });

  it('is at most S log₁₀ S', () => {
    expect(ess(autoregression(103, 1, 1000, -0.9))).toBeCloseTo(3000, 9);
  });

  it('needs no more than a spread', () => {
    // 2⁻⁶⁰ only moves the exponents: the same bits.
    const chains = autoregression(109, 2, 300, 0.5);
    const small = chains.map((chain) => chain.map((x) => x * 2 ** -60));
    expect([ess_square(small), rhat(small)]).toEqual([ess_square(chains), rhat(chains)]);
  });

  it('does not know which chain is which, nor the units', () => {
    // The same sums in another order.
    const chains = autoregression(104, 5, 301, 0.6);
    const turned = [...chains].reverse().map((chain) => chain.map((x) => 7 - 3 * x));
    expect(ess_mean(turned) / ess_mean(chains)).toBeCloseTo(1, 10);
    expect(ess_bulk(turned) / ess_bulk(chains)).toBeCloseTo(1, 10);
    expect(rhat(turned)).toBeCloseTo(rhat(chains), 10);
  });

  it('is NaN where there is nothing to estimate', () => {
    const constant = [new Float64Array(20).fill(0.1), new Float64Array(20).fill(0.1)];
    const with_one = (odd: number) =>
      autoregression(105, 2, 20, 0).map((chain, c) => chain.map((x, t) => (c + t === 3 ? odd : x)));
    const broken = with_one(Number.NaN);
    for (const chains of [constant, broken, with_one(Number.POSITIVE_INFINITY), independent_normals(105, 4, 2)]) {
      for (const found of [ess, ess_bulk, ess_mean, ess_square].map((f) => f(chains))) expect(found).toBeNaN();
      for (const found of [ess_tail(chains), ess_quantile(chains, 0.3), rhat(chains), mcse_mean(chains)])
        expect(found).toBeNaN();
    }
    const { mean: center, sd, q50, rhat: no_rhat } = chain_statistics(constant);
    expect([center, sd, q50, no_rhat]).toEqual([0.1, 0, 0.1, Number.NaN]);
    for (const found of Object.values(chain_statistics(broken))) expect(found).toBeNaN();
  });
});

describe('the statistics of a table', () => {
  // They sort once and fold by merging, where each diagnostic alone sorts for itself: the same numbers, to the bit.
  it.each([
    ['even', independent_normals(110, 3, 40)],
    ['odd', independent_normals(111, 3, 41)],
    ['one', independent_normals(112, 3, 1)],
    ['tied', independent_normals(113, 4, 50).map((chain) => chain.map((x) => Math.round(2 * x) / 2))],
    ['all above zero', independent_normals(114, 2, 60).map((chain) => chain.map(Math.exp))],
    ['infinite', independent_normals(115, 2, 8).map((chain, c) => chain.map((x, t) => (c + t === 3 ? 1 / 0 : x)))],
  ])('are those of each alone: %s', (_, chains) => {
    const found = chain_statistics(chains);
    expect([found.rhat, found.ess_bulk, found.ess_tail]).toEqual([rhat(chains), ess_bulk(chains), ess_tail(chains)]);
    expect(folded_scores(chains)).toEqual(split_scores(fold_by_hand(chains)));
  });
});

describe('R-hat', () => {
  it('is near one for chains that agree', () => {
    // (R² − 1) is about the F statistic's excess over half chains: mean (m−1)/(m·n_half), here 7/8/1000; ten times that.
    expect(rhat(independent_normals(106, 4, 2000))).toBeLessThan(1 + 10 / 2 / 1000);
  });

  it('sees a chain elsewhere in the bulk and a wider one only when folded', () => {
    const chains = independent_normals(107, 4, 1000);
    const moved = chains.map((chain, c) => chain.map((x) => x + (c === 0 ? 1 : 0)));
    const wide = chains.map((chain, c) => chain.map((x) => x * (c === 0 ? 5 : 1)));
    expect(rhat_bulk(moved)).toBeGreaterThan(1.05);
    expect(rhat_bulk(wide)).toBeLessThan(1.01);
    expect(rhat_folded(wide)).toBeGreaterThan(1.05);
    expect(rhat(wide)).toBe(rhat_folded(wide));
  });
});

describe('nested R-hat', () => {
  it('is √(1 + 1/(M N)) for converged chains of one draw, and a little less for more', () => {
    // Independent draws of variance σ²: B = σ²/(M N), and W = σ² for one draw, σ² (1 + 1/N) for more. Var of K superchain means over the within variance has relative sd √(2/(K − 1)), here 6 %, and the within
    // variance √(2/(K M N)), 2 % at most; five sds of 0.065 on 1/(M N).
    for (const [m, n] of [
      [8, 1],
      [32, 4],
    ] as const) {
      const superchains = Array.from({ length: 512 }, (_, k) => independent_normals(1000 + k, m, n));
      const excess = (nested_rhat(superchains) ** 2 - 1) * m * n;
      expect(Math.abs(excess - (n === 1 ? 1 : n / (n + 1)))).toBeLessThan(5 * 0.065);
    }
  });

  it('is the same from streamed moments', () => {
    const superchains = Array.from({ length: 4 }, (_, k) => independent_normals(2000 + k, 3, 20));
    const moments = superchains.map((chains) => chains.map((x) => ({ mean: mean(x), variance: variance(x) })));
    expect(nested_rhat_of_moments(moments)).toBe(nested_rhat(superchains));
  });

  it('refuses superchains that cannot be compared', () => {
    const [a = [], b = []] = [independent_normals(1, 2, 5), independent_normals(2, 3, 5)];
    expect(() => nested_rhat([a])).toThrow('two superchains');
    expect(() => nested_rhat([a, b])).toThrow('2, 3 chains');
    expect(nested_rhat([a, a].map((chains) => chains.map((x) => x.fill(1))))).toBeNaN();
  });
});

describe('the energy fraction', () => {
  it('is 2 (1 − ρ) for energies of autocorrelation ρ', () => {
    // Of 40 000 values: relative sd below √(2 τ/S), with τ at most 19: 3 %; five sds.
    for (const rho of [0, 0.5, 0.9]) {
      const [energy = new Float64Array()] = autoregression(108, 1, 40_000, rho);
      expect(Math.abs(energy_fraction(energy) / (2 * (1 - rho)) - 1)).toBeLessThan(0.15);
    }
    expect(energy_fraction(new Float64Array(5).fill(2))).toBeNaN();
    expect(energy_fraction(Float64Array.of(1, Number.NaN, 2))).toBeNaN();
    expect(energy_fraction(Float64Array.of(1, 3, 2))).toBe(2.5);
  });
});
