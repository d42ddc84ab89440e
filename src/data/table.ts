/**
 * The table that ends a run on a terminal. Each row shows as many decimals as give two digits of the Monte Carlo
 * standard error, so that nobody reads noise; where there is none, three digits of the standard deviation.
 */
import { decimals_for, format_fixed } from './format_number.ts';
import type { ParameterStatistics, Summary } from './summary.ts';

export const STATISTICS = ['mean', 'sd', 'mcse', 'q05', 'q50', 'q95'] as const;

/** Parameter table, evidence, adapter and warnings of a summary; lines end with a newline, no colour. */
export function format_table(summary: Summary): string {
  const blocks: string[] = [];
  const names = Object.keys(summary.parameters);
  if (names.length > 0) {
    blocks.push(align([parameter_header(summary), ...names.map((name) => parameter_row(name, summary))]));
  }
  const gradient = Object.entries(summary.gradient ?? {});
  if (gradient.length > 0) {
    blocks.push(
      align([
        ['gradient', 'mean', 'sd'],
        ...gradient.map(([name, { mean, sd }]) => {
          const decimals = decimals_for(sd) ?? decimals_for(Math.abs(mean), 3) ?? 2;
          return [name, format_fixed(mean, decimals), format_fixed(sd, decimals)];
        }),
      ]),
    );
  }
  blocks.push(align_left(facts(summary)));
  if (summary.warnings.length > 0) blocks.push(summary.warnings.map((warning) => `warning: ${warning}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** Whether any parameter has an R-hat, and so whether tables have that column. */
export function has_rhat(summary: Summary): boolean {
  return Object.values(summary.parameters).some((p) => p.rhat !== undefined);
}

/** The cells of one parameter in the order of STATISTICS, then ess and, if `rhat`, R-hat. */
export function parameter_cells(p: ParameterStatistics, rhat: boolean): string[] {
  const decimals = decimals_for(p.mcse) ?? decimals_for(p.sd, 3) ?? 3;
  const cells = STATISTICS.map((key) => format_fixed(p[key], decimals));
  cells.push(format_fixed(p.ess, 0));
  if (rhat) cells.push(p.rhat === undefined ? '' : p.rhat.toFixed(3));
  return cells;
}

/** Label and text of each scalar result: evidence, likelihood, adapter, time. */
export function facts(summary: Summary): [label: string, text: string][] {
  const lines: [string, string][] = [];
  const { log_evidence: evidence, log_likelihood: likelihood, adapter, seconds } = summary;
  if (evidence !== undefined) {
    const decimals = decimals_for(evidence.se) ?? 2;
    lines.push([
      'log evidence',
      `${format_fixed(evidence.value, decimals)} ± ${format_fixed(evidence.se, decimals)} (standard error)`,
    ]);
  }
  if (likelihood !== undefined) {
    const decimals = decimals_for(likelihood.sd) ?? 2;
    const from =
      likelihood.filters > 1
        ? ` (${likelihood.filters} filters; sd of one ${format_fixed(likelihood.sd, decimals)})`
        : ' (one filter)';
    lines.push(['log likelihood', `${format_fixed(likelihood.value, decimals)}${from}`]);
  }
  lines.push(
    adapter.kind === 'none'
      ? ['computed by', `${adapter.name}; this needs no device`]
      : ['adapter', `${adapter.name}, ${adapter.kind === 'software' ? 'software (not a GPU)' : 'hardware'}`],
  );
  const gpu = seconds.gpu === undefined ? '' : `, of which kernels ${seconds.gpu.toFixed(1)} s`;
  lines.push(['time', `${seconds.total.toFixed(1)} s${gpu}, seed ${summary.seed}`]);
  return lines;
}

function parameter_header(summary: Summary): string[] {
  return ['', ...STATISTICS, 'ess', ...(has_rhat(summary) ? ['rhat'] : [])];
}

function parameter_row(name: string, summary: Summary): string[] {
  const p = summary.parameters[name];
  return p === undefined ? [name] : [name, ...parameter_cells(p, has_rhat(summary))];
}

/** First column to the left, the others to the right. */
export function align(rows: string[][]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))))
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}

export function align_left(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n');
}
