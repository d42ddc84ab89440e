// Acceptance: the report's table and picture from fixtures, by their text: every row names its adapter, software is called so, wishes without a measurement say "not measured", and the picture is
// well-formed XML whose labels do not lie on its bars.

import { describe, expect, it } from 'vitest';
import type { BenchRecord, Peer } from '../../bench/record.ts';
import { report_picture } from '../../bench/report/picture.ts';
import { between_markers, report_table } from '../../bench/report/table.ts';
import { wanted_rows } from '../../bench/report/wanted.ts';
import { gpu, record, row, timing } from './fixture.ts';

const cells = (line: string) => line.split(' | ');

describe('the table', () => {
  const table = report_table([record()]);
  const lines = table.trimEnd().split('\n');

  it('is one Markdown table', () => {
    const widths = lines.map((line) => cells(line).length);
    expect(new Set(widths)).toEqual(new Set([6]));
    expect(lines[1]).toBe('| --- | --- | --- | --- | --- | --- |');
  });

  it('shows the best shape of each work, with its adapter, and calls software software', () => {
    expect(lines[2]).toBe(
      '| SwiftShader Device (Subzero), software | lgssm, gradient (lane) | 256 × 1024 × 100, tangents 3 | 2.00 s, 13.1 M particle-steps/s | 25.0 % of arithmetic |  |',
    );
    expect(table).not.toContain('workgroup');
    for (const line of lines.filter((l) => l.includes('SwiftShader Device'))) expect(line).toContain('software');
  });

  it('shows the peers', () => {
    expect(lines[3]).toMatch(/PyTorch 1\.13\.1 \(cpu, 2 threads\): 3\.00 s, 1\.50× ours<br>JAX: skipped \|$/);
  });

  it('shows distances with their floors', () => {
    const distances = [{ name: 'd_mah', value: 0.05, sd: 0.01, floor: 0.02 }];
    expect(report_table([record({ rows: [row({ distances })] })])).toMatch(
      / d_mah 0\.0500 ± 0\.0100 \(floor 0\.0200\).* \|\n/,
    );
  });
});

describe('what was wanted', () => {
  it('is not measured where nothing measured it', () => {
    expect(wanted_rows([]).every(({ found }) => found === 'not measured')).toBe(true);
    // A software adapter decides nothing that was wanted of a GPU, and nothing that was wanted of another one.
    const rows = wanted_rows([
      record({ rows: [row({ label: 'lgssm, gradient', sizes: { filters: 1024, particles: 1024, steps: 100 } })] }),
    ]);
    expect(rows.every(({ found }) => found === 'not measured')).toBe(true);
  });

  it('is judged by the numbers', () => {
    const found = (records: Parameters<typeof wanted_rows>[0], where: RegExp, wanted: RegExp) =>
      wanted_rows(records)
        .filter((r) => where.test(r.where) && wanted.test(r.wanted))
        .map((r) => r.found);
    expect(found([record()], /SwiftShader/, /half as fast/)).toEqual([
      '1.50× PyTorch 1.13.1 (cpu, 2 threads) on SwiftShader Device (Subzero), met',
    ]);
    expect(found([record()], /lavapipe/, /PyTorch/)).toEqual(['not measured']);
    const growth = (exponent: number) =>
      record({
        subject: 'growth',
        rows: [],
        findings: [{ label: 'exponent of cost against steps', value: exponent, met: Math.abs(exponent - 1) <= 0.1 }],
      });
    expect(found([growth(1.02)], /software adapter/, /0\.9/)).toEqual(['1.02 on SwiftShader Device (Subzero), met']);
    expect(found([growth(1.3)], /software adapter/, /0\.9/)).toEqual([
      '1.30 on SwiftShader Device (Subzero), **not met**',
    ]);
    const published = (ms: number, error: number) =>
      record({
        subject: 'smc2',
        adapter: gpu,
        findings: [
          {
            label: 'SMC², unknown AR coefficient, 512 × 512: worst distance of the log-evidence',
            value: error,
            met: error <= 0.1,
          },
        ],
        rows: [
          row({
            label: 'SMC², unknown AR coefficient',
            sizes: { filters: 512, particles: 512, steps: 100 },
            wall: timing(ms),
          }),
        ],
      });
    const judged = (ms: number, error: number) => found([published(ms, error)], /GPU/, /0\.57/);
    expect(judged(300, 0.05)).toEqual(['0.300 s, log-evidence off by 0.0500 on NVIDIA H200, met']);
    expect(judged(300, 0.2)).toEqual(['0.300 s, log-evidence off by 0.200 on NVIDIA H200, **not met**']);
    expect(judged(600, 0.05)).toEqual(['0.600 s, log-evidence off by 0.0500 on NVIDIA H200, **not met**']);
    expect(found([published(300, 0.05)], /GPU/, /2\.85/)).toEqual(['not measured']);
  });
});

describe('a peer decides', () => {
  const peer = (device: string, ratio: number, threads?: number): Peer => ({
    outcome: 'measured',
    tool: 'PyTorch',
    version: '2.9',
    device,
    median: 2000 * ratio,
    ratio,
    agreement: 'check: 64 of 64 filters equal to rounding',
    ...(threads === undefined ? {} : { threads }),
  });
  const found = (adapter: BenchRecord['adapter'], size: number, peers: Peer[], wanted: RegExp) => {
    const rows = [row({ sizes: { filters: size, particles: 1024, steps: 100, tangents: 3 }, peers })];
    return wanted_rows([record({ adapter, rows })]).find((r) => wanted.test(r.wanted) && r.found !== 'not measured')
      ?.found;
  };

  it('where it is fastest', () => {
    const { adapter } = record();
    expect(found(adapter, 256, [peer('cpu', 1.5, 2), peer('cpu', 0.4, 1)], /half as fast/)).toBe(
      '0.400× PyTorch 2.9 (cpu, 1 thread) on SwiftShader Device (Subzero), **not met**',
    );
    expect(found(adapter, 256, [peer('cpu', 0.6, 2), peer('cpu', 1.4, 1)], /half as fast/)).toMatch(/^0\.600×.*, met$/);
  });

  it('on CUDA only where it says that it ran there', () => {
    expect(found(gpu, 1024, [peer('cuda, NVIDIA H200', 12)], /PyTorch CUDA/)).toBe(
      '12.0× PyTorch 2.9 (cuda, NVIDIA H200) on NVIDIA H200, met',
    );
    expect(found(gpu, 1024, [peer('cpu', 12, 16)], /PyTorch CUDA/)).toBeUndefined();
  });
});

it('the cost of a tangent is judged by the slope and by the worst D, in the shape that the bank chooses', () => {
  const findings = (slope: number, worst: number) => [
    { label: 'cost of a tangent over the filter without, slope, workgroup (default)', value: slope, met: slope <= 0.6 },
    {
      label: 'cost of a tangent over the filter without, worst D, workgroup (default)',
      value: worst,
      met: worst <= 0.6,
    },
    { label: 'cost of a tangent over the filter without, slope, lane', value: 0.1 },
  ];
  const found = (slope: number, worst: number) =>
    wanted_rows([record({ subject: 'tangents', adapter: gpu, rows: [], findings: findings(slope, worst) })]).find(
      ({ what }) => what.startsWith('cost of a tangent'),
    )?.found;
  expect(found(0.4, 0.55)).toBe('0.400, 0.550 on NVIDIA H200, met');
  expect(found(0.4, 0.7)).toBe('0.400, 0.700 on NVIDIA H200, **not met**');
});

it('what was left out, and a run that failed, have lines of their own', () => {
  const table = report_table([
    record({
      rows: [],
      findings: [],
      skipped: [{ label: 'sir, value', reason: 'too long' }],
      failure: 'out of memory',
    }),
  ]);
  expect(table).toContain('| SwiftShader Device (Subzero), software | sir, value |  | not run: too long |  |  |');
  expect(table).toContain('| SwiftShader Device (Subzero), software | filter |  | ended early: out of memory |  |  |');
});

it('goes between the markers, and nothing else changes', () => {
  const readme = 'a\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nb\n';
  const once = between_markers(readme, 'new');
  expect(once).toBe('a\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nb\n');
  expect(between_markers(once, 'new')).toBe(once);
  expect(() => between_markers('no markers', 'new')).toThrow(/once each/);
});

describe('the picture', () => {
  const slow = record({ adapter: { ...record().adapter, name: 'a <strange> & "long" name of an adapter' } });
  const svg = report_picture([record(), slow]);

  it('is well-formed: every element is closed, every text escaped', () => {
    const open: string[] = [];
    for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name as string);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|<strange>|&(?!amp;|lt;|gt;|quot;|#39;)/);
  });

  it('has a bar for us and for each peer that was measured, longer where faster', () => {
    const bars = [...svg.matchAll(/<rect class="(ours|peer)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)];
    expect(bars.map(([, kind]) => kind)).toEqual(['ours', 'peer', 'ours', 'peer']);
    expect(Number(bars[0]?.[4])).toBeGreaterThan(Number(bars[1]?.[4]));
  });

  it('keeps lines of text apart, and labels left of the bars', () => {
    const texts = [...svg.matchAll(/<text class="(\w+)" x="([\d.]+)" y="([\d.]+)"/g)].map(([, name, x, y]) => ({
      name,
      x: Number(x),
      y: Number(y),
    }));
    const rows = [...new Set(texts.map(({ y }) => y))].sort((a, b) => a - b);
    rows.slice(1).forEach((y, i) => {
      expect(y - (rows[i] as number)).toBeGreaterThanOrEqual(16);
    });
    const left = Math.min(...[...svg.matchAll(/<rect class="(?:ours|peer)" x="([\d.]+)"/g)].map(([, x]) => Number(x)));
    for (const { x } of texts.filter(({ name }) => name === 'label')) expect(x).toBeLessThan(left);
  });

  it('is drawn with nothing to draw', () => {
    expect(report_picture([])).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
  });
});
