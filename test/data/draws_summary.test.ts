// Acceptance: exact texts and fields; statistics themselves are tested in test/diagnostics.
import { describe, expect, it } from 'vitest';
import type { DrawsFile } from '../../src/data/draws_file.ts';
import {
  type Cost,
  type DrawsSummary,
  spent,
  summarize_draws,
  write_draws_summary,
} from '../../src/data/draws_summary.ts';
import { format_draws_table } from '../../src/data/draws_table.ts';
import { draws_warnings } from '../../src/data/draws_warnings.ts';
import type { Summary } from '../../src/data/summary.ts';
import { ess_mean, ess_square } from '../../src/diagnostics/ess.ts';
import { nested_rhat } from '../../src/diagnostics/nested_rhat.ts';
import { weighted_mean } from '../../src/diagnostics/weighted.ts';
import { autoregression, independent_normals } from '../diagnostics/reference_draws.ts';

function draws_of(parameters: Record<string, Float64Array[]>, rest: Partial<DrawsFile> = {}): DrawsFile {
  const [first = []] = Object.values(parameters);
  return {
    chains: first.length,
    draws: first[0]?.length ?? 0,
    parameters: new Map(Object.entries(parameters)),
    sampler: {},
    warmup: 0,
    ...rest,
  };
}

function judge(draws: DrawsFile, cost: Cost = {}): DrawsSummary {
  const found = summarize_draws(draws, { langevin: '0.1.0', command: ['langevin'], files: ['f.csv'], cost });
  return { ...found, warnings: draws_warnings(found, draws) };
}

describe('the warnings', () => {
  it('are none for many good draws', () => {
    const draws = draws_of(
      { a: independent_normals(1, 4, 1000) },
      {
        sampler: {
          diverging: Array.from({ length: 4 }, () => new Float64Array(1000)),
          energy: independent_normals(2, 4, 1000),
        },
      },
    );
    expect(judge(draws).warnings).toEqual([]);
  });

  it('name chains that disagree, the worst first, and what to do', () => {
    const good = independent_normals(3, 4, 500);
    const moved = (shift: number) => good.map((chain, c) => chain.map((x) => x + (c === 0 ? shift : 0)));
    const { warnings } = judge(draws_of({ good, near: moved(0.5), far: moved(5) }));
    expect(warnings[0]).toMatch(
      /^R-hat is above 1\.01 for far, near \(worst: \d\.\d{3}\): the chains do not agree yet\. Run longer/,
    );
    expect(warnings[1]).toMatch(/^bulk ESS is below 400 \(100 per chain\) for far, near: .*Run longer chains\.$/);
  });

  it('count divergences and chains of little energy', () => {
    const diverging = Array.from({ length: 2 }, (_, c) =>
      Float64Array.from({ length: 1000 }, (_, t) => (t < 2 + c ? 1 : 0)),
    );
    const energy = [independent_normals(4, 1, 1000)[0], autoregression(5, 1, 1000, 0.95)[0]] as Float64Array[];
    const summary = judge(draws_of({ a: independent_normals(6, 2, 1000) }, { sampler: { diverging, energy } }));
    expect(summary.sampler?.divergences).toBe(5);
    expect(summary.warnings[0]).toMatch(/^5 of 2000 transitions diverged: .*reparametrise/);
    expect(summary.warnings[1]).toMatch(
      /^the energy fraction \(E-FMI\) is below 0\.3 in 1 of 2 chains \(smallest: 0\.\d+\): /,
    );
  });

  it('say what has no statistics and why', () => {
    const normals = independent_normals(7, 4, 1000);
    const { warnings, parameters } = judge(
      draws_of(
        {
          fixed: normals.map((chain) => chain.map(() => 2)),
          broken: normals.map((chain, c) => chain.map((x, t) => (c + t === 0 ? Number.NaN : x))),
          stuck: normals.map((chain, c) => chain.map(() => c)),
        },
        { warmup: 40 },
      ),
    );
    expect(warnings[0]).toBe('40 draws of the warm-up are in the files and left out here.');
    expect(warnings[1]).toMatch(/^broken: some draws are NaN or infinite, so it has no statistics/);
    expect(warnings[2]).toMatch(/^fixed: every draw is the same\./);
    expect(warnings[3]).toMatch(/^R-hat is above 1\.01 for stuck \(worst: infinite, chains that never moved\)/);
    expect(parameters.get('fixed')).toMatchObject({ mean: 2, sd: 0, rhat: Number.NaN });
  });

  it('tell one chain and few draws', () => {
    expect(judge(draws_of({ a: independent_normals(8, 1, 2000) })).warnings).toEqual([
      'with one chain R-hat compares only its two halves; run four or more, from different starting points.',
    ]);
    expect(judge(draws_of({ a: independent_normals(9, 4, 5) })).warnings[0]).toMatch(
      /^too few draws per chain to judge by \(5\)/,
    );
  });
});

describe('weighted draws', () => {
  it('have weighted moments and the ESS of their weights, and no R-hat', () => {
    const [values = new Float64Array()] = independent_normals(10, 1, 400);
    const weights = Float64Array.from(values, (_, i) => (i % 4 === 0 ? 3 : 1));
    const summary = judge(draws_of({ a: [values] }, { weights: [weights] }));
    // (Σ w)² / Σ w² with a quarter of the weights 3: (600)² / 1200.
    expect(summary.weighted?.ess).toBeCloseTo(300, 9);
    const { mean, sd, mcse, ess, rhat } = summary.parameters.get('a') ?? {};
    expect(mean).toBe(weighted_mean({ values, weights }));
    expect(mcse).toBeCloseTo((sd as number) / Math.sqrt(300), 12);
    expect([ess, rhat]).toEqual([expect.closeTo(300, 9), undefined]);
    expect(summary.warnings[0]).toMatch(
      /^the draws are a weighted population and not chains: .*R-hat and the ESS of chains do not apply/,
    );
    expect(summary.worst).toBeUndefined();
    expect(format_draws_table(summary)).toMatch(/^ +mean +sd +mcse +q05 +q50 +q95 +ess$/m);
  });

  it('of which few count are warned of', () => {
    const weights = [Float64Array.from({ length: 400 }, (_, i) => (i < 4 ? 1e6 : 1))];
    expect(judge(draws_of({ a: independent_normals(11, 1, 400) }, { weights })).warnings[1]).toMatch(
      /^the weights are worth only 4 equal draws/,
    );
  });
});

describe('the table and summary.json', () => {
  const slow = autoregression(12, 4, 1000, 0.5);
  const antithetic = autoregression(13, 4, 1000, -0.6);
  const cost = { gradients: { value: 50_000, source: '--gradients' }, seconds: { value: 4, source: '--seconds' } };
  const summary = judge(draws_of({ slow, antithetic }), cost);

  it('give the worst of ESS θ and θ², per gradient and per second', () => {
    const [theta, square] = [ess_mean(slow), Math.min(ess_square(slow), ess_square(antithetic))];
    expect(summary.worst).toEqual({
      theta: { parameter: 'slow', ess: theta },
      square: { parameter: square === ess_square(slow) ? 'slow' : 'antithetic', ess: square },
      per_gradient: Math.min(theta, square) / 50_000,
      per_second: Math.min(theta, square) / 4,
    });
    const table = format_draws_table(summary);
    expect(table).toMatch(/^ +mean +sd +mcse +q05 +q50 +q95 +ess_bulk +ess_tail +ess_square +rhat$/m);
    expect(table).toMatch(/^slow +-?0\.\d+ /m);
    expect(table).toMatch(/^draws +4 chains × 1000$/m);
    expect(table).toMatch(/^gradients +50 000 \(--gradients\)$/m);
    expect(table).toMatch(/^worst ESS +\d+ \(slow\) of the mean of θ, \d+ \(\w+\) of θ²$/m);
    expect(table).toMatch(/^the worse of both +0\.0\d+ per gradient, \d+ per second$/m);
  });

  it('write null for what is undefined', () => {
    const fixed = judge(draws_of({ fixed: [new Float64Array(50).fill(1)] }));
    const read = JSON.parse(write_draws_summary(fixed));
    expect(read.parameters.fixed).toMatchObject({ mean: 1, sd: 0, q05: 1, rhat: null, ess: null, mcse: null });
    expect(JSON.parse(write_draws_summary(summary)).parameters.slow).toEqual(summary.parameters.get('slow'));
  });
});

describe('the cost', () => {
  it('is told by its phases, and rates with and without warm-up', () => {
    const gradients = spent({ warm_up: 24_367, learning: 0, sampling: 3642 }, 'all');
    const summary = judge(draws_of({ a: independent_normals(21, 2, 400) }), {
      gradients,
      seconds: spent({ warm_up: 3, learning: 0.5, sampling: 1.5 }, 'all'),
    });
    const { theta, square, per_gradient, per_second, sampling } = summary.worst as NonNullable<DrawsSummary['worst']>;
    const worse = Math.min(theta.ess, square.ess);
    expect(gradients.value).toBe(28_009);
    expect({ per_gradient, per_second, sampling }).toEqual({
      per_gradient: worse / 28_009,
      per_second: worse / 5,
      sampling: { per_gradient: worse / 3642, per_second: worse / 1.5 },
    });
    const text = format_draws_table(summary);
    expect(text).toMatch(/^gradients +24 367 warm-up \+ 0 learning \+ 3 642 sampling$/m);
    expect(text).toMatch(/^seconds +3 warm-up \+ 0\.5 learning \+ 1\.5 sampling$/m);
    expect(text).toMatch(/^without warm-up +[\d.]+ per gradient, \d+ per second$/m);
  });

  it('of unknown phases has no rate without warm-up', () => {
    const { worst } = judge(draws_of({ a: independent_normals(22, 2, 400) }), { gradients: { value: 9, source: 'x' } });
    expect(worst).not.toHaveProperty('sampling');
  });
});

describe('a run of ours', () => {
  const run: Summary = {
    ...{ langevin: '0.1.0', command: ['langevin', 'sample'], model: 'ring', seed: 7, seconds: { total: 3 } },
    ...{ adapter: { kind: 'software', name: 'Some CPU' }, parameters: {}, warnings: [] },
    sample: {
      ...{ sampler: 'ehmcu', chains: 2, draws: 400, warm_up: 100, thinning: 1, metric: 'dense' },
      ...{ step_size: 0.1134, mean_steps: 21.43 },
      gradients: { warm_up: 1, learning: 1, sampling: 1 },
      seconds: { warm_up: 1, learning: 1, sampling: 1 },
      longest_batches: { count: 2000, mean: 7.1, q05: 3, q50: 7, q95: 12 },
    },
  };

  it('names its sampler, step, metric, steps and law of lengths first', () => {
    const summary = judge(draws_of({ a: independent_normals(23, 2, 400) }));
    const text = format_draws_table(summary, run);
    expect(text).toMatch(/\n\nsampler +ehmcu, step 0\.113, dense metric, 21\.4 steps per transition\n/);
    expect(text).toMatch(/^lengths learned +3 to 12 steps, median 7 \(90 % of 2000\)$/m);
    const chees = { ...run.sample, sampler: 'chees', trajectory_time: 1.618 } as NonNullable<Summary['sample']>;
    expect(format_draws_table(summary, { ...run, sample: chees })).toContain(', mean trajectory time 1.62\n');
  });
});

describe('nested R-hat', () => {
  it('has a column, a line and a warning of its own, the worst name first', () => {
    const good = independent_normals(24, 4, 300);
    const moved = (shift: number) => good.map((chain, c) => chain.map((x) => x + (c < 2 ? shift : 0)));
    const draws = draws_of({ good, near: moved(1), far: moved(4) });
    const found = summarize_draws(draws, { langevin: '', command: [], files: [], cost: {}, superchains: 2 });
    const summary = { ...found, warnings: draws_warnings(found, draws) };
    expect(found.parameters.get('far')?.nested_rhat).toBe(nested_rhat([moved(4).slice(0, 2), moved(4).slice(2)]));
    expect(summary.warnings.filter((text) => text.startsWith('nested R-hat'))).toEqual([
      expect.stringMatching(
        /^nested R-hat is above 1\.01 for far, near \(worst: \d\.\d{3}\): superchains still remember/,
      ),
    ]);
    const text = format_draws_table(summary);
    expect(text).toMatch(/ rhat +nested_rhat\n/);
    expect(text).toMatch(/^draws +4 chains × 300, in 2 superchains$/m);
    expect(format_draws_table(judge(draws))).not.toContain('nested');
  });

  it('stands alone where chains kept only their moments, with what the quantiles are of', () => {
    const summary = judge(draws_of({ a: independent_normals(25, 2, 50) }));
    const parameters = new Map([
      [
        'a',
        { mean: 0, sd: 1, mcse: 0.1, q05: -1, q50: 0, q95: 1, ess: 9, ess_mean: 9, ess_square: 8, nested_rhat: 1.02 },
      ],
    ]);
    const text = format_draws_table({ ...summary, parameters, quantiles: 'of the last draw of each chain' });
    expect(text).toMatch(/ess_square +nested_rhat\n.* 1\.020\n/);
    expect(text).not.toMatch(/ rhat\b/);
    expect(text).toMatch(/^quantiles +of the last draw of each chain$/m);
  });
});
