// Acceptance: structure, not looks (those were judged by eye, light and dark): every part that has data is there, nothing is
// fetched, strangers' text cannot become markup, no coordinate is NaN, and the page stays small.
import { describe, expect, it } from 'vitest';
import type { DrawsFile } from '../../src/data/draws_file.ts';
import { write_draws_report } from '../../src/data/draws_report.ts';
import { summarize_draws } from '../../src/data/draws_summary.ts';
import { draws_warnings } from '../../src/data/draws_warnings.ts';
import { rank_shares } from '../../src/data/report/rank_histogram.ts';
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
    expect(html).toContain('The 8 of 12 parameters with the largest R-hat.');
    expect(html).toContain('6 of 8 chains are drawn.');
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
