/** Puts the parts of a report on one page of HTML. No script, nothing fetched: the content policy says so as well. */
import { decimals_for, format_fixed } from '../format_number.ts';
import type { Summary } from '../summary.ts';
import { facts, has_rhat, parameter_cells, STATISTICS } from '../table.ts';
import { STYLE } from './style.ts';
import { escape_text } from './svg.ts';

export interface Section {
  title: string;
  /** HTML. */
  caption: string;
  /** HTML. */
  body: string;
}

/** The whole document. `title` and `lead`, which may be empty, are text; the rest is HTML. */
export function page(title: string, lead: string, head: string, sections: readonly Section[]): string {
  const body = sections.map(
    (section) =>
      `<section><h2>${escape_text(section.title)}</h2><p class="caption">${section.caption.replace(/(\d) %/g, '$1\u00a0%')}</p>${section.body}</section>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape_text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape_text(title)}</h1>
${lead === '' ? '' : `<p class="lead">${escape_text(lead)}</p>`}
${head}
${body.join('\n')}
</main>
</body>
</html>
`;
}

/** What was run and on what; then the warnings. */
export function run_facts(summary: Summary, data: string): string {
  const rows: Fact[] = [['data', data], ...facts(summary), ...origin(summary)];
  return fact_list(rows, summary.warnings);
}

/** Label, text, and the class of texts that are no prose. */
export type Fact = [label: string, text: string, class_name?: string];

/** The last rows of every list: the version and the command. */
export function origin({ langevin, command }: Pick<Summary, 'langevin' | 'command'>): Fact[] {
  return [
    ['version', `langevin ${langevin}`],
    ['command', command.map(shell_word).join(' '), 'command'],
  ];
}

/** Facts, then the warnings. */
export function fact_list(rows: readonly Fact[], warnings: readonly string[]): string {
  const list = rows.map(
    ([label, text, class_name]) =>
      `<dt>${escape_text(label)}</dt><dd${class_name === undefined ? '' : ` class="${class_name}"`}>${escape_text(class_name === undefined ? typeset(text) : text)}</dd>`,
  );
  const items = warnings.map((warning) => `<li>${escape_text(warning)}</li>`).join('');
  return `<dl class="facts">${list.join('')}</dl>${items === '' ? '' : `<ul class="warnings">${items}</ul>`}`;
}

/** What the columns of a table mean. */
export function legend(columns: readonly Fact[]): string {
  const list = columns.map(([name, meaning]) => `<dt>${escape_text(name)}</dt><dd>${escape_text(meaning)}</dd>`);
  return `<dl class="facts legend">${list.join('')}</dl>`;
}

export function parameter_table(summary: Summary): string {
  const rhat = has_rhat(summary);
  const header = ['parameter', ...STATISTICS, 'ESS', ...(rhat ? ['R-hat'] : [])];
  const rows = Object.entries(summary.parameters).map(([name, p]) => [name, ...parameter_cells(p, rhat)]);
  return table(header, rows);
}

export function gradient_table(summary: Summary): string {
  const rows = Object.entries(summary.gradient ?? {}).map(([name, { mean, sd }]) => {
    const decimals = decimals_for(sd) ?? decimals_for(Math.abs(mean), 3) ?? 2;
    return [name, format_fixed(mean, decimals), format_fixed(sd, decimals)];
  });
  return table(['parameter', '∂ log-likelihood', 'sd'], rows);
}

/** An argument as one would type it: quoted where a shell would split or expand it. */
function shell_word(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** A true minus sign before numbers. */
function typeset(text: string): string {
  return text.replace(/(^|\s)-(?=\d)/g, '$1−');
}

/** Text in, HTML out. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th scope="col">${escape_text(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape_text(typeset(cell))}</td>`).join('')}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
