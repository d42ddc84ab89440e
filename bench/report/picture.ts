/**
 * The README's picture: particle-steps per second of the filter bank and of each other tool on the same problem, as bars on a logarithmic scale, by adapter. One drawing for light and
 * dark: its colours are CSS variables that the reader's preference switches.
 */

import { escape_text } from '../../src/data/report/svg.ts';
import { peer_name, size_words, with_prefix } from '../format.ts';
import type { BenchRecord, Row } from '../record.ts';
import { adapter_cell } from './table.ts';

interface Bar {
  label: string;
  /** Particle-steps per second. */
  rate: number;
  ours: boolean;
}
interface Block {
  adapter: string;
  work: string;
  bars: Bar[];
}

const bar_height = 18;
const gap = 6;
const block_head = 26;
const adapter_head = 34;
/** Pixels per character at 13 px in the widest of the usual sans-serif fonts, on average. */
const character = 7.2;
const plot_width = 420;
const margin = { top: 52, right: 84, bottom: 34, left: 16 };

export function report_picture(records: readonly BenchRecord[]): string {
  const blocks = records.filter(({ subject }) => subject === 'filter').flatMap(blocks_of);
  const rates = blocks.flatMap(({ bars }) => bars.map(({ rate }) => rate));
  const low = Math.floor(Math.log10(Math.min(...rates, 1e6)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...rates, 1e7))));
  const longest = Math.max(...blocks.flatMap(({ bars }) => bars.map(({ label }) => label.length)), 10);
  const left = margin.left + Math.ceil(longest * character) + 10;
  const heads = [...blocks.flatMap(({ adapter, work }) => [adapter, work]), title].map(
    (text) => text.length * character * 1.15,
  );
  const width = Math.max(left + plot_width + margin.right, margin.left + Math.ceil(Math.max(...heads)) + 10);
  const x = (rate: number) => left + (plot_width * (Math.log10(rate) - low)) / (high - low);

  const parts: string[] = [];
  let y = margin.top;
  let adapter: string | undefined;
  for (const block of blocks) {
    if (block.adapter !== adapter) {
      adapter = block.adapter;
      y += adapter_head;
      parts.push(text('adapter', margin.left, y - 8, adapter));
    }
    y += block_head;
    parts.push(text('work', margin.left, y - 8, block.work));
    for (const bar of block.bars) {
      const end = Math.max(x(bar.rate), left + 1);
      const middle = y + bar_height / 2 + 4.5;
      parts.push(
        text('label', left - 8, middle, bar.label, 'end'),
        `<rect class="${bar.ours ? 'ours' : 'peer'}" x="${left}" y="${y}" width="${fixed(end - left)}" height="${bar_height}"/>`,
        text('value', end + 6, middle, `${with_prefix(bar.rate)}/s`),
      );
      y += bar_height + gap;
    }
  }
  const bottom = y + 4;
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const axis = decades.flatMap((rate) => [
    `<line class="grid" x1="${fixed(x(rate))}" x2="${fixed(x(rate))}" y1="${margin.top}" y2="${bottom}"/>`,
    text('tick', x(rate), bottom + 16, with_prefix(rate).replace('.00', '').replace('.0', ''), 'middle'),
  ]);
  const height = bottom + margin.bottom;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<style>${style}</style>
<rect class="paper" width="${width}" height="${height}"/>
${[text('title', margin.left, 30, title), ...axis, ...parts].join('\n')}
</svg>
`;
}

const title = 'Particle filter bank: particle-steps per second (log scale)';

const style = `
svg { --paper: #fff; --ink: #1b1f24; --faint: #57606a; --line: #d8dee4; --ours: #0f766e; --peer: #a8b3bf; }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #2b333c; --ours: #2dd4bf; --peer: #5c6773; } }
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: var(--ink); }
.title { font-size: 16px; font-weight: 600; } .adapter { font-size: 15px; font-weight: 600; }
.work, .tick { fill: var(--faint); } .paper { fill: var(--paper); } .grid { stroke: var(--line); }
.value { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; } .ours { fill: var(--ours); } .peer { fill: var(--peer); }
`.trim();

function text(name: string, x: number, y: number, words: string, anchor?: 'middle' | 'end'): string {
  const place = anchor ? ` text-anchor="${anchor}"` : '';
  return `<text class="${name}" x="${fixed(x)}" y="${fixed(y)}"${place}>${escape_text(words)}</text>`;
}

const fixed = (pixels: number): string => String(Number(pixels.toFixed(1)));

/** What was compared with other tools; where nothing was, our fastest shape at the largest size of each kind of work. */
function blocks_of(record: BenchRecord): Block[] {
  const compared = record.rows.filter((row) => row.peers.some(({ outcome }) => outcome === 'measured'));
  const rows = compared.length > 0 ? compared : largest_of_each(record.rows.filter(({ best }) => best !== false));
  return rows.map((row) => ({
    adapter: adapter_cell(record),
    work: `${row.label}, ${size_words(row.sizes)}`,
    bars: bars_of(row),
  }));
}

function largest_of_each(rows: readonly Row[]): Row[] {
  const largest = new Map<string, Row>();
  for (const row of rows) {
    if (row.work.count >= (largest.get(row.label)?.work.count ?? 0)) largest.set(row.label, row);
  }
  return [...largest.values()];
}

function bars_of(row: Row): Bar[] {
  const ours = { label: `langevin${row.shape ? `, ${row.shape}` : ''}`, rate: row.rate, ours: true };
  const peers = row.peers.flatMap((peer) => {
    if (peer.outcome !== 'measured') return [];
    return [{ label: peer_name(peer), rate: row.work.count / (peer.median / 1000), ours: false }];
  });
  return [ours, ...peers];
}
