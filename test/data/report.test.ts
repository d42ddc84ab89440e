// Acceptance: structure, not looks (those were judged by eye in light, dark and print): every part that has data is there, the
// page fetches nothing, strangers' text cannot become markup, no coordinate is NaN, and drawn positions are the data's.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/data/report/bands.ts';
import { escape_text, tick_labels, ticks } from '../../src/data/report/svg.ts';
import { type ReportInput, write_report } from '../../src/data/report.ts';
import { base_summary, filter_input, smc2_input } from './report_fixture.ts';

const headings = (html: string) => Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), (match) => match[1]);
const panels = (html: string) => Array.from(html.matchAll(/aria-label="(.*?)"/g), (match) => match[1]);

describe('the report', () => {
  it('has every section that its input has data for', () => {
    expect(headings(write_report(smc2_input()))).toEqual([
      'Parameters',
      'Marginal posteriors',
      'Pairs',
      'Observations and predictions',
      'States',
      'Health of the population',
    ]);
    expect(headings(write_report(filter_input()))).toEqual([
      'Observations and predictions',
      'States',
      'Gradient',
      'Filter step by step',
    ]);
    expect(headings(write_report({ summary: base_summary('bare'), data: 'y.csv' }))).toEqual([]);
    // 4 marginals, pairs, 1 observation, 2 states, 6 of health; 1 observation, 1 state, 2 of steps.
    expect(panels(write_report(smc2_input()))).toHaveLength(14);
    expect(panels(write_report(filter_input()))).toHaveLength(4);
  });

  it('says what was run, on what, and with which warnings', () => {
    const html = write_report(filter_input());
    for (const text of [
      'returns.csv',
      'NVIDIA GeForce RTX 4070, hardware',
      'seed 1',
      '−351.28',
      '--set phi=0.96',
      'gradient of mu',
    ]) {
      expect(html).toContain(text);
    }
    expect(write_report(smc2_input())).toContain('software (not a GPU)');
    const command = ['langevin', 'filter', 'my model.ts', '--set', 'a=1'];
    const quoted = write_report({ summary: { ...base_summary('m'), command }, data: 'y.csv' });
    expect(quoted).toContain('langevin filter &#39;my model.ts&#39; --set a=1');
  });

  it('fetches nothing, runs nothing and is well formed', () => {
    for (const html of [write_report(smc2_input()), write_report(filter_input())]) {
      expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=/i);
      expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(well_formed(html)).toBe('');
      expect(html.length).toBeLessThan(1_000_000);
    }
  });

  it('lets no name of a stranger become markup', () => {
    const evil = `<script>alert(1)</script>"'><img onerror=x>&`;
    const input = smc2_input();
    const html = write_report({
      ...input,
      summary: {
        ...input.summary,
        model: evil,
        command: [evil],
        warnings: [evil],
        adapter: { kind: 'software', name: evil },
      },
      data: evil,
      time: evil,
      posterior: { marginals: (input.posterior?.marginals ?? []).map((m) => ({ ...m, name: evil, unit: evil })) },
      states: (input.states ?? []).map((s) => ({ ...s, name: evil, unit: evil })),
      observations: (input.observations ?? []).map((o) => ({ ...o, name: evil, unit: evil })),
    });
    expect(html).not.toMatch(/<script|<img/);
    expect(well_formed(html)).toBe('');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escape_text(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('draws what is degenerate: one draw, constants, one row, gaps, exploding forecasts', () => {
    const band = (t: number, q: number) => ({ t, q05: q, q25: q, q50: q, q75: q, q95: q });
    const gap = band(2, Number.NaN);
    const input: ReportInput = {
      summary: base_summary('edge'),
      data: 'y.csv',
      posterior: {
        marginals: [
          { name: 'a', values: [1] },
          { name: 'b', values: [0], prior_density: { x: [], y: [] } },
        ],
      },
      states: [{ name: 'x', bands: [band(1, 2)] }],
      observations: [
        {
          name: 'y',
          observed: [{ t: 2, y: Number.NaN }],
          predicted: [band(1, 2), gap, band(3, 5)],
          forecast: [{ t: 4, q05: -1e30, q25: 0, q50: 1, q75: 2, q95: 1e30 }],
        },
      ],
      steps: { particles: 10, steps: [{ t: 1, log_likelihood: -1, ess: 3 }] },
    };
    const html = write_report(input);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(well_formed(html)).toBe('');
  });

  it('thins series longer than a screen is wide, and stays small', () => {
    const count = 50_000;
    const bands = Array.from({ length: count }, (_, t) => ({ t, q05: -2, q25: -1, q50: Math.sin(t), q75: 1, q95: 2 }));
    const html = write_report({ summary: base_summary('long'), data: 'y.csv', states: [{ name: 'x', bands }] });
    expect(html.length).toBeLessThan(400_000);
  });
});

describe('ticks', () => {
  it('are round, inside the range, evenly spaced and few', () => {
    const range = fc
      .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
      // Narrower than this, neighbours in float64 are too coarse for ticks.
      .filter(([low, width]) => width > 1e-6 * Math.abs(low));
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 10 }), ([low, width], count) => {
        const found = ticks([low, low + width], count);
        expect(found.length).toBeGreaterThanOrEqual(1);
        expect(found.length).toBeLessThanOrEqual(2 * count + 2);
        for (const tick of found) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * width);
          expect(tick).toBeLessThanOrEqual(low + width * (1 + 1e-6));
        }
        expect(new Set(tick_labels(found)).size).toBe(found.length);
      }),
    );
    expect(ticks([0, 1], 5)).toHaveLength(6);
    expect(ticks([0.2, 14.3], 13, true)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect(tick_labels([-0.5, 0, 0.5])).toEqual(['−0.5', '0.0', '0.5']);
    expect(tick_labels([0, 20_000])).toEqual(['0', '20 000']);
    expect([[0], [-0.25], [50]].map(tick_labels)).toEqual([['0'], ['−0.25'], ['50']]);
  });
});

describe('coverage', () => {
  it('counts observations inside their band and leaves out the missing', () => {
    const band = (t: number) => ({ t, q05: 0, q25: 1, q50: 2, q75: 3, q95: 4 });
    const observed = [
      { t: 1, y: 0 },
      { t: 2, y: 4.1 },
      { t: 3, y: Number.NaN },
      { t: 9, y: 2 },
    ];
    expect(coverage({ name: 'y', observed, predicted: [band(1), band(2), band(3)] })).toEqual({ inside: 1, of: 2 });
  });
});

/** The first tag out of place, or '' when all are closed in order. */
function well_formed(html: string): string {
  const open: string[] = [];
  for (const [tag, end, name = '', empty] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/gi)) {
    if (empty === '/' || name === 'meta') continue;
    if (end !== '/') open.push(name);
    else if (open.pop() !== name) return tag;
  }
  return open.join(' ');
}
