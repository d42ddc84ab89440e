// Acceptance: structure, not looks (those were judged by eye, light and dark): every part that has data is there, nothing is
// fetched, strangers' text cannot become markup, no coordinate is NaN, and the page stays small.
import { describe, expect, it } from 'vitest';
import type { DrawsFile } from '../../src/data/draws_file.ts';
import { write_draws_report } from '../../src/data/draws_report.ts';
import { summarize_draws } from '../../src/data/draws_summary.ts';
import { draws_warnings } from '../../src/data/draws_warnings.ts';
import { choose_chains } from '../../src/data/report/choose_chains.ts';
import { evolution_panel, evolving_chains } from '../../src/data/report/evolution.ts';
import { forest_panels } from '../../src/data/report/forest.ts';
import { pairs_figure } from '../../src/data/report/pairs.ts';
import { rank_shares } from '../../src/data/report/rank_histogram.ts';
import { trace_panel } from '../../src/data/report/trace.ts';
import type { Summary } from '../../src/data/summary.ts';
import { autoregression, independent_normals } from '../diagnostics/reference_draws.ts';

function report(draws: DrawsFile): string {
  const run = { langevin: '0.1.0', command: ['langevin', 'summarize', 'f.csv'], files: ['f.csv'], cost: {} };
  const found = summarize_draws(draws, run);
  return write_draws_report({ ...found, warnings: draws_warnings(found, draws) }, draws);
}

const headings = (html: string) => Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), (match) => match[1]);
const panels = (html: string, text: string) =>
  Array.from(html.matchAll(/aria-label="(.*?)"/g), (match) => match[1]).filter((label) => label?.startsWith(text));

const chains = (count: number, draws: number, names: readonly string[]): DrawsFile => ({
  chains: count,
  draws,
  parameters: new Map(names.map((name, n) => [name, autoregression(40 + n, count, draws, 0.5)])),
  sampler: {
    energy: autoregression(60, count, draws, 0.2),
    diverging: Array.from({ length: count }, () =>
      Float64Array.from({ length: draws }, (_, t) => (t % 50 === 7 ? 1 : 0)),
    ),
  },
  warmup: 0,
});

describe('the report of draws', () => {
  it('has every section that its draws have data for', () => {
    const html = report(chains(4, 300, ['mu', 'theta[0]', 'theta[1]']));
    expect(headings(html)).toEqual([
      'Parameters',
      'Trace',
      'Ranks',
      'Autocorrelation',
      'Effective sample size so far',
      'Marginal posteriors',
      'Pairs',
      'Energy',
      'Forest',
    ]);
    for (const kind of [
      'Trace of',
      'Rank histogram of',
      'Autocorrelation of',
      'Effective sample size of',
      'Posterior of',
    ]) {
      expect(panels(html, kind)).toHaveLength(3);
    }
    // One panel of mu alone, one of both elements of theta.
    expect(panels(html, 'Medians and intervals of')).toHaveLength(2);
    expect(html).toContain('class="divergent"');
    expect(html).toContain('4 chains × 300');
    expect(html).toContain('transitions diverged');
    expect(html).toContain('langevin summarize f.csv');
  });

  it('leaves chains out where draws are weighted, and energies and marks where there are none', () => {
    const { sampler: _, ...rest } = chains(2, 100, ['a', 'b']);
    expect(
      headings(report({ ...rest, sampler: {}, weights: autoregression(61, 2, 100, 0).map((w) => w.map(Math.abs)) })),
    ).toEqual(['Parameters', 'Marginal posteriors', 'Pairs']);
    const plain = report({ ...rest, sampler: {} });
    expect(headings(plain)).not.toContain('Energy');
    expect(plain).not.toContain('class="divergent"');
  });

  it('shows eight of many parameters, those with the largest R-hat, and stays small with many draws', () => {
    const names = Array.from({ length: 12 }, (_, n) => `p${n}`);
    const draws = chains(8, 5000, names);
    const moved = draws.parameters.get('p9')?.map((chain, c) => chain.map((x) => x + c)) as Float64Array[];
    const html = report({ ...draws, parameters: new Map([...draws.parameters, ['p9', moved]]) });
    expect(panels(html, 'Trace of')).toHaveLength(8);
    expect(panels(html, 'Trace of')).toContain('Trace of p9.');
    // The worst first.
    expect(panels(html, 'Trace of')[0]).toBe('Trace of p9.');
    expect(html).toContain('The 8 of 12 parameters with the largest R-hat, the worst first.');
    expect(html).toContain('6 of 8 chains are drawn, those that lie farthest from the rest among them.');
    expect(html.length).toBeLessThan(1_500_000);
  });

  it('draws what is degenerate: constants, stuck chains, one draw, NaN', () => {
    const constant = [new Float64Array(40).fill(2), new Float64Array(40).fill(2)];
    const stuck = [new Float64Array(40).fill(1), new Float64Array(40).fill(2)];
    const broken = independent_normals(62, 2, 40).map((chain) => chain.map((x, t) => (t === 3 ? Number.NaN : x)));
    const base = { chains: 2, draws: 40, sampler: { energy: broken }, warmup: 0 };
    const all = new Map([
      ['constant', constant],
      ['stuck', stuck],
      ['broken', broken],
      ['good', independent_normals(63, 2, 40)],
    ]);
    for (const parameters of [all, new Map([['constant', constant]]), new Map([['broken', broken]])]) {
      expect(report({ ...base, parameters })).not.toMatch(/NaN[^<]*"|undefined|Infinity|\[object/);
    }
    expect(
      report({ ...base, draws: 1, sampler: {}, parameters: new Map([['a', independent_normals(64, 2, 1)]]) }),
    ).not.toMatch(/NaN[^<]*"|undefined|Infinity/);
  });

  it('leaves out what one draw per chain cannot show, and names the run', () => {
    const parameters = new Map(['a', 'b'].map((name, n) => [name, independent_normals(65 + n, 40, 1)]));
    const draws = { chains: 40, draws: 1, parameters, sampler: {}, warmup: 0 };
    const found = summarize_draws(draws, { langevin: '0.1.0', command: ['langevin', 'sample'], files: [], cost: {} });
    const moments = new Map(
      Array.from(found.parameters, ([name, { mean, sd, mcse, q05, q50, q95 }]) => [
        name,
        { mean, sd, mcse, q05, q50, q95, ess: 400, ess_mean: 400, ess_square: 300, rhat: 1.001 },
      ]),
    );
    const run: Summary = {
      ...{ langevin: '0.1.0', command: ['langevin', 'sample'], model: 'ring', seed: 7, seconds: { total: 3 } },
      ...{ adapter: { kind: 'software', name: 'Some CPU' }, parameters: {}, warnings: [] },
    };
    const html = write_draws_report({ ...found, draws: 100, parameters: moments, warnings: [] }, draws, run);
    expect(headings(html)).toEqual(['Parameters', 'Marginal posteriors', 'Pairs', 'Forest']);
    expect(html).toContain('The last draw of every chain.');
    expect(html).toContain('<h1>ring: posterior</h1>');
    expect(html).toContain('Some CPU, software (not a GPU)');
    expect(html).toContain('<th scope="col">ess mean</th>');
    expect(html).not.toMatch(/ess bulk|0 files|NaN/);
  });

  it('lets no name of a stranger become markup', () => {
    const evil = `<script>alert(1)</script>"'><img onerror=x>&[0]`;
    const html = report(chains(2, 60, [evil, evil.replace('[0]', '[1]')]));
    expect(html).not.toMatch(/<script|<img|https?:/);
  });
});

describe('rank shares', () => {
  it('are even for ranks that are, and add up to the number of bins', () => {
    expect(
      rank_shares(
        Float64Array.from({ length: 100 }, (_, i) => i + 1),
        100,
        10,
      ),
    ).toEqual(new Array(10).fill(expect.closeTo(1, 12)));
    expect(rank_shares(Float64Array.of(1, 2, 100), 100, 4)).toEqual([
      expect.closeTo(8 / 3, 12),
      0,
      0,
      expect.closeTo(4 / 3, 12),
    ]);
  });
});

describe('the chains drawn', () => {
  const plot = (shift: (x: number, c: number) => number, count = 20) => [
    { chains: autoregression(70, count, 200, 0.3).map((chain, c) => chain.map((x) => shift(x, c))) },
  ];

  it('are all where they are few', () => {
    expect(choose_chains(plot((x) => x, 6))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('have those that are shifted, still or wide among them, and others', () => {
    const odd = (x: number, c: number) => (c === 7 ? x + 4 : c === 11 ? 0.01 : c === 18 ? 6 * x : x);
    const numbers = choose_chains(plot(odd));
    expect(numbers).toHaveLength(6);
    expect(numbers).toEqual(expect.arrayContaining([7, 11, 18]));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(6);
  });

  it('are the same for all parameters, the one that is apart in any of them included', () => {
    expect(choose_chains([...plot((x) => x), ...plot((x, c) => (c === 13 ? x - 9 : x))])).toContain(13);
  });

  it('are found where all but one stand still', () => {
    expect(choose_chains(plot((x, c) => (c === 5 ? x : 1)))).toContain(5);
  });
});

describe('a trace', () => {
  const chains_of = (count: number, draws: number) => autoregression(71, count, draws, 0.2);
  const plot = (all: Float64Array[]) => ({
    name: 'a',
    chains: all,
    statistics: { mean: 0, sd: 1, mcse: 0.1, q05: -1, q50: 0, q95: 1, ess: 9, rhat: 1.2 },
  });

  it('marks what diverged in the chains drawn, and only there', () => {
    const diverging = Array.from({ length: 3 }, (_, c) =>
      Float64Array.from({ length: 60 }, (_, t) => Number(t < 4 + c)),
    );
    const svg = trace_panel(plot(chains_of(3, 60)), [0, 2], diverging);
    const marks = /class="divergent small" d="([^"]*)"/.exec(svg)?.[1] ?? '';
    expect(marks.match(/M/g)).toHaveLength(4 + 6);
    expect(trace_panel(plot(chains_of(3, 60)), [0, 2])).not.toContain('divergent');
  });

  it('draws a chain that stands still heavier, and away from the axis', () => {
    const still = new Float64Array(60).fill(-9);
    const svg = trace_panel(plot([...chains_of(2, 60), still]), [0, 1, 2]);
    expect(svg).toMatch(/class="line colour2" d="M/);
    expect(svg.match(/ thin"/g)).toHaveLength(2);
    const [, y = ''] = /class="line colour2" d="M0 ([\d.]+)/.exec(svg) ?? [];
    // The axis is 170 − 26 − 38 pixels down.
    expect(Number(y)).toBeLessThan(106 - 5);
  });
});

describe('the forest', () => {
  const plot = (name: string, count: number, rhat: number) => ({
    name,
    chains: independent_normals(80, count, 50),
    statistics: { mean: 0, sd: 1, mcse: 0.1, q05: -1, q50: 0, q95: 1, ess: 9, rhat },
  });
  const lines = (svg = '') => svg.match(/forest50/g)?.length;

  it('has a line per chain up to sixteen, and one for more that agree', () => {
    expect(lines(forest_panels([plot('a', 8, 1)]).single[0])).toBe(8);
    expect(lines(forest_panels([plot('a', 16, 1)]).single[0])).toBe(16);
    expect(lines(forest_panels([plot('a', 17, 1)]).single[0])).toBe(1);
  });

  it('has sixteen lines of many chains that do not agree', () => {
    expect(lines(forest_panels([plot('a', 64, 1.2)]).single[0])).toBe(16);
  });

  it('has one line per element of wide arrays, but where chains do not agree', () => {
    const members = Array.from({ length: 20 }, (_, i) => plot(`x[${i}]`, 8, i === 3 ? 1.4 : 1));
    expect(lines(forest_panels(members).arrays[0])).toBe(19 + 8);
  });
});

describe('the pairs', () => {
  it('have at most two ticks in a small cell, inside it', () => {
    const marginals = Array.from({ length: 8 }, (_, n) => {
      const [values = new Float64Array(0)] = independent_normals(90 + n, 1, 400);
      return { name: `p${n}`, values: Array.from(values, (x) => 100 * x) };
    });
    const svg = pairs_figure({ marginals });
    const bottom = Array.from(
      svg.matchAll(/<text class="tick" x="([\d.]+)" y="[\d.]+" text-anchor="middle">([^<]*)</g),
    );
    const side = 880 / 7 - 10;
    expect(bottom.length).toBeGreaterThan(7);
    expect(bottom.length).toBeLessThanOrEqual(14);
    for (const [, x, label = ''] of bottom) {
      const half = (6.3 * label.length) / 2;
      expect(Number(x) - half).toBeGreaterThan(0);
      expect(Number(x) + half).toBeLessThan(side);
    }
  });
});

it('lists warnings as a list', () => {
  const html = report(chains(1, 100, ['a']));
  expect(html).toMatch(/<ul class="warnings"><li>with one chain/);
});

describe('the growth of ESS', () => {
  const statistics = { mean: 0, sd: 1, mcse: 0.1, q05: -1, q50: 0, q95: 1, ess: 9, ess_bulk: 5, ess_tail: 4, rhat: 1 };

  it('is that of all chains, and of a part where they are very many', () => {
    const few = evolving_chains({ name: 'a', chains: independent_normals(95, 4, 100), statistics });
    expect(few.chains).toHaveLength(4);
    expect(few.statistics.ess_bulk).toBe(5);
    const chain = new Float64Array(1000);
    const many = evolving_chains({ name: 'a', chains: new Array(5000).fill(chain), statistics });
    // 5 million draws: every third chain.
    expect(many.chains).toHaveLength(1667);
    expect(many.statistics).not.toHaveProperty('ess_bulk');
  });

  it('ends with the figure computed where the table’s is not of the same chains', () => {
    const { ess_bulk: _, ess_tail: __, ...others } = statistics;
    const svg = evolution_panel({ name: 'a', chains: independent_normals(96, 2, 100), statistics: others }, 200);
    expect(svg).not.toContain('NaN');
    expect(/class="knot now" d="([^"]*)"/.exec(svg)?.[1]?.match(/M/g)).toHaveLength(12);
  });
});
