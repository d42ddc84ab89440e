/** The report of `langevin merge`: the verdict first, then the table, the shards, the distances, and all densities over each other. */
import { type Overlay, overlay_marginals, overlay_pairs } from './report/overlay.ts';
import { fact_list, origin, page, parameter_table, type Section, table } from './report/page.ts';
import { escape_text } from './report/svg.ts';
import type { Summary } from './summary.ts';
import { facts } from './table.ts';

/** A table as text: the header, then rows as wide. */
export interface TextTable {
  header: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface MergeReport {
  summary: Summary;
  /** The verdict in one sentence. */
  headline: string;
  findings: readonly string[];
  /** More facts of the run. */
  facts: readonly [label: string, text: string][];
  shards: TextTable;
  distances: TextTable & { caption: string };
  draws: Overlay;
}

/** The text of report.html. All names and texts of the input are escaped. */
export function write_merge_report(report: MergeReport): string {
  const { summary, headline, findings, shards, distances, draws } = report;
  const exact = draws.exact === undefined ? '' : ' <span class="key later">exact</span>';
  const key = '<span class="key colour5">shards</span> <span class="key now">merge</span>';
  const sections: Section[] = [
    {
      title: 'Parameters',
      caption:
        'Mean, standard deviation, Monte Carlo standard error of the mean (that of the shards’ draws included), quantiles; effective sample size is (sd / mcse)².',
      body: parameter_table(summary),
    },
    {
      title: 'Shards',
      caption:
        'Distance: from the shard’s mean to the merge’s, in the shard’s standard deviations. Radius: of the merged draws about the shard’s mean; the shard’s own draws are at √d. Beyond: effective draws of the shard that lie as far out as the merge’s mean. Precision: its part of all shards’. p: how rarely a shard that agrees with the others is as far from where they put it.',
      body: table(shards.header, shards.rows),
    },
    { title: 'Distances', caption: escape_text(distances.caption), body: table(distances.header, distances.rows) },
    {
      title: 'Marginals',
      caption: `Kernel densities${exact === '' ? '' : '; dashed: of the exact draws'}. ${key}`,
      body: `<div class="grid3">${overlay_marginals(draws).join('')}</div>`,
    },
  ];
  if (draws.names.length > 1) {
    sections.push({
      title: 'Pairs',
      caption: `Ellipses of two standard deviations for the shards; draws of the merge${exact === '' ? '' : ' and of the exact posterior'}. ${key}${exact}`,
      body: `<div class="grid3">${overlay_pairs(draws).join('')}</div>`,
    });
  }
  sections.push({
    title: 'Run',
    caption: '',
    body: fact_list([...report.facts, ...facts(summary), ...origin(summary)], []),
  });
  return page(
    `${summary.model}: merged posterior`,
    headline,
    findings.length === 0 ? '' : fact_list([], findings),
    sections,
  );
}
