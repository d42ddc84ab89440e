/**
 * The report of `langevin summarize` and `langevin sample`: table, warnings, and the plots by which one judges chains. Plots
 * are drawn from a part of the draws where there are many; the numbers beside them are from all.
 */
import type { DrawsFile } from './draws_file.ts';
import type { DrawsSummary } from './draws_summary.ts';
import { draws_facts, draws_header, draws_rows } from './draws_table.ts';
import { ESS_PER_CHAIN } from './draws_warnings.ts';
import { format_significant } from './format_number.ts';
import { autocorrelation_panel } from './report/autocorrelation.ts';
import { type ChainPlot, choose_parameters, shown_chains_text, shown_parameters_text } from './report/chain_plots.ts';
import { choose_chains } from './report/choose_chains.ts';
import { chain_posterior, weighted_posterior } from './report/draws_posterior.ts';
import { energy_panel } from './report/energy.ts';
import { evolution_panel, evolving_chains } from './report/evolution.ts';
import { forest_panels } from './report/forest.ts';
import type { Posterior } from './report/input.ts';
import { marginal_panels, marginals_caption } from './report/marginals.ts';
import { fact_list, origin, page, type Section, table } from './report/page.ts';
import { pairs_figure } from './report/pairs.ts';
import { rank_panel } from './report/rank_histogram.ts';
import { trace_panel } from './report/trace.ts';
import type { Summary } from './summary.ts';

/** Draws of a chain that its plots need; of chains that kept moments there is only the last one. */
const SHORTEST_CHAIN = 4;

/** The text of report.html. All names and texts of the input are escaped. `run`: what made the draws, where it is known. */
export function write_draws_report(summary: DrawsSummary, draws: DrawsFile, run?: Summary): string {
  const files: [string, string][] = summary.files.length === 0 ? [] : [['files', summary.files.join(', ')]];
  const facts = [...files, ...draws_facts(summary, run), ...origin(summary)];
  const plots = Array.from(draws.parameters.keys(), (name) => ({
    name,
    // Not all at once: they may be made as they are asked for.
    get chains() {
      return draws.parameters.get(name) ?? [];
    },
    // The summary was made of the same draws.
    statistics: summary.parameters.get(name) as ChainPlot['statistics'],
  }));
  const sections =
    summary.weighted === undefined
      ? [table_section(summary), ...chain_sections(plots, draws, summary)]
      : [table_section(summary), ...posterior_sections(weighted_posterior(plots, draws))];
  const size = `${draws.parameters.size} ${draws.parameters.size === 1 ? 'parameter' : 'parameters'}`;
  return page(
    run === undefined ? 'Draws' : `${run.model}: posterior`,
    `${summary.files.length > 1 ? `${summary.files.length} files, ` : ''}${size}`,
    fact_list(facts, summary.warnings),
    sections,
  );
}

function table_section(summary: DrawsSummary): Section {
  const [, ...header] = draws_header(summary);
  const of_chains = header.includes('ess_bulk')
    ? 'rank-normalised bulk and tail effective sample size, that of the squares, and R-hat'
    : 'effective sample size of the mean and of the squares, and R-hat, from the moments of every chain';
  const nested = header.includes('nested_rhat')
    ? '; nested R-hat asks whether superchains remember where they started'
    : '';
  const quantiles = summary.quantiles === undefined ? '' : ` Quantiles are those ${summary.quantiles}.`;
  const of_population = summary.merged === undefined ? 'effective sample size of the weights' : 'ess is (sd / mcse)²';
  const meaning = summary.weighted === undefined ? `${of_chains}${nested}` : of_population;
  return {
    title: 'Parameters',
    caption: `Mean, standard deviation, Monte Carlo standard error of the mean, quantiles; ${meaning}.${quantiles}`,
    body: table(['parameter', ...header.map((name) => name.replace('_', ' '))], draws_rows(summary)),
  };
}

function chain_sections(all: readonly ChainPlot[], draws: DrawsFile, summary: DrawsSummary): Section[] {
  const shown = choose_parameters(all);
  if (shown.length === 0) return [];
  const part = shown_parameters_text(shown, all);
  const only_last = draws.draws < summary.draws;
  const posterior = posterior_sections(
    chain_posterior(shown, draws),
    only_last ? ` The last draw of every chain.${part}` : '',
  );
  if (draws.draws < SHORTEST_CHAIN) return [...posterior, ...forest_section(all)];
  const numbers = choose_chains(shown);
  const drawn = shown_chains_text(numbers, draws.chains);
  const { diverging } = draws.sampler;
  const evolving = shown.map(evolving_chains);
  const followed = evolving[0]?.chains.length ?? 0;
  const grid = (panels: string[]) => `<div class="grid3">${panels.join('')}</div>`;
  return [
    {
      title: 'Trace',
      caption: `Draws in their order, one colour per chain. Chains that explore the same distribution lie over each other and do not drift.${drawn}${part}${diverging?.some((chain) => chain.some((d) => d > 0)) ? ' <span class="key divergent">transitions that diverged</span>' : ''}`,
      body: `<div class="stack">${shown.map((plot) => trace_panel(plot, numbers, diverging)).join('')}</div>`,
    },
    {
      title: 'Ranks',
      caption: `How each chain's draws spread over the ranks of all draws, relative to an even spread (dotted). A slope is a chain that sits elsewhere, a hump or a valley one of another width.${drawn}`,
      body: grid(shown.map((plot) => rank_panel(plot, numbers))),
    },
    {
      title: 'Autocorrelation',
      caption: `By lag, one line per chain: the sooner it falls to zero, the more each draw is worth.${drawn}`,
      body: grid(shown.map((plot) => autocorrelation_panel(plot, numbers))),
    },
    {
      title: 'Effective sample size so far',
      caption: `Of the first part of the draws${followed < draws.chains ? ` of ${followed} chains, evenly spaced among all` : ''}. It should grow in proportion; where it levels off, chains disagree. Dotted: ${ESS_PER_CHAIN} per chain. <span class="key now">bulk</span> <span class="key later">tail</span>`,
      body: grid(evolving.map((plot) => evolution_panel(plot, ESS_PER_CHAIN * followed))),
    },
    ...posterior,
    ...energy_section(draws, summary),
    ...forest_section(all),
  ];
}

function posterior_sections(posterior: Posterior, note = ''): Section[] {
  if (posterior.marginals.length === 0) return [];
  const sections = [
    {
      title: 'Marginal posteriors',
      caption: `${marginals_caption(posterior)}${note}`,
      body: `<div class="grid3">${marginal_panels(posterior).join('')}</div>`,
    },
  ];
  if (posterior.marginals.length < 2) return sections;
  const marked = (posterior.marginals[0]?.divergent?.length ?? 0) > 0;
  sections.push({
    title: 'Pairs',
    caption: `${posterior.weights === undefined ? 'Draws' : 'Draws, resampled to equal weight'}; r is their correlation.${marked ? ' <span class="key divergent">transitions that diverged</span>' : ''}`,
    body: pairs_figure(posterior),
  });
  return sections;
}

function energy_section({ sampler }: DrawsFile, summary: DrawsSummary): Section[] {
  const { energy } = sampler;
  if (energy === undefined || !energy.every((chain) => chain.every(Number.isFinite))) return [];
  const fractions = summary.sampler?.energy_fraction ?? [];
  const listed = fractions.slice(0, 12).map((x) => format_significant(x, 2));
  const more = fractions.length > 12 ? `, … (smallest ${format_significant(Math.min(...fractions), 2)})` : '';
  return [
    {
      title: 'Energy',
      caption: `How far the energy has to move, and how far one transition moves it: the second should be about as wide as the first. E-FMI by chain: ${listed.join(', ')}${more}. <span class="key now">energy about its mean</span> <span class="key later">its change by one transition</span>`,
      body: `<div class="stack">${energy_panel(energy)}</div>`,
    },
  ];
}

function forest_section(all: readonly ChainPlot[]): Section[] {
  const { single, arrays, omitted } = forest_panels(all.filter(({ statistics }) => Number.isFinite(statistics.mean)));
  const first = omitted === 0 ? '' : ` ${omitted} more parameters are not drawn.`;
  return [
    {
      title: 'Forest',
      caption: `Median, 50 % and 90 % interval: one line per chain, up to 16 where they do not agree, or one for all of many chains that do.${first}`,
      body: `<div class="grid3">${single.join('')}</div><div class="stack">${arrays.join('')}</div>`,
    },
  ];
}
