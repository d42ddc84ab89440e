/** The report of `langevin merge`: the verdict first, then tables, all densities over each other, and how a learned merge came about. */
import { type MergePath, path_panels } from './report/merge_path.ts';
import { type Overlay, overlay_key } from './report/overlay.ts';
import { overlay_marginals } from './report/overlay_marginals.ts';
import { overlay_pairs } from './report/overlay_pairs.ts';
import { type Fact, fact_list, legend, origin, page, parameter_table, type Section, table } from './report/page.ts';
import { escape_text } from './report/svg.ts';
import { type CurvePoint, training_panel } from './report/training_curve.ts';
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
  facts: readonly Fact[];
  shards: TextTable;
  distances: TextTable & { caption: string };
  draws: Overlay;
  /** Of a learned merge. */
  curve?: readonly CurvePoint[];
  path?: MergePath;
}

/** The text of report.html. All names and texts of the input are escaped. */
export function write_merge_report(report: MergeReport): string {
  const { summary, headline, findings } = report;
  return page(
    `${summary.model}: merged posterior`,
    '',
    `<p class="verdict">${escape_text(headline)}</p>${findings.length === 0 ? '' : fact_list([], findings)}`,
    [
      ...table_sections(report),
      ...density_sections(report.draws),
      ...learned_sections(report),
      { title: 'Run', caption: '', body: fact_list([...report.facts, ...facts(summary), ...origin(summary)], []) },
    ],
  );
}

function table_sections({ summary, shards, distances }: MergeReport): Section[] {
  return [
    {
      title: 'Parameters',
      caption:
        'Mean, standard deviation, Monte Carlo standard error of the mean (that of the shards’ draws included), quantiles; effective sample size is (sd / mcse)².',
      body: parameter_table(summary),
    },
    {
      title: 'Shards',
      caption: 'Where the merge lies as each shard sees it: no method knows a shard’s density where it has no draws.',
      body: table(shards.header, shards.rows) + legend(shard_columns.filter(([name]) => shards.header.includes(name))),
    },
    {
      title: 'Distances',
      caption: escape_text(distances.caption),
      body: table(distances.header, distances.rows) + legend(distance_columns),
    },
  ];
}

/** What the columns of the shards' table mean. */
export const shard_columns: readonly Fact[] = [
  ['ess', 'what the shard’s draws are worth, for the parameter that is estimated worst'],
  ['distance', 'from the shard’s mean to the merge’s, in the shard’s standard deviations'],
  [
    'radius',
    'root mean square distance of merged draws from the shard’s mean; the shard’s own draws are at √d with d parameters',
  ],
  ['beyond', 'effective draws of the shard that lie as far out as the merge’s mean; below 10 the merge extrapolates'],
  ['precision', 'the shard’s part of what all shards know; an even part is one over their number'],
  ['p', 'how rarely a shard that agrees with the others is as far from where they put it; small: it contradicts them'],
];

const distance_columns: readonly Fact[] = [
  ['d_mah', 'between the means, in standard deviations (Mahalanobis)'],
  ['d_iad', 'share of the probability that lies elsewhere, mean over the marginals; 0 to 1'],
  ['d_skew', 'difference of skewness, mean over the marginals'],
  ['sliced wasserstein', 'how far draws have to be moved, in standard deviations of a coordinate'],
  ['energy', 'energy distance of the whitened draws: 0 for the same distribution'],
  ['floor', 'what two halves of the same draws show: figures near it tell nothing'],
];

function density_sections(draws: Overlay): Section[] {
  const sections = [
    {
      title: 'Marginals',
      caption: `Kernel densities. Shards know less than the merge, and so are wider; arrows count those that have most of their draws beyond the axis. ${overlay_key(draws)}`,
      body: `<div class="grid3">${overlay_marginals(draws).join('')}</div>`,
    },
  ];
  if (draws.names.length < 2) return sections;
  const { exact: _, ...given } = draws;
  const far = { ...given, others: [] };
  const near = { ...draws, parts: [] };
  const pairs = (title: string, caption: string, overlay: Overlay) => ({
    title,
    caption: `${caption} ${overlay_key(overlay)}`,
    body: `<div class="grid3">${overlay_pairs(overlay).join('')}</div>`,
  });
  return [
    ...sections,
    pairs('Pairs', 'Draws of the merge; ellipses of two standard deviations for it and for the shards.', far),
    pairs(
      'Pairs, nearer',
      `Draws of the merge${draws.exact === undefined ? '' : ' and exact ones'}; ellipses of two standard deviations for them and for the other methods.`,
      near,
    ),
  ];
}

function learned_sections({ curve = [], path }: MergeReport): Section[] {
  const sections: Section[] = [];
  const training = training_panel(curve);
  if (training !== '') {
    const several = (curve[0]?.by_network.length ?? 0) > 1;
    sections.push({
      title: 'Training',
      caption: `Loss of the networks’ scores, mean over the shards. It ends at the noise of its target, not at 0; while it still falls, more --updates help.${several ? ' <span class="key colour5">one network of every shard</span> <span class="key now">mean</span>' : ''}`,
      body: `<div class="stack">${training}</div>`,
    });
  }
  if (path !== undefined) {
    sections.push({
      title: 'Path',
      caption: `From noise, where the product of the shards is a Gaussian that is known, to the product of their densities: the particles at some of the times that the path stops at, and draws of the shards with the same noise${path.unconstrained ? ', in the unconstrained coordinates of the merge' : ''}. <span class="key colour5">shards</span> <span class="key now">particles of the merge</span>`,
      body: `<div class="grid3">${path_panels(path).join('')}</div>`,
    });
  }
  return sections;
}
