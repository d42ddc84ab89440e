// Acceptance: what the page holds, by its labels and classes; ranges and curves by closed forms. Pictures are looked at by people.
import { describe, expect, it } from 'vitest';
import { type MergeReport, write_merge_report } from '../../src/data/merge_report.ts';
import { other_class, shown_range } from '../../src/data/report/overlay.ts';
import { training_panel } from '../../src/data/report/training_curve.ts';
import { normal_points, stretched } from '../diagnostics/distances/samples.ts';

const at = (seed: number, mean: number, sd: number, dimension = 2) =>
  stretched(normal_points(seed, 400, dimension), Array(dimension).fill(sd), Array(dimension).fill(mean));
const headings = (html: string) => Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), (match) => match[1]);
const labels = (html: string) => Array.from(html.matchAll(/aria-label="(.*?)"/g), (match) => match[1] as string);

const table = { header: ['shard', 'p'], rows: [['<a>', '1']] };
const base: MergeReport = {
  summary: {
    ...{ langevin: '0.1.0', command: ['langevin', 'merge'], model: 'merge', seed: 1, warnings: [] },
    ...{ adapter: { kind: 'none', name: 'the CPU' }, seconds: { total: 1 }, parameters: {} },
  },
  headline: 'Do not <use> this.',
  findings: ['because & so'],
  facts: [['method', 'gaussian']],
  // Legends name the columns that are there.
  shards: {
    header: ['shard', 'distance', 'radius', 'beyond', 'precision', 'p'],
    rows: [['<a>', '1', '1', '1', '1', '1']],
  },
  distances: { ...table, caption: 'Distances <from>' },
  draws: {
    names: ['a', '<b>'],
    parts: [at(1, -1, 2), at(2, 1, 2)],
    merged: at(3, 0, 1),
    others: [{ name: 'consensus', points: at(4, 0, 1) }],
    exact: at(5, 0, 1),
  },
};

describe('the report of a merge', () => {
  const html = write_merge_report(base);

  it('has the verdict first, escaped, and a legend for each table', () => {
    expect(html.indexOf('Do not &lt;use&gt; this.')).toBeLessThan(html.indexOf('because &amp; so'));
    expect(html.indexOf('because &amp; so')).toBeLessThan(html.indexOf('<h2>'));
    expect(html).not.toMatch(/<use>|<from>|<a>|<b>/);
    for (const column of ['distance', 'radius', 'beyond', 'precision', 'p', 'd_mah', 'd_iad', 'floor']) {
      expect(html).toContain(`<dt>${column}</dt>`);
    }
    expect(html).toContain('the CPU; this needs no device');
  });

  it('draws shards, merge, other methods and exact draws, each in a colour that the legend names', () => {
    expect(headings(html)).toEqual([
      ...['Parameters', 'Shards', 'Distances', 'Marginals', 'Pairs', 'Pairs, nearer', 'Run'],
    ]);
    const keys = Array.from(html.matchAll(/class="key ([^"]*)">(.*?)</g), (match) => match.slice(1));
    const all = [
      ['colour5', 'shards'],
      ['now', 'merge'],
      ['exact', 'exact'],
      ['colour1', 'consensus'],
    ];
    // Marginals; pairs with the shards alone; pairs nearer, without them.
    expect(keys).toEqual([...all, ...all.slice(0, 2), ...all.slice(1)]);
    for (const drawn of ['line faint colour5', 'line now', 'line exact', 'line colour1', 'draw exact']) {
      expect(html).toContain(`<path class="${drawn}" d="M`);
    }
    expect(html).toContain('&lt;b&gt; against a</text>');
    expect(new Set(Array.from({ length: 8 }, (_, k) => other_class(k))).size).toBe(8);
  });

  it('leaves pairs out for one parameter, and training and path where nothing was learned', () => {
    const one = { ...base.draws, names: ['a'], parts: [at(1, -1, 2, 1), at(2, 1, 2, 1)], merged: at(3, 0, 1, 1) };
    const { exact: _, ...draws } = { ...one, others: [] };
    expect(headings(write_merge_report({ ...base, draws }))).toEqual([
      ...['Parameters', 'Shards', 'Distances', 'Marginals', 'Run'],
    ]);
  });

  it('shows how a learned merge came about', () => {
    const snapshots = [1, 0.3, 0.001].map((time, n) => ({
      time,
      merged: at(n, 0, 1),
      parts: [at(7, -1, 2), at(8, 1, 2)],
    }));
    const curve = [100, 200, 300].map((update) => ({
      update,
      loss: 1 / update,
      by_network: [0.9 / update, 1.1 / update],
    }));
    const learned = (names: string[], path: typeof snapshots) =>
      write_merge_report({ ...base, curve, path: { names, unconstrained: true, snapshots: path } });
    const page = learned(['x', 'y'], snapshots);
    expect(headings(page)).toEqual(expect.arrayContaining(['Training', 'Path']));
    expect(labels(page)).toEqual(
      expect.arrayContaining(['y against x at t = 1.', 'y against x at t = 0.3.', 'y against x at t = 0.001.']),
    );
    expect(page).toContain('in the unconstrained coordinates of the merge');
    const flat = snapshots.map(({ time }) => ({ time, merged: at(1, 0, 1, 1), parts: [at(7, -1, 2, 1)] }));
    expect(labels(learned(['x'], flat))).toContain('Densities of x at t = 0.3.');
    expect(`${page}${learned(['x'], flat)}`).not.toMatch(/NaN|undefined/);
  });
});

describe('the range of an axis', () => {
  const values = (mean: number, sd: number) => at(1, mean, sd, 1).values;

  it('holds the middle of every shard, though it is wider than the merge', () => {
    const { range, below, above } = shown_range([values(-3, 3), values(3, 3)], [values(0, 2)]);
    // 5 % and 95 % of N(±3, 3²).
    expect(range[0]).toBeLessThan(-3 - 1.5 * 3);
    expect(range[1]).toBeGreaterThan(3 + 1.5 * 3);
    expect([below, above]).toEqual([0, 0]);
  });

  it('leaves out what would make the merge a line, and counts on which side', () => {
    const { range, below, above } = shown_range(
      [values(0, 2), values(500, 2), values(-500, 2), values(600, 2)],
      [values(0, 1)],
    );
    expect(range[1] - range[0]).toBeLessThan(4.5 * 6);
    expect([below, above]).toEqual([1, 2]);
  });
});

describe('the curve of a training', () => {
  it('is a mean by updates where there are many points, and nothing where there are too few', () => {
    expect(training_panel([{ update: 10, loss: 1, by_network: [1] }])).toBe('');
    // Alternating losses of equal weight are drawn as their mean is, at 60 points.
    const of = (loss: (i: number) => number) =>
      training_panel(Array.from({ length: 1200 }, (_, i) => ({ update: i + 1, loss: loss(i), by_network: [1] })));
    const panel = of((i) => (i % 2 === 0 ? 1 : 3));
    expect(panel).toBe(of(() => 2));
    const [, path = ''] = /class="line now" d="(.*?)"/.exec(panel) ?? [];
    expect(path.match(/[ML]/g)).toHaveLength(60);
  });
});
